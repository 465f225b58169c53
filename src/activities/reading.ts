import type { HubSpotClient } from '../hubspot/client.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { CrmClient } from '../hubspot/crm.ts';
import type { ActorId } from '../hubspot/ids.ts';
import { clip } from '../hubspot/to-conversation.ts';
import { readMessage, type SenderRules, withoutWords } from '../rules/mail/message-reading.ts';
import { speakerOf } from '../rules/speaking/speaker.ts';

// A payload of Temporal's holds 2 MiB: what stands in the history stays well below it, however long the thread.
/** A message that is only context is cut to this many characters; what the AI answers is read in full. */
export const MESSAGE_TEXT = 4_000;
const CONVERSATION_MESSAGES = 60;
/** What the AI wrote before them is cut to this many characters: they show its kind, and only that counts. */
const EARLIER_TEXT = 200;
const EARLIER_MESSAGES = 1_000;
const EARLIER_MS = 60 * 60_000;

/**
 * All messages of a conversation have at most so many bytes, the newest of them. It is more than texts alone take in
 * any script, and leaves room for the rest of the same payload: a session's properties, and the portal's settings.
 */
const CONVERSATION_BYTES = 800_000;

const withinBytes = (messages: Message[]): Message[] => {
  let left = CONVERSATION_BYTES;
  const tooMuch = messages.findLastIndex((message) => {
    left -= Buffer.byteLength(JSON.stringify(message));
    return left < 0;
  });
  return messages.slice(tooMuch + 1);
};

const partial = (conversation: Conversation, messages: Message[]): Pick<Conversation, 'isPartial'> =>
  conversation.isPartial || messages.length < conversation.messages.length ? { isPartial: true } : {};

/**
 * The newest messages, and before them what was read of the AI's words of the last hour, each its beginning: the reply
 * cap counts it. What is further back the session store counts.
 */
export const newestWithTexts = (conversation: Conversation, aiActorId: ActorId): Conversation => {
  const newest = conversation.messages.slice(-CONVERSATION_MESSAGES);
  const since = Date.parse(newest.at(-1)?.createdAt ?? '') - EARLIER_MS;
  const earlier = conversation.messages
    .slice(0, -CONVERSATION_MESSAGES)
    .filter((message) => Date.parse(message.createdAt) > since)
    .filter((message) => message.aiMarker || speakerOf(message, aiActorId) === 'ai')
    .slice(-EARLIER_MESSAGES);
  const beginnings = earlier.map((message) => ({ ...message, text: clip(message.text, EARLIER_TEXT) }));
  const messages = withinBytes([...beginnings, ...newest]);
  return { ...conversation, messages, ...partial(conversation, messages) };
};

/** The newest messages, `withoutTexts`: what a run keeps of a conversation that it does not answer. */
export const newestWithoutTexts = (conversation: Conversation): Conversation => {
  const messages = withinBytes(conversation.messages.slice(-CONVERSATION_MESSAGES).map(withoutWords));
  return { ...conversation, messages, ...partial(conversation, messages) };
};

/** As far back as a decision needs it. */
export const NEWEST = { messages: CONVERSATION_MESSAGES };

/** The newest messages as they are to be read: of older ones nobody looks at more than who wrote them. */
export const readNewest = (messages: Message[], senders: SenderRules): Message[] => {
  const older = Math.max(0, messages.length - CONVERSATION_MESSAGES);
  return messages.map((message, index) => (index < older ? message : readMessage(message, senders)));
};

/** What activities use of a portal. */
export interface HubSpotPortal {
  client: HubSpotClient;
  crm: CrmClient;
  aiActorId: ActorId;
  /** Absent: none are set. */
  senders?: Omit<SenderRules, 'aiActorId'>;
}

const isMail = ({ direction, senders }: Message): boolean =>
  direction === 'incoming' && senders.some(({ address }) => address?.type === 'HS_EMAIL_ADDRESS');

/**
 * Gives what these messages of a portal are read by. HubSpot is asked for the portal's own people where mail is among
 * them.
 */
export const senderRulesOf = async (
  {
    client,
    aiActorId,
    senders,
  }: Pick<HubSpotPortal, 'aiActorId' | 'senders'> & {
    client: Pick<HubSpotClient, 'ownPeople'>;
  },
  messages: readonly Message[],
): Promise<SenderRules> => ({
  ...senders,
  aiActorId,
  ...(messages.some(isMail) ? { own: await client.ownPeople() } : {}),
});
