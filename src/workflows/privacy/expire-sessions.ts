import type { Erased } from '../../runs/erased.ts';
import { type ExpireSessionsResult, expireSessionsRun } from '../../runs/expire-sessions.ts';
import { housekeeping } from '../shared/activity-options.ts';
import { parseExpireSessions } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/** A statement over so many sessions is done well within a second. */
const BATCH = 500;
/** Half a million sessions in one run, a few thousand events in its history. */
const MOST_BATCHES = 1_000;

/**
 * Deletes the sessions of all portals that had no activity for as long as they are kept, batch by batch.
 * @throws {ApplicationFailure} `InvalidInput`, at once.
 */
export async function expireSessions(input: unknown): Promise<ExpireSessionsResult> {
  const asked = parseExpireSessions(input);
  const { retentionMs } = asked;
  const inactiveSince = new Date(Date.now() - retentionMs).toISOString();
  const story = new RunStory<ExpireSessionsResult>(expireSessionsRun.about(asked));
  const total: Erased = { sessions: 0, properties: 0, turns: 0, drafts: 0 };
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const { sessions, properties, turns, drafts } = await housekeeping.expireSessions(
      `without activity since ${inactiveSince}`,
      { inactiveSince, limit: BATCH },
    );
    total.sessions += sessions;
    total.properties += properties;
    total.turns += turns;
    total.drafts += drafts;
    if (sessions < BATCH) return story.end({ outcome: 'expired', ...total });
  }
  return story.end({ outcome: 'expired', ...total, reason: 'more are left for the next run' });
}
