import { authorOf, isMachineActor } from '../../hubspot/author.ts';
import type { Message, MessageAuthor } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { automaticMail } from '../mail/automatic-mail.ts';
import { asksForRating } from '../replying/own-post.ts';

/**
 * The one who said something on a thread. `bot` is any machine that isn't our AI; it is one too that asks for a rating.
 */
export type Speaker = 'customer' | 'ai' | 'agent' | 'bot';

const SPEAKERS: Record<MessageAuthor, Speaker> = {
  customer: 'customer',
  ai: 'ai',
  agent: 'agent',
  colleague: 'agent',
  bot: 'bot',
  machine: 'bot',
  ignored: 'bot',
};

/**
 * Says who speaks, as the message was read; of one that wasn't by the sender's actor first: HubSpot's `direction` is
 * known to be wrong for agents' mails. What went out without a known actor, or came from an address of the portal's
 * own, counts as an agent's: then someone has
 * answered the customer.
 */
export const speakerOf = (message: Message, aiActorId: ActorId): Speaker => {
  if (asksForRating(message)) return 'bot';
  if (message.reading) return SPEAKERS[message.reading.author];
  const actor = authorOf(message)?.actorId ?? null;
  if (actor === aiActorId) return 'ai';
  if (actor?.startsWith('A-')) return 'agent';
  if (message.kind === 'welcome' || isMachineActor(actor)) return 'bot';
  if (message.direction === 'outgoing') return 'agent';
  if (automaticMail(message) !== null) return 'bot';
  return message.fromOwnAddress ? 'agent' : 'customer';
};
