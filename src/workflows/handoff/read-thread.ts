import type { Conversation, Message } from '../../hubspot/conversation.ts';
import { momentInWords } from '../../rules/handoff/business-hours.ts';
import { circumstancesOf, silencesAtOnce } from '../../rules/handoff/circumstances.ts';
import { hasChangedSince } from '../../rules/replying/thread-snapshot.ts';
import type { HandOffResult } from '../../runs/hand-off.ts';
import { attempt, type HandOffRun } from './run.ts';

/** The thread as it was when the handoff began, and the message that it is about; both without texts. */
export interface Found {
  now: Conversation;
  message: Message;
}

/** Reads the thread. @returns the run's end where there is nothing to hand over, or the thread is not as it was */
export const readThread = async (run: HandOffRun): Promise<Found | HandOffResult> => {
  const { messageId, seen } = run.asked;
  const found =
    run.opened.found ??
    (await run.calls.untilDone(({ hubspotReads }) =>
      hubspotReads.lookAgain('owner and messages before handing off', { ...run.thread, messageId }),
    ));
  if (found === null) {
    return seen
      ? run.story.end({ outcome: 'moved', now: null })
      : run.story.end({ outcome: 'skipped', reason: 'message-not-found' });
  }
  const { now, message } = found;
  // What the first step has read it has compared, and done what follows.
  if (!run.opened.found && seen && hasChangedSince(now, seen)) return run.story.end({ outcome: 'moved', now });
  run.askedAt = message.createdAt;
  run.owner = now.thread.assignedTo;
  run.channelId = message.channelId;
  run.story.onChannel(run.channel);
  run.circumstances = run.opened.circumstances ?? circumstancesOf(run.settings, message.channelId, Date.now());
  const { closed } = run.circumstances;
  if (closed) {
    const { timeZone = 'UTC' } = run.settings;
    const opening = momentInWords(closed.opening, closed.now, timeZone);
    run.story.step(`outside of business hours, until ${opening} (${timeZone})`);
  }
  return found;
};

/** Silences the AI: the customer's next message is for agents. A run that asks the AI looks again before it posts. */
export const silenceAi = async (run: HandOffRun): Promise<void> => {
  if (!silencesAtOnce(run.settings, run.circumstances) || run.opened.silenced) return;
  await attempt(run, 'the AI could not be silenced', ({ sessionCalls }) =>
    sessionCalls.silence('the AI is silent until an agent gives the thread back', {
      ...run.thread,
      why: 'handed-off',
      at: run.startedAt,
    }),
  );
};
