import { htmlDocument } from '../pages/document.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { time } from './parts.ts';
import { ICON_PATH, LOGOUT_PATH, OPS_PATH, PAGES, STYLE_PATH } from './paths.ts';

/** Who looks, and when: what each page of the desk needs. */
export interface Around {
  /** Of the visit, for its forms. */
  formKey: string;
  /** How the visitor calls themselves; `null`: they have not said. */
  name: string | null;
  now: Date;
}

/** A page with the desk's style. `more`: other elements of its head. */
export const frame = (title: string, body: Html, more: Html = NOTHING): Html =>
  htmlDocument(
    title,
    html`<link rel="icon" href="${ICON_PATH}" type="image/svg+xml">\n<link rel="stylesheet" href="${STYLE_PATH}">${more}`,
    body,
  );

const navigation = (current: string): Html => {
  const links = PAGES.map(
    ([path, name]) => html`<a href="${path}"${path === current ? html` aria-current="page"` : NOTHING}>${name}</a> `,
  );
  return html`<nav aria-label="Desk">${links}</nav>`;
};

/** A page of the desk under its head. `current`: its path, or that of the page it belongs to; `address`: its own. */
export const deskPage = (
  {
    title,
    current,
    address = current,
    refresh,
  }: { title: string; current: string; address?: string; refresh?: number },
  { formKey, name, now }: Around,
  body: Html,
): Html =>
  frame(
    title,
    html`<header>
<h1>${current === OPS_PATH ? 'Threadkeeper: the desk' : title}</h1>
<p class="faint">As of ${time(now)} UTC. <a href="${address}">Refresh</a></p>
<form method="post" action="${LOGOUT_PATH}"><input type="hidden" name="key" value="${formKey}">${name === null ? NOTHING : html`<span class="faint">${name}</span> `}<button class="quiet">Sign out</button></form>
${navigation(current)}
</header>
<main>
${body}
</main>`,
    refresh === undefined ? NOTHING : html`\n<meta http-equiv="refresh" content="${refresh}">`,
  );
