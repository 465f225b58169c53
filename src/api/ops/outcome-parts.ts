import type { Source } from '../../ai/backend.ts';
import { averageInWords, type Figures, type OutcomeReport, type OutcomeWindow } from '../../reports/outcome-report.ts';
import { shareInWords } from '../../rules/amounts.ts';
import { durationWords } from '../../rules/duration.ts';
import { threadUrl } from '../../rules/thread-url.ts';
import type { HandoffReasonCode, WaitingCustomers } from '../../sessions/outcomes.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { outcomeChart } from './outcome-chart.ts';
import { lasted, linked, table, time } from './parts.ts';
import { dayBars } from './skip-chart.ts';
import type { TemporalLinks } from './temporal-links.ts';

const REASONS: Record<HandoffReasonCode, string> = {
  'no-answer': 'Nothing it knows answers it',
  unclear: 'It stayed unclear what was meant',
  'asks-for-person': 'The customer asked for a person',
  files: "Files that it can't read",
  'not-sendable': 'Its answer broke a rule',
  rule: 'A rule of yours said so',
  unsure: 'It was not sure enough',
  limit: 'A limit was reached',
  'ai-failed': 'It failed',
  'ai-decided': 'It decided so',
  'agent-took-over': 'An agent wrote after its answer',
  unknown: 'Not known',
};

/** Bars of more days don't fit beside their numbers on a phone. */
const DAYS_SHOWN = 14;

const threadLinks = (portalId: string, threadId: string, links: TemporalLinks): Html =>
  html`${linked(threadId, threadUrl(portalId, threadId), `Thread ${threadId} in HubSpot`)}${links.list('') === null ? NOTHING : html` <span class="faint">${linked('runs', links.list(`HubSpotThreadId="${threadId}"`), `Runs of thread ${threadId} in Temporal`)}</span>`}`;

/** Customers who wait for an agent, the longest wait first. */
export const waitsPart = ({ count, longest }: WaitingCustomers, links: TemporalLinks, now: Date): Html => {
  const [oldest] = longest;
  if (oldest === undefined) return html`<p>Nobody: each thread that the AI handed off has an agent's answer.</p>`;
  const waited = (since: number): Html => lasted(now.getTime() - since);
  const rows = longest.map(
    ({ portalId, threadId, channel, since, cause }) =>
      html`<td>${waited(since)}</td><td>${threadLinks(portalId, threadId, links)}</td><td>${channel}</td><td>${cause === null ? "An agent's word, or a reply that did not arrive" : REASONS[cause]}</td><td>${portalId}</td>`,
  );
  return html`<p><strong>${count === 1 ? '1 customer waits' : `${count} customers wait`}</strong> for an agent's first word since the AI handed over, the longest for ${waited(oldest.since)}. Of the last 7 days.</p>
${table('Customers who wait', ['Waits', 'Thread', 'Channel', 'Handed over because', 'Portal'], rows)}`;
};

const windowName = ({ days }: OutcomeWindow): string => (days === 1 ? 'Today' : `${days} days`);

/** Of these a zero says something. */
const ALWAYS = 4;

const MEASURES: [string, (window: OutcomeWindow) => Html | string | number, ((figures: Figures) => number) | null][] = [
  ['Conversations', ({ figures }) => figures.conversations, ({ conversations }) => conversations],
  ['Resolved by the AI', ({ figures }) => figures.resolved, ({ resolved }) => resolved],
  ['Resolved, of those over', ({ figures }) => shareInWords(figures.resolvedShare), null],
  ['Handed off', ({ figures }) => figures['handed-off'], (figures) => figures['handed-off']],
  ['Reopened since', ({ figures }) => figures.reopened, ({ reopened }) => reopened],
  ['Drafts for agents', ({ figures }) => figures.drafted, ({ drafted }) => drafted],
  ['Left with its question', ({ figures }) => figures['asked-back'], (figures) => figures['asked-back']],
  ['Answered, not yet over', ({ figures }) => figures.open, ({ open }) => open],
  ['Skipped, or at work', ({ figures }) => figures.skipped, ({ skipped }) => skipped],
  ['Shadow drafts', ({ figures }) => figures.shadow, ({ shadow }) => shadow],
  ['First answer, median', ({ medianMs }) => lasted(medianMs), null],
];

const numbers = (cells: readonly (Html | string | number)[]): Html[] =>
  cells.map((cell) => html`<td class="number">${cell}</td>`);

