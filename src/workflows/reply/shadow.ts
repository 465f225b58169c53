import { metricMeter } from '@temporalio/workflow';
import type { AiAnswer } from '../../ai/backend.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { comparisonInWords, humanWords, shadowDraft, writtenSince } from '../../rules/replying/shadow.ts';
import type { Post } from '../../rules/replying/what-to-post.ts';
import type { ReplyToMessageResult } from '../../runs/reply-to-message.ts';
import type { ReplyRun } from './run.ts';

const shadowPairs = () =>
  metricMeter.createCounter(
    'threadkeeper_shadow_pairs_total',
    'pair',
    "Agents' messages that were compared with a shadow draft of the AI's, by verdict",
  );

/** Keeps the answer for what an agent will write, or has written while the AI thought. */
export const keepShadowDraft = async (
  run: ReplyRun,
  answer: AiAnswer,
  message: Message,
  { outcome, reason }: Post,
): Promise<ReplyToMessageResult> => {
  await run.calls.untilDone(({ sessionCalls }) =>
    sessionCalls.keepShadowDraft('a draft that nobody sees', shadowDraft(answer, message, run.asked)),
  );
  const now = await run.calls.untilDone(({ hubspotReads }) =>
    hubspotReads.fetchConversation('whether an agent has written meanwhile', run.thread),
  );
  await compareWithShadow(run, writtenSince(now?.messages ?? [], message, run.settings.aiActorId));
  return run.story.end({ outcome, ...(reason === undefined ? {} : { reason }) });
};

/** Compares what agents wrote with the shadow draft for the same message. */
export const compareWithShadow = async (run: ReplyRun, written: Message[]): Promise<void> => {
  if (written.length === 0) return;
  const comparison = await run.calls.long.sessionCalls.compareWithShadow(
    'the AI’s draft and what an agent wrote',
    written.map((message) => humanWords(message, run.asked)),
  );
  if (comparison === null) return;
  run.story.step(comparisonInWords(comparison));
  shadowPairs().add(1, { portal: run.asked.portalId, verdict: comparison.verdict });
};
