import type { AiAnswer } from '../../ai/backend.ts';
import type { ShadowComparison } from '../../ai/similarity.ts';
import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import type { HumanWords, ShadowDraft } from '../../sessions/shadow.ts';
import { isNewer } from '../speaking/burst.ts';
import { speakerOf } from '../speaking/speaker.ts';
import { splitMessage } from './reply-request.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** The shadow draft of an answer: nobody gets to see it. */
export const shadowDraft = (answer: AiAnswer, message: Message, { portalId, threadId }: OnThread): ShadowDraft => ({
  portalId,
  threadId,
  answeredMessageId: message.id,
  askedAt: Date.parse(message.createdAt),
  action: answer.action,
  words: answer.action === 'reply' ? answer.text : answer.reason,
});

/** An agent's own words to the customer, without the history that a mail quotes. */
export const humanWords = (message: Message, { portalId, threadId }: OnThread): HumanWords => ({
  portalId,
  threadId,
  messageId: message.id,
  at: Date.parse(message.createdAt),
  words: splitMessage(message, message.text).said,
});

/** Finds what agents wrote to the customer after this message, oldest first. */
export const writtenSince = (messages: Message[], message: Message, aiActorId: ActorId): Message[] =>
  messages.filter(
    (other) => other.kind === 'message' && isNewer(other, message) && speakerOf(other, aiActorId) === 'agent',
  );

/** Describes what the comparison came to, for the run's story. */
export const comparisonInWords = ({ verdict, similarity }: ShadowComparison): string =>
  verdict === 'handoff'
    ? 'an agent answered what the AI would have handed off'
    : `an agent's answer and the AI's draft are ${verdict}: ${similarity.toFixed(2)}`;
