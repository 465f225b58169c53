import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import { askForRatingRun, type RateInput } from '../runs/ask-for-rating.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** The closing that a customer rates. */
export interface RatedClosing {
  portalId: PortalId;
  threadId: ThreadId;
  eventId: string;
}

/**
 * Hands a customer's rating to the run that waits for it. `over`: none does, or the token is another one's. Throws the
 * client's errors while Temporal is away, or no worker answers.
 */
export type Rate = (closing: RatedClosing, rate: RateInput) => Promise<'rated' | 'over'>;

export const createRate =
  (client: Client): Rate =>
  async ({ portalId, threadId, eventId }, rate) => {
    const workflowId = askForRatingRun.workflowId({ portalId, threadId }, eventId);
    try {
      return await client.workflow.getHandle(workflowId).executeUpdate<'rated', [RateInput]>('rate', { args: [rate] });
    } catch (error) {
      const isOver = error instanceof WorkflowNotFoundError || grpcStatus(error) === GRPC.NOT_FOUND;
      if (isOver || error instanceof WorkflowUpdateFailedError) return 'over';
      throw error;
    }
  };
