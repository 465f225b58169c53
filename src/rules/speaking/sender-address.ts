import { EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Message } from '../../hubspot/conversation.ts';
import { bareSubject } from '../mail/mail-subject.ts';
import { splitMessage } from '../replying/reply-request.ts';
import { routeReply } from '../replying/reply-route.ts';
import type { PortalSettings } from '../settings.ts';

/** By what messages of one sender on several threads are compared. */
export interface SenderKeys {
  /** The address that an answer goes to, without the tag after a plus. */
  address: string;
  /** The message's words; `null`: nothing that could be compared. */
  words: string | null;
  /** The same without the subject and without whatever has a digit in it. */
  gist: string | null;
  /** The channel account that it came to. */
  mailbox: string | null;
}

/** `Desk+4711@Example.com` is `desk@example.com`: mail programs and help desks put what they like after the plus. */
const withoutTag = (address: string): string =>
  address
    .trim()
    .toLowerCase()
    .replace(/^([^+@]+)\+[^@]*@/, '$1@');

const spaced = (text: string): string => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

const orNull = (text: string): string | null => (text === '' ? null : text);

/**
 * The keys of a message's sender; `null` where an answer goes to no address, as in live chat: there only the thread
 * knows who writes.
 */
export const senderKeys = (message: Message, settings: PortalSettings): SenderKeys | null => {
  const route = routeReply(message, settings);
  if ('unsendable' in route) return null;
  const { type, value } = route.recipient.address ?? { type: '', value: '' };
  if (type !== 'HS_EMAIL_ADDRESS' && type !== 'HS_PHONE_NUMBER') return null;
  const said = spaced(splitMessage(message, message.text).said);
  const subject = message.channelId === EMAIL_CHANNEL_ID ? spaced(bareSubject(message.subject ?? '').subject) : '';
  // Only a file: what is in it nobody has compared.
  const words = said === '' ? '' : `${subject}\n${said}`;
  const gist = spaced(said.replace(/\S*\p{Nd}\S*/gu, ' '));
  return { address: withoutTag(value), words: orNull(words), gist: orNull(gist), mailbox: message.channelAccountId };
};

/** Ends the reason of every such handoff, whatever the number before it. */
export const ADDRESS_CAPPED = 'on several threads: two machines may be writing to each other';

/** Says why a message goes to agents in place of the AI. */
export const addressCapReason = (replies: number): string =>
  `this sender's address has got ${replies} answers within an hour ${ADDRESS_CAPPED}`;
