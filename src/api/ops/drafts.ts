import type { MessageRun } from '../../temporal/conversations.ts';
import type { RunWords } from '../../temporal/run-words.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { actionForm, CHOSEN, draftActions, editAction, type FormKeys, hidden } from './action-forms.ts';
import { lasted, linked } from './parts.ts';
import { conversationPath, hubspotThread, itemValue, wordsInFull } from './run-parts.ts';

/** A run whose draft waits, with its words where they may be shown and were read. */
export interface Draft {
  run: MessageRun;
  words: RunWords | null;
}

/** The drafts that are shown, of how many. */
export interface Drafts {
  shown: Draft[];
  count: number;
  /** There are more than were counted. */
  more: boolean;
  /** Words may be shown. */
  showText: boolean;
}

const ROWS = 8;

type Choose = 'nothing' | 'some' | 'all';

const checkbox = (run: MessageRun, of: string, choose: Choose): Html =>
  choose === 'nothing'
    ? NOTHING
    : html`<label class="choose"><input type="checkbox" name="item" value="${itemValue(run)}" form="${CHOSEN}"${choose === 'all' ? ' checked' : ''} aria-label="Choose ${of}"></label>`;

const card = ({ run, words }: Draft, keys: FormKeys, now: Date, choose: Choose): Html => {
  const wantsCall = words !== null && words.wanted.length > 0;
  const of = `the ${wantsCall ? 'call' : 'draft'} on thread ${run.threadId}`;
  const waited = lasted(now.getTime() - run.startedAt.getTime());
  return html`<li class="card">
<div class="card-head">${checkbox(run, of, choose)}<p><strong>Waits ${waited}</strong> <span class="faint">${run.channel ?? ''} · portal ${run.portalId} · ${linked(`thread ${run.threadId}`, conversationPath(run))} · ${hubspotThread(run)}<br>Workflow ID <code>${run.workflowId}</code></span></p></div>
${words === null ? NOTHING : wordsInFull(words)}
${actionForm(keys, html`${hidden('item', itemValue(run))}${draftActions(of, wantsCall)} ${wantsCall ? NOTHING : editAction(of, words?.answer ?? '', ROWS)}`)}
</li>
`;
};

/** The number of drafts in words. */
export const countOfDrafts = ({ count, more }: Pick<Drafts, 'count' | 'more'>): string =>
  `${count}${more ? ' or more' : ''} ${count === 1 && !more ? 'draft waits' : 'drafts wait'}`;

/**
 * Drafts that wait for an agent, those that wait longest first. `choose`: whether they can be
 * chosen, and all of them are.
 */
export const draftsPart = (drafts: Drafts, keys: FormKeys, { now, choose }: { now: Date; choose: Choose }): Html => {
  const { shown, count, showText } = drafts;
  if (count === 0) {
    return html`<p>None. Drafts wait here where the AI is set to <code>approve</code>, or where an answer is held back for it.</p>`;
  }
  const unread = showText
    ? NOTHING
    : html`<p class="notice">The drafts' words are not shown here: read each in HubSpot before you approve it, or set <code>OPS_SHOW_TEXT=true</code> for the API.</p>`;
  return html`<p>${countOfDrafts(drafts)} for a person${shown.length < count ? `, and the ${shown.length} that wait longest are below` : ''}. What you decide is done by the run that wrote the draft, as <code>/ai send</code>, <code>/ai edit</code> and <code>/ai skip</code> do.</p>
${unread}
<ol class="cards">
${shown.map((draft) => card(draft, keys, now, choose))}</ol>`;
};

/** The bar with which several drafts are decided at once. */
export const draftsBar = (keys: FormKeys, allPath: string): Html =>
  html`<div class="bar"><span class="faint">Chosen drafts:</span> ${actionForm(keys, draftActions('the chosen drafts'), CHOSEN)} <a href="${allPath}">Choose all</a></div>`;
