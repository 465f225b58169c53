import { HUBSPOT_CHANNELS } from '../../hubspot/channels.ts';
import { ESCALATION_REASONS } from '../../rules/escalation/escalation.ts';
import { SKIP_REASONS } from '../../rules/skip-reasons.ts';
import { ATTENTION_CAUSES } from '../../runs/outcomes.ts';
import type { SessionState } from '../../sessions/session-overview.ts';
import type { MessageRun } from '../../temporal/conversations.ts';
import type { RunWords } from '../../temporal/run-words.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { actionForm, CHOSEN, type FormKeys, threadActions } from './action-forms.ts';
import { PERIODS, RUN_OUTCOMES, type Search, SPEAKERS, searchQuery } from './filter.ts';
import { time } from './parts.ts';
import { CONVERSATIONS_PATH } from './paths.ts';
import { conversationPath, excerpt, itemValue, OUTCOME_NAMES, outcomeChip, reasonName } from './run-parts.ts';

/** A thread, by the newest of its runs that were found. */
export interface Conversation {
  newest: MessageRun;
  /** So many of its messages were found. */
  messages: number;
  /** `null`: not known. */
  speaker: SessionState | null;
  /** Of the newest run; `null`: they are not shown, or could not be read. */
  words: RunWords | null;
}

/** What a search has found. */
export interface Found {
  conversations: Conversation[];
  /** On all pages. */
  count: number;
  /** There are more than were looked at. */
  more: boolean;
  hasNextPage: boolean;
  showText: boolean;
  /** Who speaks is known here. */
  knowsSpeakers: boolean;
}

const option = (value: string, name: string, chosen: string | undefined): Html =>
  html`<option value="${value}"${value === (chosen ?? '') ? ' selected' : ''}>${name}</option>`;

const select = (name: string, label: string, chosen: string | undefined, options: readonly Html[], any = true): Html =>
  html`<label class="stacked"><span class="faint">${label}</span><select name="${name}">${any ? option('', 'Any', chosen) : NOTHING}${options}</select></label>`;

/** These are about runs of other types, or of what no customer wrote. */
const NOT_HERE = ['comment', 'outgoing', 'sender-is-agent', 'ticketing-disabled', 'empty-value', 'no-session'];
const SILENT = SKIP_REASONS.filter((reason) => !NOT_HERE.includes(reason));
const CAUSES = ATTENTION_CAUSES.filter((cause) => !SILENT.includes(cause as (typeof SILENT)[number]));

const group = (label: string, reasons: readonly string[], chosen: string | undefined): Html =>
  html`<optgroup label="${label}">${reasons.map((reason) => {
    const name = reasonName(reason);
    return option(reason, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, chosen);
  })}</optgroup>`;

/** What the list may be of: what support leads ask, in one click. */
const QUESTIONS: [name: string, search: Partial<Search>][] = [
  ['What the AI did yesterday', { period: 'yesterday' }],
  ['Where it may have been wrong', { period: 'month', corrected: true }],
  ['Handed off', { outcome: 'handed-off' }],
  ['Held back as unsure', { reason: 'low-confidence' }],
  ['Stayed silent', { outcome: 'skipped' }],
];

const questions = (search: Search): Html =>
  html`<p class="tabs">${QUESTIONS.map(([name, asked]) => {
    const query = searchQuery({ period: 'week', page: 1, ...asked });
    const isCurrent = query === searchQuery({ ...search, page: 1 });
    return html`<a href="${CONVERSATIONS_PATH}?${query}"${isCurrent ? html` aria-current="true"` : NOTHING}>${name}</a> `;
  })}</p>`;

