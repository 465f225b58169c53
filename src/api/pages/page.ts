import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { htmlDocument } from './document.ts';
import { type Html, html, NOTHING, sendHtml } from './html.ts';
import { STYLE } from './style.ts';

// Within the page: where a proxy lets only single paths through, a style sheet of its own would be missing.
const style = html`${STYLE}`;
const onlyThisStyle = `style-src 'sha256-${createHash('sha256').update(style.text).digest('base64')}'; `;

/** Sends a plain page for people. Its address holds secrets of the installation: no other site is to learn it. */
export const sendPage = (
  response: Response,
  {
    status,
    title,
    paragraphs,
    form = NOTHING,
    forCustomers,
  }: {
    status: number;
    title: string;
    paragraphs: string[];
    form?: Html;
    /** In this language; absent: for operators. */
    forCustomers?: string;
  },
): void => {
  const body = html`<main class="narrow">
<h1>${title}</h1>
${paragraphs.map((text) => html`<p>${text}</p>\n`)}${form}
</main>`;
  const reader = forCustomers === undefined ? {} : { language: forCustomers, customers: true };
  const page = htmlDocument(title, html`<style>${style}</style>`, body, reader);
  sendHtml(response, page, { status, allowed: onlyThisStyle, referrer: 'no-referrer' });
};
