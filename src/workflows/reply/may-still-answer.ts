import type { Conversation, Message } from '../../hubspot/conversation.ts';
import { isForAuthorOf } from '../../rules/speaking/burst.ts';
import { whyNotAnswer } from '../../rules/speaking/may-answer.ts';
import { ownerInWords } from '../../rules/speaking/owner-gate.ts';
import { speakerOf } from '../../rules/speaking/speaker.ts';
import { plannedReply } from '../../runs/planned-start.ts';
import type { RecordedTurn } from '../../sessions/store.ts';
import { type Question, type ReplyRun, skip } from './run.ts';

/** Ends the run where the AI may not speak in this conversation: the rules say why. */
export const endUnlessMayAnswer = async (
  run: ReplyRun,
  conversation: Conversation,
  message: Message,
  turns: RecordedTurn[] = [],
): Promise<void> => {
  const silence = whyNotAnswer(conversation, message, run.settings, run.rulesContext(turns));
  if (silence === null) return;
  if (silence.skip === 'superseded') {
    // HubSpot may have lost the newer message's event: this run may only leave when that one's run exists.
    const { appId } = run.asked;
    const newer = { ...run.thread, messageId: silence.supersededBy, ...(appId === undefined ? {} : { appId }) };
    await run.calls.short.runStarts.startRuns(`run of newer message ${newer.messageId}`, {
      starts: [plannedReply(newer)],
    });
    run.story.step(`message ${newer.messageId} is newer, its run answers`);
  }
  if (silence.skip === 'owned-by-human') run.story.step(`${ownerInWords(conversation.thread)} owns the thread`);
  throw skip(silence.skip);
};

/** Ends the run where the AI is paused on the thread, or has handed it over: the session knows, HubSpot doesn't. */
export const endIfSilenced = async (run: ReplyRun): Promise<void> => {
  const at = Date.parse(run.askedAt);
  const { silenced } = await run.calls.untilSessionsAnswer((sessions) =>
    sessions.standing(`whether thread ${run.thread.threadId} is silenced`, { ...run.thread, at }),
  );
  if (silenced) throw skip(silenced);
};

/**
 * Decides again on a conversation that has changed: ends the run where the AI may not speak any more.
 * @returns whether another run's answer to the same person has come in between
 */
export const hasAnotherAnswer = async (
  run: ReplyRun,
  { message, turns }: Question,
  before: Conversation,
  now: Conversation | null,
): Promise<boolean> => {
  if (now === null) throw skip('message-not-found');
  run.story.step('the conversation moved on before the post: decided again');
  await endUnlessMayAnswer(run, now, message, turns);
  const known = new Set(before.messages.map(({ id }) => id));
  return now.messages.some(
    (other) =>
      !known.has(other.id) &&
      other.kind === 'message' &&
      speakerOf(other, run.settings.aiActorId) === 'ai' &&
      isForAuthorOf(message, other, now.messages, run.rulesContext(turns)),
  );
};
