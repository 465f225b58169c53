import { sleep } from '@temporalio/workflow';
import type { PortalId, ThreadId } from '../../hubspot/ids.ts';
import type { ForgetResult } from '../../runs/erased.ts';
import { activitiesOf } from '../shared/activity-options.ts';

/** Runs are found a moment after they began, and an activity that was at work may still write. */
const SETTLE_MS = 5_000;

const MOST_LOOKS = 10;

/**
 * Erases what is held of threads, and looks again until nothing is left. Runs that are still going are ended: the
 * thread that they would answer is gone.
 */
export const forget = async (
  portalId: PortalId,
  threadIds: ThreadId[],
  story: { step(step: string): void },
): Promise<ForgetResult> => {
  const { erasures, historyErasures } = activitiesOf(portalId, 'sync');
  const total: ForgetResult = {
    outcome: 'forgotten',
    threads: threadIds.length,
    sessions: 0,
    properties: 0,
    turns: 0,
    drafts: 0,
    runs: 0,
  };
  if (threadIds.length === 0) return total;
  const deleted = new Set<string>();
  const summary = `${threadIds.length} thread${threadIds.length === 1 ? '' : 's'}`;
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    // The runs first: they would write the rest again.
    const { runs, refused } = await historyErasures.deleteRuns(summary, { portalId, threadIds });
    const { sessions, properties, turns, drafts } = await erasures.forgetThreads(summary, { portalId, threadIds });
    for (const run of runs) deleted.add(run);
    const newRuns = deleted.size - total.runs;
    story.step(
      `look ${look}: ${sessions} sessions, ${properties} properties, ${turns} turns, ${drafts} drafts, ` +
        `${newRuns} histories erased`,
    );
    total.runs = deleted.size;
    total.sessions += sessions;
    total.properties += properties;
    total.turns += turns;
    total.drafts += drafts;
    if (refused !== null) {
      total.reason = `Temporal does not let histories be deleted from here (${refused}): they go with the retention`;
    }
    if (look > 1 && newRuns + sessions + properties + turns + drafts === 0) break;
    await sleep(SETTLE_MS, { summary: 'what was at work ends' });
  }
  return total;
};
