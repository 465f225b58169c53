import { type Html, html } from './html.ts';

/**
 * A whole page for people. `style`: the element that brings the style sheet, or leads to it. `language`: that of its
 * words. `customers`: it is for them, who have never heard of the product.
 */
export const htmlDocument = (
  title: string,
  style: Html,
  body: Html,
  { language = 'en', customers = false }: { language?: string; customers?: boolean } = {},
): Html => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${customers ? title : `${title} · Threadkeeper`}</title>
${style}
</head>
<body>
${body}
</body>
</html>
`;
