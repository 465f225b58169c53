import { expect, it } from '@jest/globals';
import { temporalLinks } from '../../src/api/ops/temporal-links.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { linksOf } from '../../src/rules/notify/notification.ts';
import { inAddress } from '../../src/rules/run-address.ts';

const ID = 'owner:1:2-3:A-5@1767607200000';

it('leaves a workflow ID ready to be copied, and escapes what an address needs escaped', () => {
  expect(inAddress(ID)).toBe(ID);
  expect(inAddress('a/b ?#%é')).toBe('a%2Fb%20%3F%23%25%C3%A9');
  expect(decodeURIComponent(new URL(`https://ui.example/${inAddress('a:/b ?#%é@')}`).pathname)).toBe('/a:/b ?#%é@');
});

it('is how the desk and notifications link to a run', () => {
  expect(temporalLinks('https://ui.example', 'default').run(ID, 'r')).toContain(`/workflows/${ID}/r/`);
  expect(linksOf({ portalId: '1' as PortalId, run: ID }, { runs: 'https://ui.example' }).run).toContain(`/${ID}`);
});
