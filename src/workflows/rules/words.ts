import type { Source } from '../../ai/backend.ts';
import { HANDOFF_MARKER, RESPONSE_MARKER } from '../../hubspot/markers.ts';

/** What is written on a thread: plain text for chats, the same as HTML for email and HubSpot's inbox. */
export interface Words {
  text: string;
  richText: string;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const toHtml = (text: string): string =>
  text
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`)
    .join('');

/** Only richText carries the marker: in `text` a chat customer would read it. */
const marked = (text: string): Words => ({ text, richText: `${toHtml(text)}${RESPONSE_MARKER}` });

/** The reply as the customer reads it, with the article that it was taken from. */
export const replyWords = (answer: string, sources: Source[]): Words =>
  marked(
    sources.length === 0
      ? answer
      : `${answer}\n\n${sources.length === 1 ? 'Source' : 'Sources'}: ${sources.map(({ title }) => title).join(', ')}`,
  );

/** The same as an internal comment, for an agent to check and send. `why` says what kept the AI from sending it. */
export const draftWords = (reply: Words, why: string): Words => marked(`AI draft (${why}):\n\n${reply.text}`);

/** The internal comment that hands the thread to agents. */
export const handoffWords = (reason: string): Words => marked(`${HANDOFF_MARKER}\n\nReason: ${reason}`);
