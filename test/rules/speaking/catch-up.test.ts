import { describe, expect, it } from '@jest/globals';
import type { ListedThread, Message } from '../../../src/hubspot/conversation.ts';
import type { PortalId, ThreadId } from '../../../src/hubspot/ids.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import {
  batchesOf,
  checkedUntil,
  isDue,
  messagesLeftUnanswered,
  stretchToCheck,
  threadsToRead,
} from '../../../src/rules/speaking/catch-up.ts';
import {
  AGENT,
  AI,
  comment,
  everywhere,
  fromAgent,
  fromAi,
  fromCustomer,
  settings,
  thread,
} from '../../support/messages.ts';

/** A moment of one day. */
const at = (time: string): string => `2026-01-01T${time}Z`;
const NOON = Date.parse(at('12:00:00.000'));

describe('stretchToCheck', () => {
  const stretch = (before?: string) => stretchToCheck(NOON, before, { maxMessageAgeMs: 2 * 3_600_000 });

  it('looks back as far as messages are answered, and leaves the newest minute to the webhooks', () => {
    expect(stretch()).toEqual({
      oldest: at('10:00:00.000'),
      after: at('10:00:00.000'),
      until: at('11:59:00.000'),
    });
  });

  it('goes on where the run before has ended', () => {
    expect(stretch(at('11:50:00.000'))).toMatchObject({ oldest: at('10:00:00.000'), after: at('11:50:00.000') });
  });

  it('goes no further back than messages are answered, however long nobody has looked', () => {
    expect(stretch('2025-12-01T00:00:00.000Z')).toMatchObject({ after: at('10:00:00.000') });
  });
});

describe('batchesOf', () => {
  const portals = (count: number, catchUpIntervalMs = 300_000) =>
    Array.from({ length: count }, (_, n) => settings({ portalId: String(1000 + n) as PortalId, catchUpIntervalMs }));
  const sizes = (all: PortalSettings[]) => batchesOf(all).map((batch) => batch.portals.length);

  it('puts a hundred portals together, but those that nobody looks through', () => {
    expect([0, 1, 100, 101, 250].map((count) => sizes(portals(count)))).toEqual([
      [],
      [1],
      [100],
      [100, 1],
      [100, 100, 50],
    ]);
    expect(sizes([...portals(3), ...portals(9, 0)])).toEqual([3]);
  });

  it('has each portal in one batch, whatever order they come in', () => {
    const all = portals(150);
    expect(batchesOf(all.toReversed())).toEqual(batchesOf(all));
    expect(new Set(batchesOf(all).flatMap((batch) => batch.portals.map(({ portalId }) => portalId))).size).toBe(150);
  });

  it('begins a batch as often as its portal that is looked at most often', () => {
    expect(batchesOf([...portals(2, 600_000), ...portals(1, 60_000)])).toMatchObject([{ everyMs: 60_000 }]);
  });
});

describe('isDue', () => {
  const MINUTE = 60_000;
  const ago = (minutes: number | null) => (minutes === null ? null : new Date(NOON - minutes * MINUTE).toISOString());
  const due = (looked: number | null, news: number | null, interval = 5, every = interval) =>
    isDue(NOON, { lookedAt: ago(looked), newsAt: ago(news) }, { catchUpIntervalMs: interval * MINUTE }, every * MINUTE);

  it.each<[string, boolean, Parameters<typeof due>]>([
    ['was never looked at', true, [null, null]],
    ['is looked at by each run, also by one that somebody began early', true, [0, 10]],
    ['has a longer interval than its batch, half over', false, [5, 10, 10, 1]],
    ['has a longer interval than its batch, over but for the length of a run', true, [9.6, 10, 10, 1]],
    ['has been silent for a day, after one interval', false, [5, 24 * 60]],
    ['has been silent for a day, after three', true, [14.9, 24 * 60]],
    ['has been silent for less', true, [5, 24 * 60 - 1]],
    ['is silent, looked at each hour anyway', true, [60, 48 * 60, 60]],
    ['is silent, looked at each ten minutes', true, [14.9, 48 * 60, 10]],
    ['is silent, looked at each minute', false, [2, 48 * 60, 1]],
  ])('a portal that %s: %s', (_, expected, given) => {
    expect(due(...given)).toBe(expected);
  });
});

describe('checkedUntil', () => {
  it('has the newest five minutes looked at once more', () => {
    expect(checkedUntil(NOON, null)).toBe(at('11:55:00.000'));
    expect(checkedUntil(NOON, at('11:58:00.000'))).toBe(at('11:55:00.000'));
  });

  it('goes no further than the run came', () => {
    expect(checkedUntil(NOON, at('10:30:00.000'))).toBe(at('10:30:00.000'));
  });
});

const listed = (changes: Partial<ListedThread> = {}): ListedThread => ({
  ...thread(),
  latestMessageAt: at('11:00:00.000'),
  latestReceivedAt: at('11:00:00.000'),
  latestSentAt: null,
  ...changes,
});

