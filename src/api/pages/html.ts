import type { Response } from 'express';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it stands in HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Text that is HTML already. Made by {@link html} only. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

const textOf = (part: Part): string => {
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escapeHtml(String(part));
};

/** HTML in which everything that is put in is escaped, unless it is {@link Html} itself. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((text, at) => text + (at < parts.length ? textOf(parts[at] as Part) : '')).join(''));

/** Nothing. */
export const NOTHING = html``;

/** Sends a page for people: not kept, not framed, and nothing in it but what `allowed` says. */
export const sendHtml = (
  response: Response,
  page: Html,
  { status, allowed, referrer }: { status: number; allowed: string; referrer: 'no-referrer' | 'same-origin' },
): void => {
  response
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'none'; ${allowed}frame-ancestors 'none'`,
      'Referrer-Policy': referrer,
      'X-Content-Type-Options': 'nosniff',
    })
    .type('html')
    .send(page.text);
};
