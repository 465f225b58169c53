import { describe, expect, it } from '@jest/globals';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { groupGaps, outcomesJson, readOutcomes, renderOutcomes } from '../../src/reports/outcome-report.ts';
import type { ConversationCount, Gap, OutcomeStore } from '../../src/sessions/outcomes.ts';
import type { RatingStore } from '../../src/sessions/ratings.ts';
import { someOutcomes } from '../support/outcomes.ts';

const portalId = '62515' as PortalId;

describe('readOutcomes', () => {
  const now = Date.parse('2026-01-31T23:00:00Z');
  const row = (changes: Partial<ConversationCount>): ConversationCount => ({
    ...{ day: '2026-01-31', portalId, channel: 'email', language: 'de' },
    ...{ outcome: 'resolved', reason: null, count: 1, reopened: 0 },
    ...changes,
  });
  const asked: unknown[] = [];
  const store: OutcomeStore & Pick<RatingStore, 'ratingCounts'> = {
    conversationCounts: async ({ since }) => {
      asked.push(['counts', new Date(since).toISOString()]);
      return [
        row({ count: 2, reopened: 1 }),
        row({ outcome: 'handed-off', reason: 'no-answer' }),
        row({ day: '2026-01-30', channel: 'live chat', outcome: 'open', count: 5 }),
        row({ day: '2026-01-29', outcome: 'handed-off', reason: 'files', count: 3 }),
      ];
    },
    answerTimes: async ({ since }) => {
      asked.push(['times', new Date(since).toISOString()]);
      return { answered: 1, medianMs: 900 };
    },
    waitingCustomers: async (since) => {
      asked.push(['waiting', new Date(since).toISOString()]);
      return { count: 0, longest: [] };
    },
    ratingCounts: async () => [
      { portalId, channel: 'email', asked: 3, answered: 2, sum: 9, good: 2 },
      { portalId, channel: 'live chat', asked: 2, answered: 1, sum: 1, good: 0 },
    ],
    gaps: async () => [],
    articleUses: async () => [],
  };

  it('counts today as one of the days, and each window by itself', async () => {
    const options = { top: 5, resolvedAfterMs: 1, now, showText: false };
    const { windows, byDay, by, ratings } = await readOutcomes(store, { windows: [3, 1], ...options });
    expect(windows).toMatchObject([
      { days: 1, since: '2026-01-31', reasons: [{ reason: 'no-answer', count: 1 }] },
      { days: 3, since: '2026-01-29' },
    ]);
    expect(windows[0]?.figures).toMatchObject({ conversations: 3, resolved: 2, reopened: 1, resolvedShare: 2 / 3 });
    expect(windows[1]?.figures).toMatchObject({ conversations: 11, open: 5, 'handed-off': 4, resolvedShare: 2 / 6 });
    expect(windows[1]?.reasons.map(({ reason }) => reason)).toEqual(['files', 'no-answer']);
    expect(byDay.map(({ day, figures }) => [day, figures.conversations])).toEqual([
      ['2026-01-29', 3],
      ['2026-01-30', 5],
      ['2026-01-31', 3],
    ]);
    expect(by.channel.map(({ name, figures }) => [name, figures.conversations])).toEqual([
      ['email', 6],
      ['live chat', 5],
    ]);
    expect(ratings.all).toEqual({ asked: 5, answered: 3, average: 10 / 3, goodShare: 2 / 3 });
    expect(ratings.by).toMatchObject([
      { portal: portalId, channel: 'email', average: 4.5, goodShare: 1 },
      { channel: 'live chat', average: 1, goodShare: 0 },
    ]);
    expect(asked).toEqual([
      ['counts', '2026-01-29T00:00:00.000Z'],
      ['times', '2026-01-31T00:00:00.000Z'],
      ['times', '2026-01-29T00:00:00.000Z'],
      ['waiting', '2026-01-24T23:00:00.000Z'],
    ]);
  });
});

describe('groupGaps', () => {
  let threads = 0;
  const gap = (question: string, changes: Partial<Gap> = {}): Gap => {
    threads += 1;
    const place = { portalId, threadId: String(threads) as ThreadId };
    return { ...place, at: 0, language: 'en', cause: 'no-answer', question, nearest: null, ...changes };
  };
  const shipping = { title: 'Shipping', path: 'shipping.md' };
  const gaps = [
    gap('Do you ship to Mars?', { at: 1_000 }),
    gap('Can I pay by cheque?'),
    gap('do you SHIP anything to mars', { nearest: shipping }),
    gap('Liefern Sie zum Mars?', { language: 'de-DE' }),
    gap('Wohin liefern Sie? Zum Mars?', { language: 'de' }),
    gap('', { nearest: shipping }),
  ];

  it('puts like questions together, each language by itself, and what has no words by its article', () => {
    expect(groupGaps(gaps, true).map(({ question, count, nearest }) => [question, count, nearest?.path])).toEqual([
      ['Do you ship to Mars?', 2, 'shipping.md'],
      ['Liefern Sie zum Mars?', 2, undefined],
      ['Can I pay by cheque?', 1, undefined],
      [null, 1, 'shipping.md'],
    ]);
  });

  it('goes by the nearest article alone where no words are shown, and holds none', () => {
    const groups = groupGaps(gaps, false);
    expect(groups.map(({ count, nearest }) => [count, nearest?.path])).toEqual([
      [4, undefined],
      [2, 'shipping.md'],
    ]);
    expect(JSON.stringify(groups)).not.toMatch(/mars|cheque/i);
  });

  it('counts threads, not how often one customer asked', () => {
    const again = gap('Do you ship to Mars?');
    expect(groupGaps([again, { ...again, at: -1 }], true)).toMatchObject([
      { count: 1, lastAt: '1970-01-01T00:00:00.000Z', threads: [{ portalId, threadId: again.threadId }] },
    ]);
  });
});

describe('renderOutcomes', () => {
  it('has a table for each question of a support lead, and no words of a customer', () => {
    const text = renderOutcomes(someOutcomes({ showText: true }));
    for (const line of [
      'resolved: silent for 24h after an answer',
      /^62515 +120 +70 +2 +0 +30 +1 +0 +0 +69 %$/m,
      'First answer: 4.2 s in the middle of 80. Reopened: 3.',
      /^agent-took-over +10$/m,
      'Customers who wait for an agent: 2',
      /^6065362089 +62515 +2026-01-31 09:00 +no-answer$/m,
      /^Return an item +7 +2026-01-31$/m,
      /^Return an item +help\/returns.md +40 +6$/m,
    ]) {
      expect(text).toMatch(line);
    }
    expect(text).not.toContain('Mars');
  });

  it('says where there was nothing', () => {
    const { windows, ...rest } = someOutcomes();
    const none = windows.map((window) => ({ ...window, figures: { ...window.figures, conversations: 0 } }));
    expect(renderOutcomes({ ...rest, windows: none })).toMatch(/\n\nNone\.\n/);
  });
});

it('outcomesJson gives times as text', () => {
  expect(JSON.parse(outcomesJson(someOutcomes()))).toMatchObject({
    windows: [{ days: 1 }, { days: 7 }, { days: 30, medianMs: 4_200 }],
    waiting: { count: 2, longest: [{ since: '2026-01-31T09:00:00.000Z' }, {}] },
    gaps: [{ count: 7, question: null }, {}],
  });
});
