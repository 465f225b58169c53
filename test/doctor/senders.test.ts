import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { examine } from '../../src/doctor/finding.ts';
import { senderProblems, sendersCheck } from '../../src/doctor/senders.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { settings } from '../support/messages.ts';
import { ACCESS_TOKEN, PORTAL_ID, testSimulator } from '../support/simulator.ts';

describe('senderProblems', () => {
  const problems = (changes: Parameters<typeof settings>[0]) =>
    senderProblems(settings(changes), ['support@example.com']);

  it.each<[string, Parameters<typeof settings>[0], RegExp]>([
    ['a provider’s domain', { colleagueDomains: ['gmail.com'] }, /^COLLEAGUE_DOMAINS has gmail\.com, where anybody/],
    ['a provider’s domain, ignored', { ignoreSenders: ['web.de'] }, /^IGNORE_SENDERS has web\.de, where anybody/],
    ['a mailbox of the portal', { answerSenders: ['support@example.com'] }, /the portal's own mailbox/],
    [
      'one that is answered and ignored',
      { answerSenders: ['forms@shop.example'], ignoreSenders: ['shop.example'] },
      /IGNORE_SENDERS counts$/,
    ],
    [
      'one that is answered and a colleague',
      { answerSenders: ['shop.example'], colleagueDomains: ['shop.example'] },
      /ANSWER_SENDERS counts$/,
    ],
  ])('names %s', (_, changes, expected) => {
    expect(problems(changes)).toEqual([expect.stringMatching(expected)]);
  });

  it.each<Parameters<typeof settings>[0]>([
    {},
    { colleagueDomains: ['staff.example', 'lee@gmail.com'], ignoreSenders: ['pest@web.de'] },
    // An exception from a domain.
    { answerSenders: ['forms@staff.example'], colleagueDomains: ['staff.example'] },
    { ignoreSenders: ['pest@forms.example'], answerSenders: ['forms.example'] },
  ])('has nothing to say of %j', (changes) => {
    expect(problems(changes)).toEqual([]);
  });
});

describe('the check of a portal’s senders', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await testSimulator();
  });
  afterEach(() => simulator.close());

  const found = (changes: Parameters<typeof settings>[0] = {}) => {
    const http = { apiUrl: simulator.url, apiVersion: 'v3', accessToken: ACCESS_TOKEN, timeoutMs: 24_000 } as const;
    const client = createHubSpotClient({ portalId: PORTAL_ID as PortalId, ...http });
    return examine(sendersCheck(settings(changes), client), 30_000);
  };

  it('says who are colleagues', async () => {
    const message = "Colleagues are the portal's 1 user(s), and who mails from example.com.";
    expect(await found()).toMatchObject({ level: 'ok', message });
    expect((await found({ colleaguesByDomain: false })).message).toBe("Colleagues are the portal's 1 user(s).");
  });

  it('warns where the app may not ask for users, and of what contradicts itself', async () => {
    simulator.faults.add({ kind: 'status', status: 403, match: { route: 'listOwners' } });
    expect(await found()).toMatchObject({ level: 'warning', remedy: expect.stringContaining('owners.read') });
    expect(await found({ colleagueDomains: ['gmail.com'] })).toMatchObject({ level: 'warning' });
  });
});
