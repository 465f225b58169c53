import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { type HandOffInput, type HandOffResult, handOffRun } from '../../runs/hand-off.ts';
import { summaryOf } from '../../runs/run-type.ts';

/**
 * Hands a thread over in a run of its own, and waits for it. Should this run be ended, that one goes on. A message may
 * be handed over again: the new run finds what the first one has done, and does none of it twice.
 * @returns `null`: another run hands the same message over just now
 * @throws {ChildWorkflowFailure}
 */
export const runHandOff = async (input: HandOffInput): Promise<HandOffResult | null> => {
  try {
    return await executeChild<(input: HandOffInput) => Promise<HandOffResult>>(handOffRun.type, {
      workflowId: handOffRun.workflowId(input),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryOf(handOffRun, input),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return null;
  }
};
