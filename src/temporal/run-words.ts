import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import type { AiAnswer, ReplyRequest, Source } from '../ai/backend.ts';
import type { WantedCall } from '../ai/steps.ts';
import type { DraftDecision } from '../runs/reply-to-message.ts';

/** What was asked and said in the run of one message: customers' words. */
export interface RunWords {
  /** The burst that one reply answers, oldest first; empty: the AI was not asked. */
  asked: string[];
  /** The AI's answer, also where it was held back; `null`: none yet, or it handed off. */
  answer: string | null;
  /** Calls of tools that the AI wants, each as an agent has to see it; empty: none, or it has answered since. */
  wanted: string[];
  /** Why the AI handed off, in its own words. */
  handoff: string | null;
  sources: Source[];
  confidence: number | null;
  /** What went out to the customer, if anything did: an agent may have edited it. */
  sent: string | null;
  /** What a person decided on its draft, and who it was, where that is known. */
  decided: { decision: string; by: string | null } | null;
}

type Payloads = proto.temporal.api.common.v1.IPayloads | null | undefined;
type Answer = Partial<Extract<AiAnswer, { action: 'reply' }>> & {
  reason?: string;
  unsent?: string;
  calls?: Pick<WantedCall, 'name' | 'preview'>[];
};
/** Of the activity that posts: `to` is absent where it is an internal comment. */
interface Posting {
  to?: object | null;
  words?: { text?: string };
}

const NOTHING: RunWords = {
  asked: [],
  answer: null,
  wanted: [],
  handoff: null,
  sources: [],
  confidence: null,
  sent: null,
  decided: null,
};

const { EventType } = proto.temporal.api.enums.v1;

/**
 * Reads from a run's history what was asked, what the AI answered, and what went out. Costs one read of the history.
 * Throws the client's errors.
 */
export const createRunWords = (client: Client) => {
  const decoded = async (payloads: Payloads): Promise<unknown> => {
    const [value] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads?.payloads);
    return value;
  };

  return async (workflowId: string, runId: string): Promise<RunWords> => {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const inputs = new Map<string, { activity: string; input: Payloads }>();
    const words = { ...NOTHING };
    for (const { eventId, eventType, ...event } of events ?? []) {
      if (eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) {
        const { activityType, input } = event.activityTaskScheduledEventAttributes ?? {};
        inputs.set(String(eventId), { activity: activityType?.name ?? '', input });
      }
      const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
      if (update?.name === 'decideDraft') {
        const { decision = '', by = null } = ((await decoded(update.args)) ?? {}) as Partial<DraftDecision>;
        words.decided = { decision, by };
      }
      const { scheduledEventId, result } = event.activityTaskCompletedEventAttributes ?? {};
      const done = inputs.get(String(scheduledEventId));
      if (done?.activity === 'generateReply') {
        const { questions } = ((await decoded(done.input)) ?? {}) as Partial<ReplyRequest>;
        const { text, unsent, reason, sources, confidence, calls = [] } = ((await decoded(result)) ?? {}) as Answer;
        Object.assign(words, {
          asked: questions ?? [],
          answer: text ?? unsent ?? null,
          wanted: calls.flatMap(({ name, preview }) => (preview === undefined ? [] : `${name}: ${preview}`)),
          handoff: reason ?? null,
          sources: sources ?? [],
          confidence: confidence ?? null,
        });
      }
      if (done?.activity === 'post') {
        const { to, words: posted } = ((await decoded(done.input)) ?? {}) as Posting;
        const { moved } = ((await decoded(result)) ?? {}) as { moved?: boolean };
        if (to && moved !== true && posted?.text !== undefined) words.sent = posted.text;
      }
    }
    return words;
  };
};

export type ReadRunWords = ReturnType<typeof createRunWords>;
