import { workflowInfo } from '@temporalio/workflow';
import { channelName, EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { automaticMail } from '../../rules/mail/automatic-mail.ts';
import { autonomyOn } from '../../rules/speaking/autonomy.ts';
import { whyNotForAi } from '../../rules/speaking/message-filter.ts';
import { sentToCustomer } from '../../rules/speaking/own-message.ts';
import { speakerOf } from '../../rules/speaking/speaker.ts';
import { recordTakeover } from '../shared/thread-changes.ts';
import { handOverIfReturned } from './returned.ts';
import { type ReplyRun, skip } from './run.ts';
import { compareWithShadow } from './shadow.ts';

/** Ends the run where the rules keep the message from the AI, and where it is too old. */
export const fetchMessage = async (run: ReplyRun): Promise<Message> => {
  const { message: known } = run.first;
  const message =
    known === undefined
      ? await run.calls.untilDone(({ hubspotFirstReads }) =>
          hubspotFirstReads.fetchMessage(`message ${run.asked.messageId}`, run.asked),
        )
      : known;
  if (message === null) throw skip('message-not-found');
  run.askedAt = message.createdAt;
  run.story.onChannel(channelName(message.channelId));
  const filtered = whyNotForAi(message, run.rulesContext());
  if (filtered) {
    const what = aboutUnanswered(message);
    if (what) run.story.step(what);
    if (filtered === 'sender-is-bot' && automaticMail(message) === 'bounce') await handOverIfReturned(run, message);
    await noteIfAgent(run, message);
    if (filtered === 'outgoing' && run.takesFewerSteps) run.sent ??= sentToCustomer(message, run.rulesContext());
    throw skip(filtered);
  }
  run.level = autonomyOn(run.settings, message.channelId);
  if (run.level === 'off') throw skip('channel-off');
  const ageMs = workflowInfo().startTime.getTime() - Date.parse(message.createdAt);
  if (ageMs > run.settings.maxMessageAgeMs && !run.asked.anyAge) throw skip('too-old');
  run.story.step('a customer wrote');
  return message;
};

/** Gives what a message that is not for the AI is, where its skip reason says less. */
const aboutUnanswered = (message: Message): string | null => {
  const { author, words } = message.reading ?? {};
  if (author === 'ignored') return 'its sender is ignored (IGNORE_SENDERS)';
  if (author === 'colleague') return 'a colleague wrote (COLLEAGUES_BY_DOMAIN, COLLEAGUE_DOMAINS)';
  if (words?.reaction) return 'a reaction alone';
  const automatic = automaticMail(message, words);
  return automatic && `written by a machine: ${automatic}`;
};

/** An agent has answered the customer: a run that is at work on the thread must know at once. */
const noteIfAgent = async (run: ReplyRun, message: Message): Promise<void> => {
  if (message.kind !== 'message' || speakerOf(message, run.settings.aiActorId) !== 'agent') return;
  run.level = autonomyOn(run.settings, message.channelId);
  const at = Date.parse(message.createdAt);
  const signalled = await recordTakeover(run.calls.long, { ...run.thread, mode: 'human', at, wrote: true });
  run.story.step(signalled ? `an agent wrote: signalled ${signalled}` : 'an agent wrote');
  if (run.level === 'shadow') await compareWithShadow(run, [message]);
};

/** People write in bursts, and send corrections by email, so the AI waits a little. A durable timer costs no worker. */
export const waitForMore = async (run: ReplyRun, message: Message): Promise<void> => {
  const isEmail = message.channelId === EMAIL_CHANNEL_ID;
  const quietMs = isEmail ? run.settings.emailDelayMs : run.settings.quietPeriodMs;
  if (quietMs === 0) return;
  const summary = isEmail ? 'email: wait for a correction' : 'quiet period: more may come';
  run.story.wait(`${isEmail ? 'a correction' : 'more'}, ${quietMs / 1000} s`);
  const disturbed = await run.threadChanges.wait(quietMs, summary);
  run.hasWaited = true;
  run.story.step(disturbed ? 'the wait was broken off' : `waited ${quietMs / 1000} s for more`);
};
