import { afterAll, beforeEach, expect, it } from '@jest/globals';
import type { Config } from '../../src/config.ts';
import { checkNotifications } from '../../src/doctor/notify.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { startReceiver } from '../support/receiver.ts';

const receiver = await startReceiver();
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
});

const look = (url: string, sends: boolean) => {
  const settings = { portalId: '62515' as PortalId };
  const portals = [{ settings, notify: { url, format: 'slack', secrets: [] } }, { settings }];
  const config = { portals, oauth: null } as unknown as Pick<Config, 'portals' | 'oauth'>;
  return checkNotifications(config, { deadlineMs: 10_000, timeoutMs: 8_000, sends, now: 1 });
};

it('an address that answers is good, whatever it says, and nothing is sent', async () => {
  receiver.answers.push({ status: 405 });
  expect(await look(receiver.url, false)).toMatchObject([{ check: 'notifications of 62515', level: 'ok' }]);
  expect(receiver.received).toMatchObject([{ method: 'HEAD', text: '' }]);
});

it('a test is sent on request, and what became of it is said', async () => {
  expect(await look(receiver.url, true)).toMatchObject([{ level: 'ok' }]);
  expect(receiver.received).toMatchObject([{ method: 'POST', text: expect.stringContaining('nothing has happened') }]);
  receiver.answers.push({ status: 404 });
  expect(await look(receiver.url, true)).toMatchObject([
    { level: 'problem', message: expect.stringContaining('answers 404') },
  ]);
});

it('an address where nothing answers is a problem, and its path stays a secret', async () => {
  const gone = await startReceiver();
  await gone.close();
  const findings = await look(gone.url, false);
  expect(findings).toMatchObject([{ level: 'problem', message: expect.stringContaining('ECONNREFUSED') }]);
  expect(JSON.stringify([findings, await look(gone.url, true)])).not.toContain('/hooks');
});