const searchForm = (search: Search, portals: readonly string[], { showText, knowsSpeakers }: Found): Html => {
  const { q, period, portal, channel, outcome, reason, speaker, corrected } = search;
  const names = Object.entries;
  return html`<form method="get" action="${CONVERSATIONS_PATH}" class="search">
<label class="stacked wide"><span class="faint">${showText ? 'Thread, ticket or words' : 'Thread or ticket'}</span><input type="search" name="q" value="${q ?? ''}" maxlength="200"></label>
${select(
  'period',
  'Began',
  period,
  names(PERIODS).map(([value, name]) => option(value, name, period)),
  false,
)}
${select(
  'channel',
  'Channel',
  channel,
  HUBSPOT_CHANNELS.map((name) => option(name, name, channel)),
)}
${select(
  'outcome',
  'Outcome',
  outcome,
  RUN_OUTCOMES.map((value) => option(value, OUTCOME_NAMES[value] ?? value, outcome)),
)}
${select('reason', 'Reason', reason, [group('Stayed silent because', SILENT, reason), group('Held back because', ESCALATION_REASONS, reason), group('Needs a person because', CAUSES, reason)])}
${
  knowsSpeakers
    ? select(
        'speaker',
        'Who speaks now',
        speaker,
        names(SPEAKERS).map(([value, name]) => option(value, name, speaker)),
      )
    : NOTHING
}
${
  portals.length > 1
    ? select(
        'portal',
        'Portal',
        portal,
        portals.map((id) => option(id, id, portal)),
      )
    : NOTHING
}
${knowsSpeakers ? html`<label class="check"><input type="checkbox" name="corrected" value="1"${corrected ? ' checked' : ''}> An agent wrote after the AI's answer</label>` : NOTHING}
<button>Search</button> <a href="${CONVERSATIONS_PATH}">Reset</a>
</form>`;
};

const row = ({ newest, messages, speaker, words }: Conversation, isChosen: boolean): Html => {
  const of = `thread ${newest.threadId}`;
  const [asked] = words?.asked.slice(-1) ?? [];
  const answered = words?.sent ?? words?.answer ?? words?.handoff ?? null;
  return html`<li class="row">
<label class="choose"><input type="checkbox" name="item" value="${itemValue(newest)}" form="${CHOSEN}"${isChosen ? ' checked' : ''} aria-label="Choose ${of}"></label>
<div class="what"><p><a href="${conversationPath(newest)}">Thread ${newest.threadId}</a> <span class="faint">${newest.channel ?? ''}${messages > 1 ? ` · ${messages} messages` : ''} · portal ${newest.portalId}</span></p>
${asked === undefined ? NOTHING : html`<p class="preview"><span class="faint">Asked:</span> ${excerpt(asked)}</p>`}
${answered === null ? NOTHING : html`<p class="preview"><span class="faint">${words?.sent ? 'Answered' : words?.answer ? 'Not sent' : 'Handed off'}:</span> ${excerpt(answered)}</p>`}</div>
<p class="became">${outcomeChip(newest)}${newest.reason === null ? NOTHING : html` <span class="faint">${reasonName(newest.reason)}</span>`}${speaker === null ? NOTHING : html`<br><span class="faint">Speaks now: ${SPEAKERS[speaker]}</span>`}</p>
<p class="when faint">${time(newest.startedAt)}</p>
</li>
`;
};

/** What was found, and what can be done with it. */
export const conversationsPart = (
  search: Search,
  found: Found,
  keys: FormKeys,
  { portals, all }: { portals: readonly string[]; all: boolean },
): Html => {
  const { conversations, count, more, hasNextPage } = found;
  const link = (changes: Partial<Search>, name: string): Html =>
    html`<a href="${CONVERSATIONS_PATH}?${searchQuery(search, changes)}">${name}</a> `;
  const list =
    conversations.length === 0
      ? html`<p>No conversation fits. Choose a longer time or fewer filters. Temporal forgets runs after the retention of its namespace.</p>`
      : html`<div class="bar"><span class="faint">Chosen threads:</span> ${actionForm(keys, threadActions('the chosen threads'), CHOSEN)} <a href="${CONVERSATIONS_PATH}?${searchQuery(search)}&amp;choose=all">Choose all</a></div>
<ol class="rows">
${conversations.map((one) => row(one, all))}</ol>
<p>${search.page > 1 ? link({ page: search.page - 1 }, 'Newer') : NOTHING}${hasNextPage ? link({ page: search.page + 1 }, 'Older') : NOTHING}</p>`;
  return html`${questions(search)}
${searchForm(search, portals, found)}
<p class="faint">${count} ${count === 1 ? 'conversation' : 'conversations'}${more ? ', of the newest messages that fit: narrow the search to see others' : ''}. Times are UTC.${found.showText ? '' : ' OPS_SHOW_TEXT=true shows what was written.'}</p>
${list}`;
};
