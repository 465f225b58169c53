import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type RunType, summaryOf } from '../../runs/run-type.ts';

/**
 * Starts a run that goes on when this one ends. Where it has been started before, even if it has ended, nothing
 * happens.
 */
export const leaveBehind = async <Input>(run: RunType<Input>, input: Input): Promise<void> => {
  try {
    await startChild(run.type, {
      workflowId: run.workflowId(input),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: summaryOf(run, input),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
