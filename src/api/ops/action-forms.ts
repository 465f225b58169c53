import { type Html, html } from '../pages/html.ts';
import type { Action } from './actions.ts';
import { ACT_PATH } from './paths.ts';

/** The id of the form that does one thing for everything that is chosen on a page. */
export const CHOSEN = 'chosen';

const PAUSES: [length: string, name: string][] = [
  ['', 'until resumed'],
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
];

/** What every form of an action carries. `once`: sent twice, it is one action. */
export interface FormKeys {
  formKey: string;
  once: string;
}

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

const actionButton = (action: Action, name: string, label: string, look = 'quiet'): Html =>
  html`<button name="action" value="${action}" class="${look}" aria-label="${label}">${name}</button>`;

/** Begins a form of actions; the rest of it stands in `body`. */
export const actionForm = ({ formKey, once }: FormKeys, body: Html, id?: string): Html =>
  html`<form method="post" action="${ACT_PATH}" class="actions"${id === undefined ? '' : html` id="${id}"`}>${hidden('key', formKey)}${hidden('once', once)}${body}</form>`;

/** Pause, resume and hand off: a thread's own, or those of all that are chosen (`of`). */
export const threadActions = (of: string): Html =>
  html`<span class="pair"><label><span class="faint">Pause</span> <select name="length">${PAUSES.map(([length, name]) => html`<option value="${length}">${name}</option>`)}</select></label> ${actionButton('pause', 'Pause', `Pause the AI on ${of}`)}</span>
${actionButton('resume', 'Resume', `Resume the AI on ${of}`)}
<span class="pair"><label><span class="faint">Because</span> <input name="why" maxlength="500" placeholder="optional" autocomplete="off"></label> ${actionButton('handoff', 'Hand off', `Hand off ${of}`)}</span>`;

/** Approve and skip. `isCall`: a tool waits to be called, and no draft to be sent. */
export const draftActions = (of: string, isCall = false): Html => {
  const approve = isCall ? 'Approve the call' : 'Approve and send';
  const skipped = isCall ? 'the tool is not called' : 'no answer goes out';
  return html`${actionButton('send', approve, `${isCall ? 'Approve' : approve} ${of}`, 'main')} ${actionButton('skip', 'Skip', `Skip ${of}: ${skipped}`)}`;
};

/** The words of an agent's in place of a draft. */
export const editAction = (of: string, text: string, rows: number): Html =>
  html`<details><summary>Edit</summary><label class="stacked"><span class="faint">Your words go out in place of the draft</span><textarea name="words" rows="${rows}" maxlength="20000">${text}</textarea></label>${actionButton('edit', 'Send my words', `Send my words in place of ${of}`)}</details>`;

export const retryAction = (of: string): Html => actionButton('retry', 'Retry', `Retry ${of}`);
