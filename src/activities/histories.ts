import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import { PORTAL_ID, THREAD_ID } from '../runs/search-attributes.ts';
import { GRPC, grpcStatus } from '../temporal/grpc-status.ts';
import { heartbeatWhile } from './heartbeats.ts';

/** Temporal keeps these of runs. */
export interface HistoryActivities {
  /**
   * Deletes the runs of these threads with their histories; one that is still going is terminated first. What says that
   * threads were forgotten stays. Gives back their run IDs; Temporal takes some seconds to delete one, and it may be
   * named again until then. `refused`: why Temporal lets no histories be deleted, or `null`.
   */
  deleteRuns(input: { portalId: PortalId; threadIds: ThreadId[] }): Promise<{ runs: string[]; refused: string | null }>;
}

const IN_FLIGHT = 10;

/** Every run about a thread but those that forget it. Ids are digits, so nothing has to be escaped. */
const runsOf = (portalId: PortalId, threadId: ThreadId): string =>
  `${PORTAL_ID.name}="${portalId}" AND ${THREAD_ID.name}="${threadId}" AND WorkflowType!="forgetThread" AND ` +
  'WorkflowType!="forgetContact"';

export const createHistoryActivities = (client: Client): HistoryActivities => {
  const { namespace } = client.options;
  /** @returns whether there was something to delete */
  const remove = async (workflowId: string, runId: string): Promise<boolean> => {
    try {
      await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
      return true;
    } catch (error) {
      if (grpcStatus(error) === GRPC.NOT_FOUND) return false;
      throw error;
    }
  };
  const removeAll = async (portalId: PortalId, threadId: ThreadId): Promise<string[]> => {
    const found = [];
    for await (const { workflowId, runId } of client.workflow.list({ query: runsOf(portalId, threadId) })) {
      found.push({ workflowId, runId });
    }
    const removed = await pMap(found, (run) => remove(run.workflowId, run.runId), { concurrency: IN_FLIGHT });
    return found.map(({ runId }) => runId).filter((_, index) => removed[index]);
  };
  return {
    deleteRuns: ({ portalId, threadIds }) =>
      heartbeatWhile(async () => {
        const runs: string[] = [];
        try {
          for (const threadId of threadIds) runs.push(...(await removeAll(portalId, threadId)));
          return { runs, refused: null };
        } catch (error) {
          const status = grpcStatus(error);
          if (status !== GRPC.PERMISSION_DENIED && status !== GRPC.UNIMPLEMENTED) throw error;
          return { runs, refused: error instanceof Error ? error.message : String(error) };
        }
      }),
  };
};
