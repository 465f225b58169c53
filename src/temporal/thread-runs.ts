import { type Client, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { SkipReason } from '../rules/skip-reasons.ts';
import type { PastRun } from '../rules/why-answer.ts';
import {
  type DecisionResult,
  type DraftDecision,
  messageAnsweredBy,
  type ReplyToMessageInput,
  type ReplyToMessageResult,
  replyToMessageRun,
} from '../runs/reply-to-message.ts';
import { PORTAL_ID, SKIP_REASON, THREAD_ID } from '../runs/search-attributes.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** Asks the runs on a thread, and hands them decisions. */
export interface ThreadRuns {
  /** The runs of customers' messages on the thread, the newest first, as far as Temporal remembers and lists them. */
  newest(portalId: PortalId, threadId: ThreadId): Promise<PastRun[]>;
  /** Gives what became of one message's run; `null`: Temporal knows none. */
  of(message: ReplyToMessageInput): Promise<Pick<PastRun, 'outcome' | 'reason'> | null>;
  /**
   * Decides on the draft of a run, and gives what became of it; or why the run refused. `id`: the same decision again
   * is no second one. `runId`: only this run of the workflow ID; else the newest.
   */
  decide(
    workflowId: string,
    id: string,
    decision: DraftDecision,
    runId?: string,
  ): Promise<DecisionResult | { refused: string }>;
}

/** These say that it was no customer's message, but our own echo or an agent's words: HubSpot announces all of it. */
const NO_CUSTOMERS: SkipReason[] = ['comment', 'outgoing', 'sender-is-agent'];

/** Temporal lists open runs first and then those that closed last: among so many stand the newest. */
const LISTED = 30;
const DESCRIBED = 5;

export const createThreadRuns = (client: Client): ThreadRuns => {
  const resultOf = async (workflowId: string, runId: string): Promise<Pick<PastRun, 'outcome' | 'reason'>> => {
    try {
      const result: ReplyToMessageResult = await client.workflow.getHandle(workflowId, runId).result();
      return { outcome: result.outcome, reason: result.reason ?? null };
    } catch (error) {
      if (error instanceof WorkflowFailedError) return { outcome: 'failed', reason: error.cause?.message ?? null };
      throw error;
    }
  };

  return {
    async newest(portalId, threadId) {
      const reasons = NO_CUSTOMERS.map((reason) => `'${reason}'`).join(', ');
      const query = [
        `WorkflowType = '${replyToMessageRun.type}'`,
        `${PORTAL_ID.name} = '${portalId}'`,
        `${THREAD_ID.name} = '${threadId}'`,
        `(${SKIP_REASON.name} IS NULL OR ${SKIP_REASON.name} NOT IN (${reasons}))`,
      ].join(' AND ');
      const listed: { workflowId: string; runId: string; startTime: Date; isOpen: boolean }[] = [];
      for await (const { workflowId, runId, startTime, status } of client.workflow.list({ query, pageSize: LISTED })) {
        listed.push({ workflowId, runId, startTime, isOpen: status.name === 'RUNNING' });
        if (listed.length === LISTED) break;
      }
      const newest = listed.sort((a, b) => b.startTime.getTime() - a.startTime.getTime()).slice(0, DESCRIBED);
      return await Promise.all(
        newest.map(async ({ workflowId, runId, startTime, isOpen }) => ({
          messageId: messageAnsweredBy(workflowId),
          startedAt: startTime.toISOString(),
          ...(isOpen ? { outcome: null, reason: null } : await resultOf(workflowId, runId)),
        })),
      );
    },

    async of(message) {
      const workflowId = replyToMessageRun.workflowId(message);
      try {
        const { status, runId } = await client.workflow.getHandle(workflowId).describe();
        return status.name === 'RUNNING' ? { outcome: null, reason: null } : await resultOf(workflowId, runId);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },

    async decide(workflowId, id, decision, runId) {
      try {
        return await client.workflow
          .getHandle(workflowId, runId)
          .executeUpdate<DecisionResult, [DraftDecision]>('decideDraft', { updateId: id, args: [decision] });
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError) return { refused: error.cause?.message ?? error.message };
        const isOver = error instanceof WorkflowNotFoundError || grpcStatus(error) === GRPC.NOT_FOUND;
        if (isOver) return { refused: 'No draft waits for a decision' };
        throw error;
      }
    },
  };
};
