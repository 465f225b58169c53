import { proxyActivities } from '@temporalio/workflow';
import type { Question } from '../peer/answering.ts';
import type { BareActivities } from './activities.ts';

const { fetchMessage, fetchConversation, fetchBoth, generateReply, post } = proxyActivities<BareActivities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '10s' },
});

/** As the documentation teaches it, and with as many activities as a reply of Threadkeeper's has. */
export async function bareReply(question: Question): Promise<string | null> {
  const message = await fetchMessage(question);
  const conversation = await fetchConversation(question);
  const text = await generateReply(message, conversation);
  if (message === null || text === null) return null;
  return await post(question, message, text);
}

/** The same, with both reads in one activity. */
export async function bareReplyOfThree(question: Question): Promise<string | null> {
  const { message, conversation } = await fetchBoth(question);
  const text = await generateReply(message, conversation);
  if (message === null || text === null) return null;
  return await post(question, message, text);
}

/** One run for a whole delivery, to measure starts with. Nobody runs it. */
export async function bareDelivery(_events: unknown): Promise<void> {}
