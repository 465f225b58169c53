import type { Message, Party } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';

/** Who said something on a thread. `bot` is any machine that isn't our AI. */
export type Speaker = 'customer' | 'ai' | 'agent' | 'bot';

const MACHINE = /^[BLSI]-/;

/** Who wrote a message. Of a forwarded email that is its original sender. */
export const authorOf = ({ senders }: Message): Party | null =>
  senders.find((sender) => sender.field === 'ORIGINAL_FROM') ??
  senders.find((sender) => sender.field === 'FROM') ??
  senders[0] ??
  null;

/**
 * Tells who speaks, by the sender's actor first: HubSpot's `direction` is known to be wrong for agents' mails. What
 * went out without a known actor counts as an agent's: then someone has answered the customer.
 */
export const speakerOf = (message: Message, aiActorId: ActorId): Speaker => {
  const actor = authorOf(message)?.actorId ?? null;
  if (actor === aiActorId) return 'ai';
  if (actor?.startsWith('A-')) return 'agent';
  if (message.kind === 'welcome' || (actor !== null && MACHINE.test(actor))) return 'bot';
  return message.direction === 'outgoing' ? 'agent' : 'customer';
};
