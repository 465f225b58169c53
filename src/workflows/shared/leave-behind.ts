import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import { type RunType, summaryOf } from '../../runs/run-type.ts';

/**
 * Starts a run that goes on when this one ends.
 * @throws {WorkflowExecutionAlreadyStartedError} where its workflow ID has a run, even one that has ended
 */
export const startBehind = async <Input>(run: RunType<Input>, input: Input): Promise<void> => {
  await startChild(run.type, {
    workflowId: run.workflowId(input),
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    staticSummary: summaryOf(run, input),
  });
};

/** The same; where it has been started before, even if it has ended, nothing happens. */
export const leaveBehind = async <Input>(run: RunType<Input>, input: Input): Promise<void> => {
  try {
    await startBehind(run, input);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
};
