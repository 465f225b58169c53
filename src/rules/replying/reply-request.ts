import type { ReplyRequest, TranscriptLine } from '../../ai/backend.ts';
import { authorOf } from '../../hubspot/author.ts';
import { channelName, EMAIL_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import type { Session } from '../../sessions/store.ts';
import { type SplitMail, splitQuotedHistory } from '../mail/quoted-history.ts';
import { type Speaker, speakerOf } from '../speaking/speaker.ts';
import { withinBounds } from './request-bounds.ts';

/** So much of a long thread goes to the AI. */
const TRANSCRIPT_LINES = 30;
/** Of a quoted history, in characters: its beginning is the newest of it. */
const QUOTED_LENGTH = 8_000;

const isLine = (speaker: Speaker): speaker is TranscriptLine['from'] => speaker !== 'bot';

/** A message's own words, and what it quotes. Only emails quote; a chat's `>` is the customer's. */
export const splitMessage = ({ channelId, attachments }: Message, text: string): SplitMail => {
  if (channelId !== EMAIL_CHANNEL_ID) return { said: text, quoted: null };
  const { said, quoted } = splitQuotedHistory(text);
  return said === '' && attachments.length === 0 ? { said: text, quoted: null } : { said, quoted };
};

/**
 * What the AI is told: the burst as its questions, in full where HubSpot had cut it and without the history that mails quote, what was said before as the
 * transcript, and who asks; both within bounds (`withinBounds`). Internal comments are not part of it: they are not for the customer.
 */
export const buildReplyRequest = (
  { thread, messages, isPartial }: Conversation,
  burst: Message[],
  fullTexts: { messageId: MessageId; text: string }[],
  session: Session,
  aiActorId: ActorId,
): ReplyRequest => {
  const asked = new Set(burst.map(({ id }) => id));
  const inFull = new Map(fullTexts.map(({ messageId, text }) => [messageId, text]));
  const newest = burst.at(-1);
  const author = newest ? authorOf(newest) : null;
  const asking = burst.map((message) => splitMessage(message, inFull.get(message.id) ?? message.text));
  const before = messages
    .filter(({ id, kind }) => kind === 'message' && !asked.has(id))
    .flatMap((message) => {
      const from = speakerOf(message, aiActorId);
      return isLine(from)
        ? [{ from, text: splitMessage(message, message.text).said, attachments: message.attachments }]
        : [];
    });
  const isOlderLeftOut = isPartial === true || before.length > TRANSCRIPT_LINES;
  return {
    portalId: thread.portalId,
    threadId: thread.id,
    channel: channelName(newest?.channelId ?? null),
    ...withinBounds(
      asking.map(({ said }) => said),
      before.slice(-TRANSCRIPT_LINES),
      isOlderLeftOut,
    ),
    quoted: asking.findLast(({ quoted }) => quoted !== null)?.quoted?.slice(0, QUOTED_LENGTH) ?? null,
    attachments: burst.flatMap(({ id, attachments }) => attachments.map((one) => ({ ...one, messageId: id }))),
    contact: {
      name: author?.name ?? null,
      email: author?.address?.type === 'HS_EMAIL_ADDRESS' ? author.address.value : null,
    },
    contactId: thread.contactId,
    ticketId: thread.ticketId,
    customData: session.customData,
    aiSessionId: session.aiSessionId,
  };
};
