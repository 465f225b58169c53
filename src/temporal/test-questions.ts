import { type Client, WorkflowFailedError } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { PortalId } from '../hubspot/ids.ts';
import { PRIORITY_KEY, portalPriority } from '../runs/priority.ts';
import { foundBy, summaryOf } from '../runs/run-type.ts';
import { type TestQuestionInput, type TestQuestionResult, testQuestionRun } from '../runs/test-question.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/** A question that was tried, and what came of it. */
export interface TestedQuestion {
  asked: TestQuestionInput;
  runId: string;
  /** `null`: the AI is at work. */
  result: TestQuestionResult | { failed: string } | null;
}

/** Tries questions on the AI, by runs that post nothing. Throws the client's errors while Temporal is away. */
export interface TestQuestions {
  /** Starts the run of a question. `id`: the same question again is no second run. */
  start(asked: TestQuestionInput, id: string): Promise<void>;
  /** `null`: there is no such question any more. */
  read(portalId: PortalId, id: string): Promise<TestedQuestion | null>;
}

/** {@link TestQuestions} on a task queue. */
export const createTestQuestions = (client: Client, taskQueue: string): TestQuestions => ({
  async start(asked, id) {
    await client.workflow.start(testQuestionRun.type, {
      taskQueue,
      workflowId: testQuestionRun.workflowId(asked, id),
      args: [asked],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      // Nobody waits longer for an answer: one that no worker has taken by then is old.
      workflowExecutionTimeout: '10m',
      staticSummary: summaryOf(testQuestionRun, asked),
      typedSearchAttributes: foundBy(testQuestionRun.about(asked)),
      priority: portalPriority(asked.portalId, PRIORITY_KEY[testQuestionRun.urgency]),
    });
  },

  async read(portalId, id) {
    const handle = client.workflow.getHandle(`test:${portalId}:${id}`);
    try {
      const { status, runId } = await handle.describe();
      const { events } = await handle.fetchHistory();
      const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
      const [asked] = (await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads)) as [
        TestQuestionInput,
      ];
      if (status.name === 'RUNNING') return { asked, runId, result: null };
      try {
        return { asked, runId, result: await handle.result() };
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
        return { asked, runId, result: { failed: error.cause?.message ?? error.message } };
      }
    } catch (error) {
      if (grpcStatus(error) === GRPC.NOT_FOUND || (error as Error).name === 'WorkflowNotFoundError') return null;
      throw error;
    }
  },
});
