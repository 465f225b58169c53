import { authorOf, mailAddress } from '../hubspot/author.ts';
import type { Conversation } from '../hubspot/conversation.ts';
import type { ActorId } from '../hubspot/ids.ts';
import { speakerOf } from '../rules/speaking/speaker.ts';
import type { HubSpotPortal } from './reading.ts';

/** Finds the customer: the author of the newest message that a customer wrote. */
const customerOf = ({ messages }: Conversation, aiActorId: ActorId): { email: string | null; name: string | null } => {
  const newest = messages.findLast(
    (message) => message.kind === 'message' && speakerOf(message, aiActorId) === 'customer',
  );
  const author = newest ? authorOf(newest) : null;
  return { email: mailAddress(author?.address), name: author?.name ?? null };
};

/**
 * The contact of whoever writes in this conversation, made where there is none yet; `null` for one without an email
 * address.
 */
export const contactIn = async (
  { crm, aiActorId }: Pick<HubSpotPortal, 'crm' | 'aiActorId'>,
  conversation: Conversation,
): Promise<string | null> => {
  const { contactId } = conversation.thread;
  if (contactId !== null && (await crm.hasContact(contactId))) return contactId;
  const { email, name } = customerOf(conversation, aiActorId);
  if (email === null) return null;
  // A lost POST needs no other care than this look: an address is of one contact only.
  return (await crm.contactWithEmail(email)) ?? (await crm.createContact({ email, name }));
};
