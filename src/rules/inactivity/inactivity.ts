import { channelName, longestText } from '../../hubspot/channels.ts';
import type { Conversation, Destination, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import type { Silence } from '../../sessions/store.ts';
import { type PostKind, postKindIn } from '../replying/own-post.ts';
import { type PostBody, replyBody } from '../replying/post-body.ts';
import { routeReply } from '../replying/reply-route.ts';
import { mailSignature } from '../replying/what-to-post.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn } from '../speaking/autonomy.ts';
import { type OwnerSilence, ownerInWords, whyAiMayNotSpeak } from '../speaking/owner-gate.ts';
import { textIn } from '../texts.ts';

/** The portal's settings for a customer who doesn't reply to an answer of the AI's. */
export interface InactivitySettings {
  /** The customer has this long, in ms. */
  afterMs: number;
  /** Then the customer gets this message, by language; `*` is for all others. Empty: none. */
  messages: Record<string, string>;
  /** Then the thread is closed. */
  close: boolean;
}

const OWNER_WORDS: Record<Exclude<OwnerSilence, 'owned-by-human'>, string> = {
  unassigned: 'nobody owns the thread',
  'thread-spam': 'the thread is spam',
  'thread-archived': 'the thread is archived',
};

const SILENCE_WORDS: Record<Silence, string> = {
  paused: 'the AI is paused on the thread',
  'handed-off': 'agents have the thread',
};

/** A mail program wrote it: the customer has not. */
const UNWRITTEN: readonly unknown[] = ['auto-reply', 'read-receipt'];

/** Agents have the thread by these comments, whoever owns it. */
const FOR_AGENTS: readonly (PostKind | null)[] = [
  'handed-off',
  'limit-replies',
  'limit-ceiling',
  'limit-calls',
  'needs-attention',
  'undelivered',
];

const isForAgents = ({ kind, postKey, aiMarker }: Message): boolean =>
  kind === 'comment' && (postKey === null ? aiMarker : FOR_AGENTS.includes(postKindIn(postKey)));

/**
 * Says why nobody is reminded on this thread, and nothing is closed, in one line; `null` where the customer has not
 * replied and the AI may speak. Asked as long as the customer has time, and at its end. `message`: the customer's;
 * `replyId`: the AI's answer to it; `silenced`: the reason why the AI is to be silent there.
 */
export const whyLeftAlone = (
  { thread, messages }: Conversation,
  { message, replyId }: { message: Message; replyId: MessageId },
  settings: PortalSettings,
  silenced: Silence | null,
): string | null => {
  const level = autonomyOn(settings, message.channelId);
  if (settings.inactivity === undefined) return 'the portal does not want it any more';
  // Agents send there, so agents also decide what is over.
  if (level !== 'auto') return `on ${channelName(message.channelId)} the AI doesn't answer by itself`;
  if (thread.status === 'CLOSED') return 'the thread is closed';
  const forbidden = whyAiMayNotSpeak(thread, settings, level);
  if (forbidden === 'owned-by-human') return `${ownerInWords(thread)} owns the thread`;
  if (forbidden) return OWNER_WORDS[forbidden];
  if (silenced) return SILENCE_WORDS[silenced];
  const place = messages.findIndex(({ id }) => id === replyId);
  // So much was written since that the answer is not among the newest any more.
  if (place < 0) return 'the answer is not there any more';
  const since = messages.slice(place + 1);
  if (since.some(({ kind, reading }) => kind === 'message' && !UNWRITTEN.includes(reading?.kind)))
    return 'someone has written since';
  if (messages[place]?.undelivered) return 'the answer did not arrive';
  return since.some(isForAgents) ? 'agents have the thread' : null;
};

/**
 * The message to a customer who has not replied, and where it goes; or why there is none. It looks like every reply.
 */
export const inactivityNotice = (
  message: Message,
  language: string | undefined,
  settings: PortalSettings,
): { words: PostBody; to: Destination } | { none: string } => {
  const text = textIn(settings.inactivity?.messages ?? {}, language);
  if (text === null) return { none: 'no message is set' };
  const to = routeReply(message, settings);
  if ('unsendable' in to) return { none: to.unsendable };
  const longest = longestText(channelName(message.channelId));
  return { words: replyBody(text, { signature: mailSignature(message, settings), longest }), to };
};
