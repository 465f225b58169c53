import { type Html, html } from './html.ts';

/** A whole page for people. `style`: the element that brings the style sheet, or leads to it. */
export const htmlDocument = (title: string, style: Html, body: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Threadkeeper</title>
${style}
</head>
<body>
${body}
</body>
</html>
`;
