import type { Figures, OutcomeReport } from '../../reports/outcome-report.ts';
import { shareInWords } from '../../rules/amounts.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';

/** What conversations came to, in the order of the bars; each has a colour of its own in the style sheet. */
const KINDS: [kind: string, name: string, of: (figures: Figures) => number][] = [
  ['resolved', 'Resolved by the AI', ({ resolved }) => resolved],
  ['open', 'Answered, not yet over', ({ open, ...figures }) => open + figures['asked-back']],
  ['drafted', 'Drafts for agents', ({ drafted }) => drafted],
  ['handed-off', 'Handed off', (figures) => figures['handed-off']],
  ['skipped', 'Silent, or at work', ({ skipped, shadow }) => skipped + shadow],
];

const countsOf = (figures: Figures) => KINDS.map(([kind, name, of]) => ({ kind, name, count: of(figures) }));

const inWords = (figures: Figures): string =>
  countsOf(figures)
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name}: ${count}`)
    .join(', ') || 'none';

const WIDTH = 600;
const HEIGHT = 20;

/** One bar for a time, all of its width shared out. */
const shares = (name: string, figures: Figures): Html => {
  const total = countsOf(figures).reduce((sum, { count }) => sum + count, 0);
  let x = 0;
  const parts = countsOf(figures).map(({ kind, count }) => {
    const width = total === 0 ? 0 : (count / total) * WIDTH;
    const rect = html`<rect class="k-${kind}" x="${x.toFixed(1)}" width="${Math.max(0, width - 1).toFixed(1)}" height="${HEIGHT}"/>`;
    x += width;
    return width === 0 ? NOTHING : rect;
  });
  const label = `${name}: ${inWords(figures)}`;
  return html`<div class="share"><p>${name} <strong>${figures.conversations}</strong> <span class="faint">${figures.resolvedShare === null ? '' : `${shareInWords(figures.resolvedShare)} of those over resolved`}</span></p>
<svg role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"><title>${label}</title><rect class="k-none" width="${WIDTH}" height="${HEIGHT}"/>${parts}</svg></div>
`;
};

const COLUMN = 20;
const TALL = 120;

/** A column for each day, as high as it had conversations. */
const columns = (byDay: OutcomeReport['byDay']): Html => {
  const most = Math.max(1, ...byDay.map(({ figures }) => figures.conversations));
  const drawn = byDay.map(({ day, figures }, at) => {
    let y = TALL;
    const parts = countsOf(figures).map(({ kind, count }) => {
      const height = (count / most) * TALL;
      y -= height;
      const rect = html`<rect class="k-${kind}" x="${at * COLUMN + 2}" y="${y.toFixed(1)}" width="${COLUMN - 4}" height="${Math.max(0, height - 0.5).toFixed(1)}"/>`;
      return count === 0 ? NOTHING : rect;
    });
    return html`<g><title>${day}: ${inWords(figures)}</title><rect class="k-ground" x="${at * COLUMN + 2}" y="0" width="${COLUMN - 4}" height="${TALL}"/>${parts}</g>`;
  });
  const [first, last] = [byDay[0]?.day ?? '', byDay.at(-1)?.day ?? ''];
  const width = byDay.length * COLUMN;
  const label = `Conversations by day, ${first} to ${last}. The most of a day: ${most}`;
  return html`<figure class="columns"><svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${TALL}" preserveAspectRatio="none">${drawn}</svg>
<figcaption class="faint"><span>${first}</span><span>at most ${most} a day</span><span>${last}</span></figcaption></figure>`;
};

/** What became of conversations, as pictures: their numbers stand in the table below them. */
export const outcomeChart = ({ windows, byDay }: Pick<OutcomeReport, 'windows' | 'byDay'>): Html =>
  html`<ul class="legend">${KINDS.map(([kind, name]) => html`<li><svg aria-hidden="true" width="12" height="12"><rect class="k-${kind}" width="12" height="12" rx="2"/></svg> ${name}</li>`)}</ul>
<div class="shares">${windows.map(({ days, figures }) => shares(days === 1 ? 'Today' : `${days} days`, figures))}</div>
${columns(byDay)}`;
