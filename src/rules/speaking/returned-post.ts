import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import { asksForRating, postKeyOf } from '../replying/own-post.ts';
import { isNewer } from './burst.ts';
import { speakerOf } from './speaker.ts';

/** A message of the AI's that a mail server has sent back. */
export interface ReturnedPost {
  messageId: MessageId;
  /** It was no reply, but said that agents will answer. */
  isNotice: boolean;
}

// Mail servers write these while they still try: it may arrive yet.
const DELAYED =
  /(?:^|\b)(?:delay(?:ed)?\b|action: ?delayed|warning:? (?:message|could not)|still (?:being )?(?:retried|trying)|will (?:be )?retr(?:y|ied)|will continue to (?:try|be)|delivery attempts will continue|not need to resend|verzögert|retard[ée]|retrasad|ritardat|vertraagd)/iu;

/** Says whether a bounce says no more than that the mail is late. */
export const isDelay = ({ subject, text }: Pick<Message, 'subject' | 'text'>): boolean =>
  DELAYED.test(subject ?? '') || DELAYED.test(text);

const isNotice = ({ postKey }: Message): boolean => postKey?.startsWith(postKeyOf('' as MessageId, 'told')) ?? false;

/**
 * Finds what a bounce on a thread is about: the AI's last message before it. `null` where an agent has written to the
 * customer since, who has the bounce before them, where the AI has written nothing, or where it has only asked for a
 * rating, for which nobody waits.
 */
export const returnedPost = (
  messages: readonly Message[],
  bounce: Message,
  aiActorId: ActorId,
): ReturnedPost | null => {
  const last = messages.findLast(
    (other) =>
      other.kind === 'message' &&
      isNewer(bounce, other) &&
      (asksForRating(other) || ['ai', 'agent'].includes(speakerOf(other, aiActorId))),
  );
  if (!last || speakerOf(last, aiActorId) !== 'ai') return null;
  return { messageId: last.id, isNotice: isNotice(last) };
};
