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

/** An article by its title, which leads to the page that it stands on, where it stands on one. */
const named = ({ title, path }: Source): string => {
  if (!/^https?:\/\/\S+$/.test(path)) return title;
  const url = path.replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${title.replaceAll('[', '(').replaceAll(']', ')')}](${url})`;
};

const sourceLine = (sources: Source[]): string =>
  `${sources.length === 1 ? 'Source' : 'Sources'}: ${sources.map(named).join(', ')}`;

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
  const whole = (words: string, told: Source[]): string =>
    [words, ...(told.length === 0 ? [] : [sourceLine(told)]), ...(signature === null ? [] : [signature])].join('\n\n');
  const lengthOf = (words: string, told: Source[] = []): number => toPlainText(whole(words, told)).length;
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

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * The internal comment that asks whether a tool may be called. `preview`: what exactly would be; a model has chosen its
 * values, so nothing in it is a mark or a link. `how`: the way to decide.
 */
export const toolApprovalBody = (tool: string, preview: string, how: string): PostBody => {
  const asked = `The AI would like to call ${tool} before it answers:`;
  return {
    text: `${asked}\n\n${preview}\n\n${how}`,
    richText: `<p>${escaped(asked)}</p><pre>${escaped(preview)}</pre><p>${escaped(how)}</p>${RESPONSE_MARKER}`,
  };
};

/** The internal comment of a run that has had something called, and has not answered. */
export const toolCallsBody = (called: readonly string[]): PostBody =>
  marked(`The AI has not answered, but has had these called before:\n\n${called.map((one) => `- ${one}`).join('\n')}`);

/** An internal comment that informs agents. */
export const noteBody = (markup: string): PostBody => marked(markup);

/** The internal comment that hands the thread to agents. */
export const handoffBody = (reason: string): PostBody => marked(`${HANDOFF_MARKER}\n\nReason: ${reason}`);
