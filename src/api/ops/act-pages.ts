import { messageOf } from '../../temporal/conversations.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { type FormKeys, hidden } from './action-forms.ts';
import type { Act, Action, Became, Item } from './actions.ts';
import { linked } from './parts.ts';
import { ACT_PATH, CONVERSATIONS_PATH, DRAFTS_PATH, OPS_PATH } from './paths.ts';
import { conversationPath, itemValue } from './run-parts.ts';

const VERBS: Record<Action, string> = {
  send: 'Approve and send',
  edit: 'Send my words',
  skip: 'Skip',
  pause: 'Pause the AI',
  resume: 'Resume the AI',
  handoff: 'Hand off',
  retry: 'Retry',
};

const CONSEQUENCES: Record<Action, string> = {
  send: 'Each of these drafts goes to its customer.',
  edit: 'Your words go to the customer.',
  skip: 'No answer goes out to these customers.',
  pause: 'The AI says nothing on these threads, and a comment on each says so.',
  resume: 'The AI may speak on these threads again.',
  handoff:
    'Each of these threads goes to agents, with a ticket where handoffs make one, and its customer may get a notice.',
  retry: 'Each of these runs begins again from its start.',
};

const BACK: Record<Action, [path: string, name: string]> = {
  send: [DRAFTS_PATH, 'drafts'],
  edit: [DRAFTS_PATH, 'drafts'],
  skip: [DRAFTS_PATH, 'drafts'],
  pause: [CONVERSATIONS_PATH, 'conversations'],
  resume: [CONVERSATIONS_PATH, 'conversations'],
  handoff: [CONVERSATIONS_PATH, 'conversations'],
  retry: [OPS_PATH, 'what matters now'],
};

const named = ({ workflowId }: Item): Html => {
  const message = messageOf(workflowId);
  return message === null
    ? html`<code>${workflowId}</code>`
    : linked(`Thread ${message.threadId}`, conversationPath(message));
};

const wayBack = (action: Action): Html => html`<p><a href="${BACK[action][0]}">Back to ${BACK[action][1]}</a></p>`;

/** Asks whether several items are really meant. */
export const confirmPart = ({ action, items, text, once }: Act, { formKey }: Pick<FormKeys, 'formKey'>): Html => {
  const fields = { key: formKey, once, action, text, confirmed: 'yes' };
  return html`<p><strong>${CONSEQUENCES[action]}</strong>${text === '' ? NOTHING : html` With: ${text}`}</p>
<ul>${items.map((item) => html`<li>${named(item)}</li>`)}</ul>
<form method="post" action="${ACT_PATH}" class="actions">${Object.entries(fields).map(([name, value]) => hidden(name, value))}${items.map((item) => hidden('item', itemValue(item)))}<button>${VERBS[action]}: all ${items.length}</button></form>
${wayBack(action)}`;
};

const SIGNS: Record<Became['how'], string> = { done: 'Done', taken: 'Under way', failed: 'Not done' };

/** Says what became of each item. */
export const resultsPart = ({ action }: Act, became: readonly Became[]): Html => {
  const ended = became.filter(({ how }) => how === 'done').length;
  const rows = became.map(
    ({ item, how, words }) =>
      html`<li class="row result"><p>${named(item)}</p><p><span class="chip ${how}">${SIGNS[how]}</span> ${words}</p></li>\n`,
  );
  return html`<p role="status" class="notice">${VERBS[action]}: ${ended} of ${became.length} done.</p>
<ol class="rows">
${rows}</ol>
${wayBack(action)}`;
};

/** Says why nothing was done. */
export const nothingPart = (why: string, action: Action | null): Html =>
  html`<p role="alert" class="problem">Nothing was done: ${why}</p>\n${wayBack(action ?? 'pause')}`;
