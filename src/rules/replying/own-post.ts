import { authorOf } from '../../hubspot/author.ts';
import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';

/**
 * A run can put these on a thread for a customer's message. The kind is part of the post's key, and code that looks for
 * a post of ours goes by it, never by the words. A draft `for-approval` waits for an agent's decision; `limit-…` hands
 * over because of that limit; `undelivered` is about one of our own; `unread-files` stands beside an answer; `command`
 * answers an agent's comment; `told` says that agents will answer, and `not-picked-up` that none has. `tool-approval`
 * asks whether a tool may be called, and `tool-calls` says which were where no answer came of it. `rating` asks the
 * customer how good the help was.
 */
export const POST_KINDS = [
  'replied',
  'drafted',
  'for-approval',
  'handed-off',
  'limit-replies',
  'limit-ceiling',
  'limit-calls',
  'needs-attention',
  'undelivered',
  'unread-files',
  'command',
  'told',
  'not-picked-up',
  'tool-approval',
  'tool-calls',
  'rating',
] as const;
export type PostKind = (typeof POST_KINDS)[number];

/** These kinds of posts settle a message, and how. */
const ANSWERS = {
  replied: 'replied',
  drafted: 'drafted',
  'for-approval': 'drafted',
  'handed-off': 'handed-off',
  'limit-replies': 'handed-off',
  'limit-ceiling': 'handed-off',
  'limit-calls': 'handed-off',
} as const satisfies Partial<Record<PostKind, 'replied' | 'drafted' | 'handed-off'>>;
type Answer = keyof typeof ANSWERS;

/**
 * Names one post: the message that it answers, and how. The same in every attempt and every run of that message.
 * `number`: which one, of a kind that a run may post more than once; from 1.
 */
export const postKeyOf = (answered: MessageId, kind: PostKind, number = 1): string =>
  `${kind}${number === 1 ? '' : `-${number}`}.${answered}`;

/** The kind of the post with this key; `null` for one that no version knows. */
export const postKindIn = (key: string): PostKind | null =>
  POST_KINDS.find((kind) => key.replace(/^([a-z-]+)-\d+\./, '$1.').startsWith(postKeyOf('' as MessageId, kind))) ??
  null;

/** Says whether a post of ours asks the customer for a rating: that is nobody's answer to anything. */
export const asksForRating = ({ postKey }: Pick<Message, 'postKey'>): boolean =>
  postKey !== null && postKindIn(postKey) === 'rating';

/** The message that a post with this key answers. */
export const answeredIn = (key: string): MessageId => key.slice(key.indexOf('.') + 1) as MessageId;

/**
 * Finds what an earlier run of this message has already put on the thread, by its key; `null` when nothing, or when
 * HubSpot strips HTML comments.
 */
export const earlierPost = (
  messages: Message[],
  answered: MessageId,
): { outcome: (typeof ANSWERS)[Answer]; postedMessageId: MessageId } | null => {
  for (const kind of Object.keys(ANSWERS) as Answer[]) {
    const post = messages.find(({ postKey }) => postKey === postKeyOf(answered, kind));
    if (post) return { outcome: ANSWERS[kind], postedMessageId: post.id };
  }
  return null;
};

const normalised = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u200b-\u200d\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** A post of ours is recognised by this on the thread, where the answer to its POST was lost. */
export interface PostFingerprint {
  key: string;
  text: string;
  /** ISO time of the customer's message, by HubSpot's clock: no answer to it is older. */
  since: string;
}

/**
 * The post on the thread that a lost answer was about, or `null` when it never took effect. HubSpot has no idempotency
 * key, so every signal counts: the key where HubSpot kept it; else our own author with the same words since then. A
 * message's author stays the AI's actor, a comment's becomes the app (`I-`). HubSpot may cut our own message, hence the
 * prefix.
 *
 * `lostAfter`: only where a POST's fate is unknown: the newest message before it. What the AI's actor has written since
 * is that POST then, even if HubSpot shows other words; but for the small chance that another run's reply came just
 * then.
 */
export const findOwnPost = (
  messages: Message[],
  sought: PostFingerprint,
  aiActorId: ActorId,
  lostAfter?: MessageId | null,
): MessageId | null => {
  const unseen = lostAfter === undefined ? [] : messages.slice(messages.findIndex(({ id }) => id === lostAfter) + 1);
  const wanted = normalised(sought.text);
  const isOurs = (message: Message): boolean => {
    if (message.postKey !== null) return message.postKey === sought.key;
    const author = authorOf(message)?.actorId ?? null;
    if (author !== aiActorId && !author?.startsWith('I-') && message.integrationAppId === null) return false;
    if (Date.parse(message.createdAt) < Date.parse(sought.since)) return false;
    if (message.kind === 'message' && author === aiActorId && unseen.includes(message)) return true;
    const found = normalised(message.text);
    return found === wanted || (message.truncated && found !== '' && wanted.startsWith(found));
  };
  return messages.find(isOurs)?.id ?? null;
};
