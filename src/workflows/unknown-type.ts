import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { WORKFLOW_TYPES } from '../runs/run-types.ts';

/**
 * Takes every workflow type that no one registered. Without it a mistyped `--type` would leave a run open for ever, its
 * workflow task failing again and again.
 * @throws {ApplicationFailure} `UnknownWorkflowType`, at once, with the known ones.
 */
export async function unknownType(): Promise<never> {
  throw ApplicationFailure.create({
    type: 'UnknownWorkflowType',
    nonRetryable: true,
    message: `There is no workflow type ${workflowInfo().workflowType}. Known: ${WORKFLOW_TYPES.join(', ')}`,
  });
}
