import type { AiAnswer } from '../../ai/backend.ts';
import { buildReplyRequest } from '../../rules/replying/reply-request.ts';
import { replyCap } from '../../rules/speaking/reply-cap.ts';
import type { Session } from '../../sessions/store.ts';
import { EndRun, type Question, type ReplyRun } from './run.ts';

/**
 * A handoff in place of an answer, where the AI has written to this thread as often as it may; `null` where it hasn't.
 */
export const handoffAtCap = (run: ReplyRun, { conversation, message }: Question): AiAnswer | null => {
  const cap = replyCap(conversation, message, run.settings);
  if (cap === null) return null;
  const { reason, told } = cap;
  if (told) throw new EndRun({ outcome: 'handed-off', reason, postedMessageId: told });
  run.story.step(reason);
  run.capReached = true;
  return { action: 'handoff', reason, aiSessionId: null };
};

/** `null`: broken off, because someone else has touched the thread since it was looked at. */
export const askAi = async (
  run: ReplyRun,
  { conversation, burst }: Question,
  session: Session,
): Promise<AiAnswer | null> => {
  const messageIds = burst.filter(({ truncated }) => truncated).map(({ id }) => id);
  const fullTexts =
    messageIds.length === 0
      ? []
      : await run.calls.untilDone(({ hubspotReads }) =>
          hubspotReads.readInFull(`original content of ${messageIds.length} truncated`, { ...run.thread, messageIds }),
        );
  const request = buildReplyRequest(conversation, burst, fullTexts, session, run.settings.aiActorId);
  const summary = `${burst.length === 1 ? 'one question' : `a burst of ${burst.length}`} on ${request.channel}`;
  const answer = await run.threadChanges.cancelOnChange(() => run.calls.short.aiCalls.generateReply(summary, request));
  if (answer === null) run.story.step('broken off: someone else has touched the thread');
  else run.story.step(answer.action === 'reply' ? 'the AI has an answer' : 'the AI hands off');
  if (answer?.spent) run.story.spent(answer.spent);
  return answer;
};
