import type { PortalId, ThreadId } from '../../hubspot/ids.ts';
import { AWAITS_APPROVAL } from '../../runs/outcomes.ts';
import type { SessionState } from '../../sessions/session-overview.ts';
import type { GivenCommand, MessageRun } from '../../temporal/conversations.ts';
import type { RunWords } from '../../temporal/run-words.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import {
  actionForm,
  draftActions,
  editAction,
  type FormKeys,
  hidden,
  retryAction,
  threadActions,
} from './action-forms.ts';
import { SPEAKERS } from './filter.ts';
import { linked, time } from './parts.ts';
import { hubspotThread, itemValue, outcomeChip, reasonName, wordsInFull } from './run-parts.ts';
import type { TemporalLinks } from './temporal-links.ts';

/** One thread, as far as its runs tell. */
export interface OneConversation {
  portalId: PortalId;
  threadId: ThreadId;
  /** `null`: not known. */
  speaker: SessionState | null;
  /** The newest first. */
  messages: { run: MessageRun; words: RunWords | null }[];
  commands: GivenCommand[];
  more: boolean;
  showText: boolean;
}

const EDIT_ROWS = 6;

const messageActions = (run: MessageRun, words: RunWords | null, keys: FormKeys): Html => {
  const of = `message ${run.messageId}`;
  const form = (body: Html): Html => actionForm(keys, html`${hidden('item', itemValue(run))}${body}`);
  if (run.isOpen && run.outcome === AWAITS_APPROVAL)
    return form(
      html`${draftActions(`the draft to ${of}`)} ${editAction(`the draft to ${of}`, words?.answer ?? '', EDIT_ROWS)}`,
    );
  return !run.isOpen && run.outcome === 'needs-attention' ? form(retryAction(of)) : NOTHING;
};

const message = (
  { run, words }: OneConversation['messages'][number],
  keys: FormKeys,
  links: TemporalLinks,
): Html => html`<li class="card">
<div class="card-head"><p>${outcomeChip(run)}${run.reason === null ? NOTHING : html` <span class="faint">${reasonName(run.reason)}</span>`}</p><p class="faint">${time(run.startedAt)} · ${linked('run', links.run(run.workflowId, run.runId), `Run of message ${run.messageId} in Temporal`)}</p></div>
<p class="faint">Workflow ID <code>${run.workflowId}</code></p>
${words === null ? NOTHING : wordsInFull(words)}
${messageActions(run, words, keys)}
</li>
`;

const command = ({ startedAt, by, became }: GivenCommand): Html =>
  html`<li>${time(startedAt)} <strong>${by ?? 'An agent'}</strong>: ${became ?? 'at work'}</li>`;

/** A thread: what can be done with it, its messages, and what people have commanded on it. */
export const conversationPart = (
  { portalId, threadId, speaker, messages, commands, more, showText }: OneConversation,
  keys: FormKeys,
  links: TemporalLinks,
): Html => {
  const [newest] = messages;
  if (newest === undefined) {
    return html`<p>Temporal knows no message of this thread: it keeps runs for as long as its namespace is set to. ${hubspotThread({ portalId, threadId })}</p>`;
  }
  const of = `thread ${threadId}`;
  return html`<p>Portal ${portalId}${newest.run.channel === null ? '' : ` · ${newest.run.channel}`}${speaker === null ? '' : ` · speaks now: ${SPEAKERS[speaker]}`} · ${hubspotThread({ portalId, threadId })}${links.list('') === null ? NOTHING : html` · ${linked('Runs in Temporal', links.list(`HubSpotThreadId="${threadId}"`), `Runs in Temporal of ${of}`)}`}</p>
<section aria-label="What to do" class="bar">${actionForm(keys, html`${hidden('item', itemValue(newest.run))}${threadActions(of)}`)}</section>
<h2>Messages</h2>
${showText ? NOTHING : html`<p class="faint">OPS_SHOW_TEXT=true shows what was written.</p>`}
<ol class="cards">
${messages.map((one) => message(one, keys, links))}</ol>
${more ? html`<p>There are more, older ones.</p>` : NOTHING}
${commands.length === 0 ? NOTHING : html`<h2>What people did</h2>\n<p class="faint">Names of operators are those given at sign-in: nobody has checked them.</p>\n<ol class="story">${commands.map(command)}</ol>`}`;
};
