import { mailAddress } from './author.ts';
import type { MailRoute, Message, Party } from './conversation.ts';
import type { components } from './openapi.ts';

/**
 * Addresses of HubSpot's own, for any portal: where it logs mails (`bcc`, `forward`, and their like of a region), and
 * where mailboxes forward to. Who works at HubSpot has an address right at `hubspot.com`.
 */
const HUBSPOT_DOMAIN =
  /(?:^|\.)(?:(?:hs|hubspot)-inbox(?:-[a-z]+\d+)?\.com|hubspot(?:-[a-z]+\d+)?\.(?:com|net)|hubspotemail\.net)$/;

const isHubSpots = (address: string): boolean => {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return domain !== 'hubspot.com' && HUBSPOT_DOMAIN.test(domain);
};

/** The mailbox that an address leads to: what stands behind a plus is a tag. */
const mailboxOf = (address: string): string => address.replace(/\+[^@]*(?=@[^@]*$)/, '');

/** A mail to more people than that is a mailing, not a conversation: nobody is copied. */
const MOST_OTHERS = 20;

/**
 * Where an email came to. `accounts`: the mail addresses of the portal's channel accounts, by the accounts' ids. While
 * they are not known, nobody is copied: one of the addresses might be our own. Nor are HubSpot's own addresses, and
 * ours with a tag (`support+orders@…`): the answer would come back as a new mail.
 */
export const mailRoute = (
  { channelAccountId, senders }: Message,
  recipients: components['schemas']['Recipient'][],
  accounts: ReadonlyMap<string, string>,
): MailRoute => {
  const to = accounts.get(channelAccountId ?? '') ?? null;
  if (to === null) return { to, others: [] };
  const ours = new Set([...accounts.values()].map(mailboxOf));
  const left = new Set([...accounts.values(), ...senders.flatMap(({ address }) => mailAddress(address) ?? [])]);
  const others: Party[] = [];
  for (const { name, recipientField, deliveryIdentifier } of recipients) {
    const value = mailAddress(deliveryIdentifier);
    if (value === null || recipientField === 'BCC' || left.has(value)) continue;
    if (ours.has(mailboxOf(value)) || isHubSpots(value)) continue;
    left.add(value);
    // HubSpot refuses the actors of addresses (`E-`) as recipients.
    others.push({ actorId: null, name: name ?? null, field: 'CC', address: { type: 'HS_EMAIL_ADDRESS', value } });
  }
  return { to, others: others.length > MOST_OTHERS ? [] : others };
};
