import { authorOf } from '../../hubspot/author.ts';
import { canSendTo, channelName, EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Destination, Message, Party } from '../../hubspot/conversation.ts';
import { hasVisible } from '../../hubspot/visible.ts';
import { automaticMail } from '../mail/automatic-mail.ts';
import { bareSubject } from '../mail/mail-subject.ts';
import type { PortalSettings } from '../settings.ts';

/** `Re:` once, however often the conversation went back and forth, and in whose language. */
export const replySubject = (subject: string | null): string => {
  const bare = bareSubject(subject ?? '').subject;
  return hasVisible(bare) ? `Re: ${bare}` : 'Re: your message';
};

/** Says whether a copy to this address would be read: not where a machine's mailbox answers, or nobody's. */
const isRead = (party: Party): boolean =>
  automaticMail({ channelId: EMAIL_CHANNEL_ID, senders: [party], subject: null }) === null;

/**
 * The way back to the customer, or the reason why the API has none; then the answer can only be a draft for agents.
 *
 * The channel account is always the message's own: HubSpot accepts another one and mails from the wrong address. An
 * email recipient goes without `actorId`, because HubSpot refuses `E-` actors ("not supported for receiving"). HubSpot
 * copies nobody by itself: with `replyAll`, whoever else got the customer's mail gets the answer too, but for mailboxes
 * that nobody reads.
 */
export const routeReply = (
  message: Message,
  { aiActorId, replyAll = false }: PortalSettings,
): Destination | { unsendable: string } => {
  const { channelId, channelAccountId, subject } = message;
  if (!canSendTo(channelId)) return { unsendable: `HubSpot's API can't send on ${channelName(channelId)}` };
  const author = authorOf(message);
  if (!channelId || !channelAccountId || !author?.address) {
    return { unsendable: 'the message names no address to answer to' };
  }
  const isEmail = channelId === EMAIL_CHANNEL_ID;
  // A form whose sender is to be answered (ANSWER_SENDERS), where HubSpot doesn't say who filled it in.
  if (isEmail && automaticMail({ channelId, senders: [author], subject: null }) === 'no-reply-sender')
    return { unsendable: 'nobody reads what goes to its sender, and HubSpot names no other address' };
  const cc = isEmail && replyAll ? (message.mail?.others ?? []).filter(isRead) : [];
  return {
    channelId,
    channelAccountId,
    senderActorId: aiActorId,
    recipient: {
      actorId: !isEmail && author.actorId?.startsWith('V-') ? author.actorId : null,
      name: author.name,
      field: isEmail ? 'TO' : null,
      address: author.address,
    },
    ...(cc.length === 0 ? {} : { cc }),
    subject: isEmail ? replySubject(subject) : null,
  };
};
