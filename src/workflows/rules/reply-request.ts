import type { ReplyRequest, TranscriptLine } from '../../ai/backend.ts';
import { authorOf } from '../../hubspot/author.ts';
import { channelName } from '../../hubspot/channels.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import type { Session } from '../../sessions/store.ts';
import { type Speaker, speakerOf } from './speaker.ts';

/** So much of a long thread goes to the AI. */
const TRANSCRIPT_LINES = 30;

const isLine = (speaker: Speaker): speaker is TranscriptLine['from'] => speaker !== 'bot';

/**
 * What the AI is told: the burst as its questions, in full where HubSpot had cut it, what was said before as the
 * transcript, and who asks. Internal comments are not part of it: they are not for the customer.
 */
export const buildReplyRequest = (
  { thread, messages }: Conversation,
  burst: Message[],
  fullTexts: { messageId: MessageId; text: string }[],
  session: Session,
  aiActorId: ActorId,
): ReplyRequest => {
  const asked = new Set(burst.map(({ id }) => id));
  const inFull = new Map(fullTexts.map(({ messageId, text }) => [messageId, text]));
  const newest = burst.at(-1);
  const author = newest ? authorOf(newest) : null;
  return {
    portalId: thread.portalId,
    threadId: thread.id,
    channel: channelName(newest?.channelId ?? null),
    questions: burst.map(({ id, text }) => inFull.get(id) ?? text),
    attachments: burst.flatMap(({ attachments }) => attachments),
    transcript: messages
      .filter(({ id, kind }) => kind === 'message' && !asked.has(id))
      .flatMap((message) => {
        const from = speakerOf(message, aiActorId);
        return isLine(from) ? [{ from, text: message.text, attachments: message.attachments }] : [];
      })
      .slice(-TRANSCRIPT_LINES),
    contact: {
      name: author?.name ?? null,
      email: author?.address?.type === 'HS_EMAIL_ADDRESS' ? author.address.value : null,
    },
    customData: session.customData,
    aiSessionId: session.aiSessionId,
  };
};
