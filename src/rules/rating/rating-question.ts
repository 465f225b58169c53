import { channelName, EMAIL_CHANNEL_ID, longestText } from '../../hubspot/channels.ts';
import type { Destination, Message } from '../../hubspot/conversation.ts';
import type { PortalId, ThreadId } from '../../hubspot/ids.ts';
import { type PostBody, replyBody } from '../replying/post-body.ts';
import { routeReply } from '../replying/reply-route.ts';
import { mailSignature } from '../replying/what-to-post.ts';
import type { PortalSettings } from '../settings.ts';
import { ownOf, textIn } from '../texts.ts';
import type { RatingSettings } from './rating-settings.ts';
import { RATING_WORDS } from './words.ts';

/** Names one ask, and who may answer it. */
export interface RatingLink {
  portalId: PortalId;
  threadId: ThreadId;
  /** HubSpot's, of the closing. */
  eventId: string;
  token: string;
}

/** The address at which a customer rates; `base` is that of all of them. The page is in the message's language. */
export const ratingUrl = (
  base: string,
  { portalId, threadId, eventId, token }: RatingLink,
  language: string | undefined,
): string => {
  const own = ownOf(RATING_WORDS.link, language) ?? 'en';
  return `${base}/${portalId}/${threadId}-${eventId}/${token}?lang=${own}`;
};

/**
 * The question for a rating, and where it goes: to whom the AI's answer to `message` went. An email has a link; on
 * every other channel a number is the answer. Or why it can't be asked.
 */
export const ratingQuestion = (
  message: Message,
  settings: PortalSettings & { csat: RatingSettings },
  { language, ...link }: RatingLink & { language: string | undefined },
): { words: PostBody; to: Destination } | { none: 'unsendable' } => {
  const { channelId } = message;
  const question = textIn(settings.csat.messages, language);
  const base = settings.links?.rating;
  const isEmail = channelId === EMAIL_CHANNEL_ID;
  const to = routeReply(message, settings);
  if ('unsendable' in to || question === null || (isEmail && base === undefined)) return { none: 'unsendable' };
  const answer = isEmail
    ? `[${textIn(RATING_WORDS.link, language)}](${ratingUrl(base ?? '', link, language)})`
    : `${textIn(RATING_WORDS.scale, language)}`;
  const longest = longestText(channelName(channelId));
  return { words: replyBody(`${question}\n\n${answer}`, { signature: mailSignature(message, settings), longest }), to };
};
