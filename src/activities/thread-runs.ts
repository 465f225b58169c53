import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { PastRun } from '../rules/why-answer.ts';
import type { DecisionResult, DraftDecision, ReplyToMessageInput } from '../runs/reply-to-message.ts';
import type { ThreadRuns } from '../temporal/thread-runs.ts';
import { withHeartbeats } from './heartbeats.ts';

/** Reads what other runs have done on a thread, and hands them what wants an answer. */
export interface ThreadRunActivities {
  /** The runs of the thread's latest messages, the newest first. */
  newestRuns(input: { portalId: PortalId; threadId: ThreadId }): Promise<PastRun[]>;
  /**
   * Says how the run of one message ended; `null`: it goes on. Temporal's word, or `unknown`, where it has no result.
   */
  outcomeOf(input: ReplyToMessageInput): Promise<string | null>;
  /** Waits until the run has acted. `id`: a later attempt joins the decision of the one before. */
  decideDraft(input: {
    workflowId: string;
    id: string;
    decision: DraftDecision;
  }): Promise<DecisionResult | { refused: string }>;
}

export const createThreadRunActivities = (runs: ThreadRuns): ThreadRunActivities =>
  withHeartbeats({
    newestRuns: ({ portalId, threadId }) => runs.newest(portalId, threadId),
    async outcomeOf(message) {
      const run = await runs.of(message);
      return run === null ? 'unknown' : run.outcome;
    },
    decideDraft: ({ workflowId, id, decision }) => runs.decide(workflowId, id, decision),
  });
