import type { Source } from '../../ai/backend.ts';
import { HANDOFF_MARKER, RESPONSE_MARKER } from '../../hubspot/markers.ts';
import { toHtml, toPlainText } from '../../hubspot/markup.ts';
import { shorten } from './shorten.ts';

/** The body of a post: plain text for chats, the same as HTML for email and HubSpot's inbox. */
export interface PostBody {
  text: string;
  richText: string;
}

/** Only richText carries the marker: in `text` a chat customer would read it. */
const marked = (markup: string): PostBody => ({
  text: toPlainText(markup),
  richText: `${toHtml(markup)}${RESPONSE_MARKER}`,
});

const sourceLine = (sources: Source[]): string =>
  `${sources.length === 1 ? 'Source' : 'Sources'}: ${sources.map(({ title }) => title).join(', ')}`;

/** A reply is made of these, beside the answer. */
export interface ReplyParts {
  sources?: Source[];
  /** This stands below a mail. */
  signature?: string | null;
  /** The whole may be this long, in characters as the customer reads them; absent: as long as it is. */
  longest?: number;
}

/**
 * The reply as the customer reads it, with the article that it was taken from, and a mail's signature below. Where the
 * whole is longer than it may be, the sources give way, then the end of the answer.
 */
export const replyBody = (
  answer: string,
  { sources = [], signature = null, longest = Number.POSITIVE_INFINITY }: ReplyParts = {},
): PostBody => {
  const whole = (words: string, named: Source[]): string =>
    [words, ...(named.length === 0 ? [] : [sourceLine(named)]), ...(signature === null ? [] : [signature])].join(
      '\n\n',
    );
  const lengthOf = (words: string, named: Source[] = []): number => toPlainText(whole(words, named)).length;
  return lengthOf(answer, sources) <= longest
    ? marked(whole(answer, sources))
    : marked(whole(shorten(answer, longest, lengthOf), []));
};

/** Makes a reply an internal comment, for an agent to check and send. `why` says what kept the AI from sending it. */
export const draftBody = (reply: PostBody, why: string): PostBody => {
  const above = `AI draft (${why}):`;
  return { text: `${above}\n\n${reply.text}`, richText: `${toHtml(above)}${reply.richText}` };
};

/** The internal comment beside an answer that was given without some of the files. */
export const unreadFilesBody = (kinds: readonly string[]): PostBody =>
  marked(
    `The AI answered without a look into what came along (${kinds.join(', ')}): it couldn't read it. Please ` +
      'see for yourself.',
  );

/** An internal comment that informs agents. */
export const noteBody = (markup: string): PostBody => marked(markup);

/** The internal comment that hands the thread to agents. */
export const handoffBody = (reason: string): PostBody => marked(`${HANDOFF_MARKER}\n\nReason: ${reason}`);
