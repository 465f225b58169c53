import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type CatchUpInput, catchUpRun } from '../../runs/catch-up.ts';
import { type CatchUpPortalsResult, catchUpPortalsRun } from '../../runs/catch-up-portals.ts';
import { summaryOf } from '../../runs/run-type.ts';
import { portalLooks } from '../shared/activity-options.ts';
import { parseCatchUpPortals } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/**
 * Looks whether the portals of a batch have threads on which a customer may wait. Each that has gets a `catchUp` run,
 * which goes on when this one ends: what takes long in one portal holds up no other.
 * @throws {ApplicationFailure} `InvalidInput`, at once.
 */
export async function catchUpPortals(input: unknown): Promise<CatchUpPortalsResult> {
  const asked = parseCatchUpPortals(input);
  const story = new RunStory<CatchUpPortalsResult>(catchUpPortalsRun.about(asked));
  const { lookThroughPortals } = portalLooks();
  const { portals, withNews, failed } = await lookThroughPortals(`portals of batch ${asked.batch}`, asked);
  story.step(`looked at ${portals} portals`);
  if (withNews.length > 0) story.step(`a customer may wait in: ${withNews.map(({ portalId }) => portalId).join(', ')}`);
  if (failed.length > 0)
    story.step(`could not be looked at: ${failed.map(({ portalId, error }) => `${portalId} (${error})`).join(', ')}`);
  await Promise.all(withNews.map((news) => catchUpOf({ ...news, advances: true })));
  return story.end({ outcome: 'checked', portals, withNews: withNews.length, failed: failed.length });
}

const catchUpOf = async (input: CatchUpInput): Promise<void> => {
  try {
    await startChild(catchUpRun.type, {
      workflowId: catchUpRun.workflowId(input),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryOf(catchUpRun, input),
    });
  } catch (error) {
    // One is at work in the portal. What came after it began is found by the next look, which begins where that ends.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