/** What became of conversations. */
export const outcomesPart = (report: OutcomeReport): Html => {
  const { windows, byDay, by, resolvedAfterMs } = report;
  const longest = windows.at(-1);
  if (!longest || longest.figures.conversations === 0)
    return html`<p>No conversation in ${longest?.days ?? 0} days.</p>`;
  const days = byDay.slice(-DAYS_SHOWN);
  const most = Math.max(1, ...days.map(({ figures }) => figures.conversations));
  const names = windows.map(windowName);
  const shown = MEASURES.filter(([, inWindow], at) => at < ALWAYS || windows.some((window) => inWindow(window) !== 0));
  const measures = shown.map(([name, inWindow, onDay]) => {
    const bars =
      onDay === null
        ? NOTHING
        : dayBars(
            days.map(({ day }) => day),
            days.map(({ figures }) => onDay(figures)),
            most,
          );
    return html`<th scope="row">${name}</th>${numbers(windows.map(inWindow))}<td>${bars}</td>`;
  });
  const reasons = longest.reasons.map(({ reason }) => {
    const counts = windows.map((window) => window.reasons.find((one) => one.reason === reason)?.count ?? 0);
    return html`<th scope="row">${REASONS[reason]}</th>${numbers(counts)}`;
  });
  const groups = Object.entries(by).flatMap(([what, some]) =>
    some.map(
      ({ name, figures }) =>
        html`<th scope="row"><span class="faint">${what}</span> ${name}</th>${numbers([figures.conversations, shareInWords(figures.resolvedShare), figures['handed-off'], figures.drafted])}`,
    ),
  );
  return html`<p>By the UTC day on which a conversation began. It is resolved once the customer is silent for ${durationWords(resolvedAfterMs)} after the AI's answer: docs/outcomes.md says how each is counted.</p>
${outcomeChart({ windows, byDay })}
${table('Conversations by outcome', ['Outcome', ...names, `Last ${days.length} days`], measures)}
${reasons.length === 0 ? NOTHING : html`<h3>Handed off because</h3>\n${table('Reasons of handoffs', ['Reason', ...names], reasons)}`}
<h3>By portal, channel and language, ${longest.days} days</h3>
${table('Outcomes by portal, channel and language', ['Where', 'Conversations', 'Resolved', 'Handed off', 'Drafts'], groups)}${ratingsPart(report)}`;
};

const article = (source: Source | null): Html =>
  source === null ? html`none is near` : html`${source.title} <code class="faint">${source.path}</code>`;

/** What customers said who were asked how good the help was. */
const ratingsPart = ({ ratings: { all, by }, windows }: OutcomeReport): Html => {
  if (all.asked === 0) return NOTHING;
  const rows = by.map(
    ({ portal, channel, asked, answered, average, goodShare }) =>
      html`<th scope="row">${portal} <span class="faint">${channel}</span></th>${numbers([asked, answered, averageInWords(average), shareInWords(goodShare)])}`,
  );
  return html`
<h3>Ratings by customers, ${windows.at(-1)?.days ?? 0} days</h3>
<p>${all.answered} of ${all.asked} customers who were asked have rated, from 1 to 5: ${averageInWords(all.average)} on average, ${shareInWords(all.goodShare)} gave 4 or 5.</p>
${table('Ratings by portal and channel', ['Where', 'Asked', 'Rated', 'Average', '4 and 5'], rows)}`;
};

/** What nobody could answer, the most frequent first. */
export const gapsPart = ({ gaps, windows }: OutcomeReport, links: TemporalLinks): Html => {
  const days = windows.at(-1)?.days ?? 0;
  if (gaps.length === 0) return html`<p>None in ${days} days.</p>`;
  const isShown = gaps.some(({ question }) => question !== null);
  const rows = gaps.map(({ count, lastAt, question, nearest, threads }) => {
    const first = isShown ? html`<td>${question ?? html`<span class="faint">no longer kept</span>`}</td>` : NOTHING;
    const [newest] = threads;
    const example = newest ? threadLinks(newest.portalId, newest.threadId, links) : NOTHING;
    return html`${first}<td>${article(nearest)}</td><td class="number">${count}</td><td>${example}</td><td>${time(new Date(lastAt))}</td>`;
  });
  const heads = [...(isShown ? ['The newest question'] : []), 'Nearest article', 'Threads', 'Newest', 'Last (UTC)'];
  return html`<p>What customers asked in ${days} days that the AI could not answer, ${isShown ? 'like questions together' : 'by the article that was nearest'}. An article that answers it closes the gap.</p>
${table('Questions without an answer', heads, rows)}`;
};

/** How articles did, those most used first. */
export const articlesPart = ({ articles, windows }: OutcomeReport): Html => {
  if (articles.length === 0) return html`<p>None was used in ${windows.at(-1)?.days ?? 0} days.</p>`;
  const rows = articles.map(
    (used) =>
      html`<td>${article(used)}</td>${numbers([used.uses, used.failures, shareInWords(used.uses === 0 ? null : used.failures / used.uses)])}`,
  );
  return html`<p>How many replies were taken from each article, and after how many of them an agent was needed anyway.</p>
${table('Articles by use', ['Article', 'Replies', 'Agent needed', 'Share'], rows)}`;
};
