import { channelName } from '../../hubspot/channels.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import { momentInWords, nextOpening } from '../../rules/handoff/business-hours.ts';
import { hasChangedSince } from '../../rules/replying/thread-snapshot.ts';
import { autonomyOn, speaksToCustomers } from '../../rules/speaking/autonomy.ts';
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
  const found = await run.calls.untilDone(({ hubspotReads }) =>
    hubspotReads.lookAgain('owner and messages before handing off', { ...run.thread, messageId }),
  );
  if (found === null) {
    return seen
      ? run.story.end({ outcome: 'moved', now: null })
      : run.story.end({ outcome: 'skipped', reason: 'message-not-found' });
  }
  const { now, message } = found;
  if (seen && hasChangedSince(now, seen)) return run.story.end({ outcome: 'moved', now });
  run.askedAt = message.createdAt;
  run.owner = now.thread.assignedTo;
  run.channel = channelName(message.channelId);
  run.story.onChannel(run.channel);
  run.onlyComments = !speaksToCustomers(autonomyOn(run.settings, message.channelId));
  lookAtClock(run);
  return found;
};

/** Notes whether agents are there, and what waits for them. */
const lookAtClock = (run: HandOffRun): void => {
  const { handoff, timeZone = 'UTC' } = run.settings;
  const now = Date.now();
  const opening = handoff.hours ? nextOpening(now, handoff.hours, timeZone) : now;
  if (opening === null || opening <= now) return;
  run.closed = { now, opening };
  run.story.step(`outside of business hours, until ${momentInWords(opening, now, timeZone)} (${timeZone})`);
  if (!run.onlyComments) run.outOfHours = handoff.outOfHours ?? 'now';
};

/** Silences the AI: the customer's next message is for agents. A run that asks the AI looks again before it posts. */
export const silenceAi = async (run: HandOffRun): Promise<void> => {
  if (run.onlyComments || run.outOfHours === 'stay' || run.settings.handoff.after === 'answer') return;
  await attempt(run, 'the AI could not be silenced', ({ sessionCalls }) =>
    sessionCalls.silence('the AI is silent until an agent gives the thread back', {
      ...run.thread,
      why: 'handed-off',
      at: run.startedAt,
    }),
  );
};
