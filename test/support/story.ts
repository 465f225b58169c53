import type { WorkflowHandle } from '@temporalio/client';

/** What a person reads of a run in the Temporal Web UI. */
export const detailsOf = async (handle: WorkflowHandle): Promise<string> => {
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
};