const UNTIL = { until: at('11:59:00.000') };
const isRead = (changes: Partial<ListedThread>, portal: Partial<PortalSettings> = {}): boolean =>
  threadsToRead([listed(changes)], UNTIL, settings(portal)).threadIds.length === 1;

describe('threadsToRead', () => {
  it.each<[string, Partial<ListedThread>, boolean]>([
    ['takes one that nobody has answered', {}, true],
    ['takes one whose times HubSpot keeps to itself', { latestReceivedAt: null }, true],
    ['takes one with a message after the last answer', { latestSentAt: at('10:59:59.000') }, true],
    ['takes one whose answer and message have crossed', { latestSentAt: at('11:00:04.999') }, true],
    ['leaves one that is answered', { latestSentAt: at('11:00:05.000') }, false],
    ['leaves one with news of the last minute', { latestMessageAt: at('11:59:00.001') }, false],
    ['leaves one that an agent owns', { assignedTo: AGENT }, false],
    ['leaves one that nobody owns', { assignedTo: null }, false],
    ['leaves spam', { spam: true }, false],
  ])('%s', (_, changes, expected) => {
    expect(isRead(changes)).toBe(expected);
  });

  it('takes what the portal’s settings let the AI speak on', () => {
    expect(isRead({ assignedTo: AGENT }, everywhere('draft'))).toBe(true);
    expect(isRead({ assignedTo: AGENT }, { autonomy: { default: 'auto', channels: { email: 'draft' } } })).toBe(true);
    expect(isRead({ assignedTo: AGENT }, { autonomy: { default: 'auto', channels: { email: 'off' } } })).toBe(false);
    expect(isRead({}, everywhere('off'))).toBe(false);
    expect(isRead({ assignedTo: null }, { unassignedThreads: 'claim' })).toBe(true);
  });

  const many = (number: number, secondsOf: (n: number) => number): ListedThread[] =>
    Array.from({ length: number }, (_, n) =>
      listed({
        id: String(n) as ThreadId,
        latestMessageAt: new Date(NOON - 3_600_000 + secondsOf(n) * 1_000).toISOString(),
      }),
    );

  it('takes 500, those with the oldest news, whatever their order, and says where it stopped', () => {
    const threads = many(501, (n) => 500 - n);
    const { threadIds, cutAt } = threadsToRead(threads, UNTIL, settings());
    expect(threadIds).toEqual(
      threads
        .slice(1)
        .map(({ id }) => id)
        .reverse(),
    );
    expect(cutAt).toBe(at('11:08:19.000'));
    expect(threadsToRead(threads.slice(1), UNTIL, settings())).toEqual({ threadIds, cutAt: null });
  });

  it('does not stop amid threads of one millisecond: the next run begins after it', () => {
    expect(
      threadsToRead(
        many(502, (n) => Math.min(n, 500)),
        UNTIL,
        settings(),
      ).threadIds,
    ).toHaveLength(500);
    expect(
      threadsToRead(
        many(502, (n) => Math.min(n, 499)),
        UNTIL,
        settings(),
      ).threadIds,
    ).toHaveLength(502);
  });
});

describe('messagesLeftUnanswered', () => {
  const OLDEST = fromCustomer({ at: 5 }).createdAt;

  it.each<[string, Message[], string | null]>([
    ['is the only message', [fromCustomer({ at: 8 })], 'm8'],
    ['is the newest of a burst', [fromCustomer({ at: 8 }), fromCustomer({ at: 9 })], 'm9'],
    ['is one that internal comments follow', [fromCustomer({ at: 8 }), comment({ at: 9 })], 'm8'],
    [
      'is one that came while the AI answered another',
      [fromCustomer({ at: 8 }), fromAi({ at: 9, postKey: 'replied.m7' })],
      'm8',
    ],
    ['is one whose answer HubSpot has stripped of its key', [fromCustomer({ at: 8 }), fromAi({ at: 9 })], 'm8'],
    [
      'is one where the AI could not go on',
      [fromCustomer({ at: 8 }), comment({ at: 9, postKey: 'needs-attention.m8' })],
      'm8',
    ],
    ['is none that the AI has answered', [fromCustomer({ at: 8 }), fromAi({ at: 9, postKey: 'replied.m8' })], null],
    [
      'is none that the AI has handed off',
      [fromCustomer({ at: 8 }), comment({ at: 9, postKey: 'handed-off.m8' })],
      null,
    ],
    ['is none that an agent has answered', [fromCustomer({ at: 8 }), fromAgent({ at: 9 })], null],
    ['is none that is too old', [fromCustomer({ at: 4 }), comment({ at: 9 })], null],
    ['is none that is not for the AI', [fromCustomer({ at: 8, by: 'B-1' as never })], null],
    ['is none on an empty thread', [], null],
  ])('%s', (_, messages, expected) => {
    expect(messagesLeftUnanswered(messages, AI, OLDEST)).toEqual(expected === null ? [] : [expected]);
  });
});
