import type { Source } from '../../ai/backend.ts';
import { HANDOFF_MARKER, RESPONSE_MARKER } from '../../hubspot/markers.ts';
import { toHtml, toPlainText } from './markup.ts';

/** What is written on a thread: plain text for chats, the same as HTML for email and HubSpot's inbox. */
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

/** The reply as the customer reads it, with the article that it was taken from, and a mail's signature below. */
export const replyBody = (answer: string, sources: Source[], signature: string | null = null): PostBody =>
  marked(
    [answer, ...(sources.length === 0 ? [] : [sourceLine(sources)]), ...(signature === null ? [] : [signature])].join(
      '\n\n',
    ),
  );

/** Makes a reply an internal comment, for an agent to check and send. `why` says what kept the AI from sending it. */
export const draftBody = (reply: PostBody, why: string): PostBody => {
  const above = `AI draft (${why}):`;
  return { text: `${above}\n\n${reply.text}`, richText: `${toHtml(above)}${reply.richText}` };
};

/** The internal comment beside an answer that was given without some of the files. */
export const unreadFilesBody = (kinds: readonly string[]): PostBody =>
  marked(
    `The AI answered without a look into what came along (${kinds.join(', ')}): it couldn't read it. Please see for yourself.`,
  );

/** An internal comment that tells agents something. */
export const noteBody = (markup: string): PostBody => marked(markup);

/** The internal comment that hands the thread to agents. */
export const handoffBody = (reason: string): PostBody => marked(`${HANDOFF_MARKER}\n\nReason: ${reason}`);
