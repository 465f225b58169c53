import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { correctedThreads, speakersOf, threadsSpokenOnBy } from '../../src/sessions/thread-search.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';

const HOUR_MS = 60 * 60_000;
const portalId = '62515' as PortalId;
const now = Date.now();
const thread = (name: number): ThreadId => String(name) as ThreadId;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openSuiteDatabase();
  const session = (name: number, rest: object) => ({ portal_id: portalId, thread_id: thread(name), ...rest });
  const paused = { silenced: 'paused' as const, silenced_at: now - HOUR_MS };
  await database.db
    .insertInto('sessions')
    .values([
      session(1, { mode: 'ai' as const }),
      session(2, { mode: 'human' as const }),
      session(3, { ...paused, mode: 'ai' as const, silenced_until: now + HOUR_MS }),
      session(4, { ...paused, mode: 'ai' as const, silenced_until: now - 1 }),
    ])
    .execute();
  const turn = (name: number, outcome: 'replied' | 'drafted', agentAfterMs: number | null) => ({
    portal_id: portalId,
    thread_id: thread(name),
    answered_message_id: `m${name}` as MessageId,
    answered_message_ids: [`m${name}` as MessageId],
    posted_message_id: `p${name}` as MessageId,
    outcome,
    taken_at: new Date(now - 5 * HOUR_MS),
    agent_wrote_at: agentAfterMs === null ? null : now - 5 * HOUR_MS + agentAfterMs,
  });
  await database.db
    .insertInto('turns')
    .values([
      turn(1, 'replied', HOUR_MS),
      turn(2, 'replied', 3 * HOUR_MS),
      turn(3, 'replied', null),
      turn(4, 'drafted', 1),
    ])
    .execute();
});
afterAll(async () => {
  await database.close();
});

it('knows who speaks on threads, a pause that is over not counted', async () => {
  const speakers = await speakersOf(database.db, [1, 2, 3, 4, 5].map(thread), now);
  const states = Object.fromEntries(speakers.map(({ threadId, state }) => [threadId, state]));
  expect(states).toEqual({ 1: 'ai', 2: 'human', 3: 'paused', 4: 'ai' });
  expect(await speakersOf(database.db, [], now)).toEqual([]);
});

it('finds threads by who speaks there', async () => {
  const found = async (state: 'ai' | 'paused') => await threadsSpokenOnBy(database.db, state, { now, limit: 10 });
  expect((await found('ai')).sort()).toEqual(['1', '4']);
  expect(await found('paused')).toEqual(['3']);
});

it('finds where an agent wrote soon after an answer of the AI', async () => {
  const asked = { since: now - 24 * HOUR_MS, withinMs: 2 * HOUR_MS, limit: 10 };
  expect(await correctedThreads(database.db, asked)).toEqual(['1']);
  expect(await correctedThreads(database.db, { ...asked, since: now })).toEqual([]);
});
