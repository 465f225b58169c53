import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { foundBy, type RunType, summaryOf } from '../runs/run-type.ts';

/**
 * Starts a run that no webhook is about, once while Temporal remembers its workflow ID. False: it has been started
 * before.
 * @throws {ServiceError} where nobody knows whether it was started; starting it again is safe
 */
export const startOnce = async <Input>(
  client: Client,
  taskQueue: string,
  run: RunType<Input>,
  input: Input,
): Promise<boolean> => {
  try {
    await client.workflow.start(run.type, {
      taskQueue,
      workflowId: run.workflowId(input),
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: summaryOf(run, input),
      typedSearchAttributes: foundBy(run.about(input)),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
};
