import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { readShadow, renderShadow, shadowJson } from '../../src/reports/shadow-report.ts';
import type { ShadowPair, ShadowStore } from '../../src/sessions/shadow.ts';

const pair = (id: string, changes: Partial<ShadowPair>): ShadowPair => ({
  portalId: '62515' as PortalId,
  threadId: '987' as ThreadId,
  answeredMessageId: id as MessageId,
  action: 'reply',
  words: 'Shipping takes two days',
  human: 'Shipping takes two days',
  ...changes,
});
const storeOf = (pairs: ShadowPair[]) => ({ shadowPairs: async () => pairs }) as Partial<ShadowStore> as ShadowStore;

const PAIRS = [
  pair('m1', {}),
  pair('m2', { human: 'Your parcel is lost, a new one leaves today\u001b[2J' }),
  pair('m3', { action: 'handoff', words: 'wants a refund' }),
  pair('m4', { human: '' }),
];

describe('the shadow report', () => {
  it('counts pairs by verdict, and those that wait for an agent', async () => {
    expect(await readShadow(storeOf(PAIRS), { days: 30, worst: 1 })).toMatchObject({
      pairs: 3,
      waiting: 1,
      verdicts: { alike: 1, different: 1, handoff: 1 },
      meanSimilarity: 0.5,
      worst: [{ answeredMessageId: 'm2', similarity: 0 }],
    });
  });

  it('shows people both texts of the worst, and nothing that moves their cursor', async () => {
    expect(renderShadow(await readShadow(storeOf(PAIRS), { days: 30, worst: 1 }))).toBe(
      [
        "Drafts of the last 30 days: 3 with an agent's answer, 1 without one yet",
        '',
        '                              pairs  share',
        'alike                             1   33 %',
        'different                         1   33 %',
        'the AI would have handed off      1   33 %',
        '',
        'Mean similarity of replies: 0.50',
        '',
        '0.00  portal 62515, thread 987, message m2',
        '  the AI:',
        '    Shipping takes two days',
        '  the agent:',
        '    Your parcel is lost, a new one leaves today [2J',
        '',
      ].join('\n'),
    );
  });

  it('says where there is nothing to compare', async () => {
    expect(renderShadow(await readShadow(storeOf([]), { days: 7, worst: 1 }))).toBe(
      'No draft was kept in the last 7 days: is a channel in shadow mode?\n',
    );
    const waiting = await readShadow(storeOf([pair('m4', { human: '' })]), { days: 7, worst: 1 });
    expect(renderShadow(waiting)).toContain('No reply to compare yet.');
    expect(JSON.parse(shadowJson(waiting))).toMatchObject({ pairs: 0, waiting: 1, meanSimilarity: null });
  });
});
