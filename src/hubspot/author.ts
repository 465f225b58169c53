import type { DeliveryIdentifier, Message, Party } from './conversation.ts';
import type { ActorId } from './ids.ts';

/**
 * Finds who wrote a message. A mail that they pass on was written by another (`ORIGINAL_FROM`), who is its author only
 * where an agent passes it on to the inbox.
 */
export const authorOf = ({ senders }: Pick<Message, 'senders'>): Party | null => {
  const original = senders.find(({ field }) => field === 'ORIGINAL_FROM');
  const from = senders.find(({ field }) => field === 'FROM') ?? senders.find((sender) => sender !== original);
  return (from?.actorId?.startsWith('A-') ? (original ?? from) : (from ?? original)) ?? null;
};

/**
 * A mail address in lower case and without space around it: two spellings are one mailbox. `null` for what is none,
 * such as a phone number, and for a blank one, which names nobody.
 */
export const mailAddress = (identifier: DeliveryIdentifier | null | undefined): string | null =>
  identifier?.type === 'HS_EMAIL_ADDRESS' ? identifier.value.trim().toLowerCase() || null : null;

/** The {@link mailAddress} that a message's author wrote from; `null` where HubSpot names none. */
export const authorAddress = (message: Pick<Message, 'senders'>): string | null =>
  mailAddress(authorOf(message)?.address);

/** A chatflow, a workflow, HubSpot itself or an app by its actor: no person, and no address either. */
export const isMachineActor = (actorId: ActorId | null): boolean => /^[BLSI]-/.test(actorId ?? '');
