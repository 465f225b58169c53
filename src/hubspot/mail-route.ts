import type { MailRoute, Message, Party } from './conversation.ts';
import type { components } from './openapi.ts';
import { mailAddress } from './to-conversation.ts';

/** A mail to more people than that is a mailing, not a conversation: nobody is copied. */
const MOST_OTHERS = 20;

/**
 * Where an email came to. `accounts`: the mail addresses of the portal's channel accounts, by the accounts' ids. While
 * they are not known, nobody is copied: one of the addresses might be our own.
 */
export const mailRoute = (
  { channelAccountId, senders }: Message,
  recipients: components['schemas']['Recipient'][],
  accounts: ReadonlyMap<string, string>,
): MailRoute => {
  const to = accounts.get(channelAccountId ?? '') ?? null;
  if (to === null) return { to, others: [] };
  const left = new Set([...accounts.values(), ...senders.flatMap(({ address }) => mailAddress(address) ?? [])]);
  const others: Party[] = [];
  for (const { name, recipientField, deliveryIdentifier } of recipients) {
    const value = mailAddress(deliveryIdentifier);
    if (value === null || recipientField === 'BCC' || left.has(value)) continue;
    left.add(value);
    // HubSpot refuses the actors of addresses (`E-`) as recipients.
    others.push({ actorId: null, name: name ?? null, field: 'CC', address: { type: 'HS_EMAIL_ADDRESS', value } });
  }
  return { to, others: others.length > MOST_OTHERS ? [] : others };
};
