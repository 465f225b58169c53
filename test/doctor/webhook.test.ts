import { describe, expect, it } from '@jest/globals';
import { examine } from '../../src/doctor/finding.ts';
import { addressCheck, signatureCheck } from '../../src/doctor/webhook.ts';

const RIGHT = 'https://example.com/webhooks/hubspot';
const look = (url: string) => examine(addressCheck(url), 30_000);

describe('the address', () => {
  it.each([RIGHT, 'https://example.com:8443/tk/webhooks/hubspot'])('is fine as %s', async (url) => {
    expect(await look(url)).toMatchObject({ check: 'webhook address', level: 'ok' });
  });

  it.each([
    ['http', 'http://example.com/webhooks/hubspot', 'warning', 'not https'],
    ['a query', `${RIGHT}?portal=1`, 'problem', 'a query'],
    ['an empty query', `${RIGHT}?`, 'problem', 'a query'],
    ['a fragment', `${RIGHT}#here`, 'problem', 'a fragment'],
    ['a slash at the end', `${RIGHT}/`, 'problem', 'ends in a slash'],
    ['another path', 'https://example.com/hubspot', 'problem', "doesn't end in /webhooks/hubspot"],
    ['no path', 'https://example.com', 'problem', 'ends in a slash'],
    ['another spelling', 'https://example.com/Webhooks/HubSpot', 'problem', "doesn't end in"],
  ] as const)('with %s is found', async (_, url, level, message) => {
    const found = await look(url);
    expect(found).toMatchObject({ level, message: expect.stringContaining(message) });
    expect(found.remedy).toMatch(/WEBHOOK_PUBLIC_URL.*both to/);
  });

  it('is mended by its own advice', async () => {
    for (const wrong of [`${RIGHT}?portal=1`, `${RIGHT}/`, 'https://user:hidden@example.com/hubspot']) {
      const { remedy = '' } = await look(wrong);
      const [advised = ''] = /https:\S+[^.\s]/.exec(remedy) ?? [];
      expect(await look(advised)).toMatchObject({ level: 'ok' });
    }
  });

  it('is never shown with its query or password', async () => {
    const found = await look('https://user:hidden@example.com/webhooks/hubspot?key=secret');
    expect(JSON.stringify(found)).not.toMatch(/hidden|secret/);
  });
});

describe('the signature', () => {
  it('of v3 alone is fine', async () => {
    expect(await examine(signatureCheck(false), 30_000)).toMatchObject({ level: 'ok' });
  });

  it('of v1 is warned of: it can be replayed', async () => {
    expect(await examine(signatureCheck(true), 30_000)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('holds no time'),
      remedy: expect.stringContaining('HUBSPOT_ALLOW_SIGNATURE_V1=false'),
    });
  });
});
