import { channelName, longestText } from '../../hubspot/channels.ts';
import type { Conversation, Destination, Message } from '../../hubspot/conversation.ts';
import { type PostBody, replyBody } from '../replying/post-body.ts';
import { routeReply } from '../replying/reply-route.ts';
import { mailSignature } from '../replying/what-to-post.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn } from '../speaking/autonomy.ts';
import { hasHumanReplied } from '../speaking/burst.ts';
import { whyAiMayNotSpeak } from '../speaking/owner-gate.ts';
import { ownOf, textIn } from '../texts.ts';
import { momentInWords } from './business-hours.ts';
import type { HandoffReason } from './handoff-reason.ts';

/** The message that a customer gets when the thread goes to agents, and where. */
export interface CustomerNotice {
  words: PostBody;
  to: Destination;
}

/** Outside of business hours. Times in ms since the epoch. */
export interface Closed {
  now: number;
  opening: number;
}

const closedMessage = (
  { now, opening }: Closed,
  language: string | undefined,
  { handoff: { closedMessages = {} }, timeZone = 'UTC' }: PortalSettings,
): string | null =>
  textIn(closedMessages, language)?.replaceAll('{opening}', () =>
    momentInWords(opening, now, timeZone, languageOf(closedMessages, language)),
  ) ?? null;

/** The language of what is said: of a text for all, the customer's, unless it is known to be in English. */
const languageOf = (messages: Record<string, string>, language: string | undefined): string | undefined =>
  ownOf(messages, language) ?? (messages['*'] === messages.en ? 'en' : language);

/** Says whether the customer may get it in this conversation: nobody else has taken the thread, or answered since. */
export const mayNotifyCustomer = (
  { thread, messages }: Conversation,
  message: Message,
  settings: PortalSettings,
): boolean =>
  whyAiMayNotSpeak(thread, settings, autonomyOn(settings, message.channelId)) === null &&
  !hasHumanReplied(messages, message, settings.aiActorId);

/**
 * The notice to the customer that agents will answer, or why there is none. It is sent only where the AI answers
 * customers by itself, and on a channel that HubSpot's API sends on. It looks like every reply. `closed`: no agent is
 * there; `null`: one is.
 */
export const customerNotice = (
  conversation: Conversation,
  message: Message,
  { language }: Pick<HandoffReason, 'language'>,
  settings: PortalSettings,
  closed: Closed | null = null,
): CustomerNotice | { none: string } => {
  const level = autonomyOn(settings, message.channelId);
  if (level !== 'auto') return { none: `on ${channelName(message.channelId)} the AI doesn't answer by itself` };
  const text = (closed && closedMessage(closed, language, settings)) ?? textIn(settings.handoff.messages, language);
  if (text === null) return { none: 'no message is set' };
  if (!mayNotifyCustomer(conversation, message, settings)) return { none: 'the AI may not speak here' };
  const to = routeReply(message, settings);
  if ('unsendable' in to) return { none: to.unsendable };
  const longest = longestText(channelName(message.channelId));
  return { words: replyBody(text, { signature: mailSignature(message, settings), longest }), to };
};
