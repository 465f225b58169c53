import { patched } from '@temporalio/workflow';
import { LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { customerNotice, mayNotifyCustomer } from '../../rules/handoff/customer-notice.ts';
import { snapshotOf } from '../../rules/replying/thread-snapshot.ts';
import { lateDeliveryCheckRun } from '../../runs/check-delivery.ts';
import { FEWER_STEPS } from '../shared/first-read.ts';
import { leaveBehind } from '../shared/leave-behind.ts';
import { watchDelivery } from '../shared/watch-delivery.ts';
import type { Found } from './read-thread.ts';
import { attempt, type HandOffRun } from './run.ts';

/** A customer who writes on and on is notified after this many looks, or not at all. */
const MOST_LOOKS = 5;

/** Runs that began before it don't look whether the customer got the notice. */
const CHECKS_NOTICES = 'notices-are-checked';

/** Notifies the customer that agents answer, once, and only while the AI may still speak. @returns the notice's id */
export const notifyCustomer = async (run: HandOffRun, { now, message }: Found): Promise<MessageId | null> => {
  const { tell: mayNotify = true } = run.asked;
  if (!mayNotify) return notNotified(run, 'it is not for them');
  const notice = customerNotice(now, message, run.asked, run.settings, run.circumstances.closed);
  if ('none' in notice) return notNotified(run, notice.none);
  const { words, to } = notice;
  const sought = run.fingerprint('told', words);
  let seen = snapshotOf(now);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const post = { ...run.thread, sought, words, to, seen };
    const posted = await attempt(run, 'the customer was not notified', ({ hubspotPosts }) =>
      hubspotPosts.post('notify the customer', post),
    );
    if (!posted) return null;
    if (posted.moved && posted.stopped) return notNotified(run, 'an operator has stopped the AI');
    if (!posted.moved) {
      run.story.posted('message', posted);
      run.story.step('the customer was notified');
      return posted.messageId;
    }
    if (posted.now === null || !mayNotifyCustomer(posted.now, message, run.settings))
      return notNotified(run, 'someone else has come');
    seen = snapshotOf(posted.now);
  }
  return notNotified(run, 'the thread does not rest');
};

const notNotified = (run: HandOffRun, why: string): null => {
  run.story.step(`the customer is not notified: ${why}`);
  return null;
};

/**
 * Leaves a run behind that looks whether the notice arrived: a customer who never got it doesn't know that someone will
 * answer.
 */
export const watchNotice = async (run: HandOffRun, messageId: MessageId | null): Promise<void> => {
  const isChat = run.channelId === LIVE_CHAT_CHANNEL_ID;
  const { deliveryCheckMs: afterMs } = run.settings;
  if (messageId === null || isChat || afterMs === 0 || !patched(CHECKS_NOTICES)) return;
  const sent = { ...run.thread, messageId, notice: true };
  if (patched(FEWER_STEPS)) await watchDelivery({ ...sent, afterMs });
  else await leaveBehind(lateDeliveryCheckRun, sent);
};
