import { waitInWords } from '../../rules/duration.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import type { Reading } from './overview.ts';

/** A moment in UTC. */
export const time = (date: Date): Html => {
  const iso = date.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
};

/** How long something has lasted, in ms: the number and its unit stay on one line. `null`: not known. */
export const lasted = (ms: number | null): Html =>
  html`<span class="number">${waitInWords(ms === null ? null : Math.max(0, ms))}</span>`;

/** Text that leads somewhere, where it is known to. `label`: what it is, for who hears it without its place. */
export const linked = (text: string, url: string | null, label?: string): Html => {
  if (url === null) return html`${text}`;
  const named = label ? html` aria-label="${label}"` : NOTHING;
  return html`<a href="${url}" rel="noreferrer"${named}>${text}</a>`;
};

/** A table that scrolls by itself where the window is narrow. */
export const table = (
  label: string,
  heads: readonly string[],
  rows: readonly Html[],
): Html => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row}</tr>\n`)}</tbody>
</table></div>`;

/** A section under its heading; where it could not be read, why. */
export const part = <Value>(title: string, reading: Reading<Value>, show: (value: Value) => Html): Html => {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${'known' in reading ? show(reading.known) : html`<p class="problem">${reading.unknown}</p>`}
</section>
`;
};
