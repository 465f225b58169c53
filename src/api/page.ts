import type { Response } from 'express';
import { type Html, html, NOTHING, sendHtml } from './html.ts';

/** Sends a plain page for people. Its address holds secrets of the installation: no other site is to learn it. */
export const sendPage = (
  response: Response,
  { status, title, paragraphs, form = NOTHING }: { status: number; title: string; paragraphs: string[]; form?: Html },
): void => {
  const page = html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<h1>${title}</h1>
${paragraphs.map((text) => html`<p>${text}</p>\n`)}${form}
`;
  sendHtml(response, page, { status, allowed: '', referrer: 'no-referrer' });
};
