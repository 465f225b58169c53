import type { AiAnswer } from '../../ai/backend.ts';
import type { Escalation } from '../../rules/escalation/escalation.ts';
import { buildReplyRequest } from '../../rules/replying/reply-request.ts';
import { leftOutInWords } from '../../rules/replying/request-bounds.ts';
import type { AiLimit } from '../../rules/speaking/ai-limits.ts';
import { autonomyOn, speaksToCustomers } from '../../rules/speaking/autonomy.ts';
import { type Limit, limitComment } from '../../rules/speaking/limits.ts';
import { replyCap } from '../../rules/speaking/reply-cap.ts';
import { addressCapReason } from '../../rules/speaking/sender-address.ts';
import type { Session } from '../../sessions/store.ts';
import { answerInSteps } from './agent-loop.ts';
import { EndRun, type Question, type ReplyRun, skip } from './run.ts';

/** The AI's answer; `limit`: the AI was not asked, for that is reached. `escalation`: a rule holds the answer back. */
export type AnswerOrLimit = AiAnswer & { limit?: Limit; escalation?: Escalation; unsent?: string };

/**
 * A handoff in place of an answer, where the AI has written to this thread, or to the sender's address on any, as often
 * as it may; `null` where it hasn't.
 */
export const handoffAtCap = (run: ReplyRun, question: Question): AnswerOrLimit | null => {
  const { repliesWithinHour } = question.admissions;
  const cap = replyCap(question.conversation, question.message, run.settings, repliesWithinHour);
  if (cap === null) return handoffAtAddressCap(run, question);
  const { reason, commentId } = cap;
  if (commentId && staysAtWork(run, question))
    throw new EndRun({ outcome: 'handed-off', reason, postedMessageId: commentId });
  run.story.step(reason);
  run.capReached = true;
  return { action: 'handoff', reason, cause: 'limit', aiSessionId: null, limit: 'replies' };
};

/**
 * The same for the sender's address. The first message past the cap raises an alarm. In the hour after it, nothing is
 * done about what says the same again, as machines do; the rest goes to agents, since people share an address too.
 * Nothing goes out to any of them: what no answer reaches writes no answer back.
 */
const handoffAtAddressCap = (run: ReplyRun, { admissions: { admission } }: Question): AnswerOrLimit | null => {
  if (admission === undefined || admission.verdict === 'admitted') return null;
  const reason = addressCapReason(admission.replies);
  if (admission.verdict === 'over' && admission.isRepeated) {
    run.story.step(`${reason}, and it writes the same again`);
    throw skip('answer-loop');
  }
  if (admission.verdict === 'capped') run.story.alarm('answer-loop', reason);
  else run.story.step(reason);
  run.capReached = true;
  return { action: 'handoff', reason, cause: 'limit', aiSessionId: null };
};

/**
 * Says whether the AI is at work on the thread after a handoff too: then one comment an hour says enough. Else an agent
 * has given the thread back since, and has to hear that the AI lets go of it again.
 */
const staysAtWork = ({ settings }: ReplyRun, { message }: Question): boolean =>
  settings.handoff.after === 'answer' || !speaksToCustomers(autonomyOn(settings, message.channelId));

/**
 * Notes that the AI was not asked, for one of its limits is reached; ends the run where agents have heard of that
 * within the hour, or nobody is to hear of it.
 */
const noteLimit = (run: ReplyRun, limit: AiLimit, reason: string, question: Question): void => {
  run.story.step(reason);
  if (run.level === 'shadow') throw skip('ai-limit');
  const commentId = limitComment(limit, question.conversation, question.message);
  if (commentId && staysAtWork(run, question))
    throw new EndRun({ outcome: 'handed-off', reason, postedMessageId: commentId });
  // A contact who asks so often may be a machine.
  if (limit === 'calls') run.capReached = true;
};

/** Gives what came of a question to the AI, for the run's story. */
const answerInWords = ({ action, asksBack, instructions }: AiAnswer): string => {
  const what = action === 'handoff' ? 'the AI hands off' : asksBack ? 'the AI asks back' : 'the AI has an answer';
  return instructions === undefined ? what : `${what}, by instructions ${instructions}`;
};

/** `null`: broken off, because someone else has touched the thread since it was looked at. */
export const askAi = async (run: ReplyRun, question: Question, session: Session): Promise<AnswerOrLimit | null> => {
  const { conversation, burst, turns } = question;
  const messageIds = burst.filter(({ truncated }) => truncated).map(({ id }) => id);
  const fullTexts =
    messageIds.length === 0
      ? []
      : await run.calls.untilDone(({ hubspotReads }) =>
          hubspotReads.readInFull(`original content of ${messageIds.length} truncated`, { ...run.thread, messageIds }),
        );
  const { aiActorId, timeZone, aiReadsNotes: readsNotes } = run.settings;
  const context = { turns, now: new Date(Date.now()).toISOString(), timeZone, readsNotes };
  const request = buildReplyRequest(conversation, burst, fullTexts, session, aiActorId, context);
  if (request.leftOut) run.story.step(leftOutInWords(request.leftOut));
  const summary = `${burst.length === 1 ? 'one question' : `a burst of ${burst.length}`} on ${request.channel}`;
  const answer = await answerInSteps(run, question, request, summary);
  if (answer === null) run.story.step('broken off: someone else has touched the thread');
  // A rule that hands off may not even have let the AI be asked: what is posted says so.
  else if (answer.action === 'reply' || !answer.escalation) run.story.step(answerInWords(answer));
  if (answer?.action === 'handoff' && answer.limit) noteLimit(run, answer.limit, answer.reason, question);
  return answer;
};
