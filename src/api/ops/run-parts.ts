import type { EscalationReason } from '../../rules/escalation/escalation.ts';
import { whySilent } from '../../rules/why-answer.ts';
import { AWAITS_APPROVAL } from '../../runs/outcomes.ts';
import type { MessageRun } from '../../temporal/conversations.ts';
import type { RunWords } from '../../temporal/run-words.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import type { Item } from './actions.ts';
import { adviceOn } from './advice.ts';
import { linked } from './parts.ts';
import { CONVERSATIONS_PATH } from './paths.ts';

/** How a run ended, for people who don't know the product's words. */
export const OUTCOME_NAMES: Record<string, string> = {
  replied: 'AI answered',
  drafted: 'Draft for agents',
  'handed-off': 'Handed off',
  skipped: 'AI stayed silent',
  'needs-attention': 'Needs a person',
  [AWAITS_APPROVAL]: 'Draft to approve',
  open: 'At work or waiting',
};

export const outcomeName = ({ outcome, isOpen }: Pick<MessageRun, 'outcome' | 'isOpen'>): string => {
  if (isOpen && outcome !== AWAITS_APPROVAL) return 'At work';
  return OUTCOME_NAMES[outcome ?? ''] ?? outcome ?? 'Broke off';
};

/** Why an answer was held back. */
const HELD_BACK: Record<EscalationReason, string> = {
  'low-confidence': 'the AI was not sure enough',
  'no-source': 'the answer names no source',
  'rule-words': 'a rule about words',
  'rule-topic': 'a rule about the topic',
  'rule-sentiment': 'a rule about the mood',
  'rule-property': 'a rule about the contact or the ticket',
  'rule-language': 'a rule about the language',
  'rule-channel': 'a rule about the channel',
};

/** The reason of a run in words. */
export const reasonName = (reason: string): string => {
  const silent = whySilent(reason);
  if (silent !== null) return silent;
  if (Object.hasOwn(HELD_BACK, reason)) return HELD_BACK[reason as EscalationReason];
  const { what } = adviceOn({ cause: reason, isOpen: false });
  return what === reason ? reason.replaceAll('-', ' ') : what;
};

/** A short word with a colour by how a run ended. */
export const outcomeChip = (run: Pick<MessageRun, 'outcome' | 'isOpen'>): Html =>
  html`<span class="chip ${run.isOpen && run.outcome !== AWAITS_APPROVAL ? 'open' : (run.outcome ?? 'broken')}">${outcomeName(run)}</span>`;

export const conversationPath = ({ portalId, threadId }: Pick<MessageRun, 'portalId' | 'threadId'>): string =>
  `${CONVERSATIONS_PATH}/${portalId}/${threadId}`;

export const hubspotThread = ({ portalId, threadId }: Pick<MessageRun, 'portalId' | 'threadId'>): Html =>
  linked(
    'In HubSpot',
    `https://app.hubspot.com/live-messages/${portalId}/inbox/${threadId}`,
    `Thread ${threadId} in HubSpot`,
  );

/** As a form's field carries an item. */
export const itemValue = ({ runId, workflowId }: Item): string => `${runId}/${workflowId}`;

/** The inverse of {@link itemValue}; `null`: it is none. */
export const itemIn = (value: unknown): Item | null => {
  const [, runId, workflowId] = /^([\w-]{1,64})\/([^\p{Cc}]{1,1000})$/u.exec(String(value)) ?? [];
  return runId === undefined || workflowId === undefined ? null : { runId, workflowId };
};

const EXCERPT = 180;

/** The beginning of a text, in one line. */
export const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT).toWellFormed().trimEnd()}…` : line;
};

const said = (who: string, kind: string, text: string): Html =>
  html`<div class="said ${kind}"><span class="who">${who}</span><p class="text">${text}</p></div>`;

/** What was asked and said, in full. */
export const wordsInFull = ({ asked, answer, wanted, handoff, sent, sources, confidence, decided }: RunWords): Html => {
  const isEdited = sent !== null && answer !== null && !sent.includes(answer.trim());
  const from = sources.map(({ title, path }) => html`<li>${title} <code class="faint">${path}</code></li>`);
  return html`${asked.map((text) => said('Customer', 'customer', text))}
${answer === null ? NOTHING : said(sent === null ? 'AI, not sent' : isEdited ? "The AI's draft" : 'AI', sent === null ? 'draft' : 'ai', answer)}
${wanted.map((call) => said('The AI wants to call', 'draft', call))}
${isEdited ? said('Sent', 'ai', sent) : NOTHING}
${handoff === null ? NOTHING : html`<p class="faint">The AI handed off: ${handoff}</p>`}
${decided === null ? NOTHING : html`<p class="faint">Decided by ${decided.by ?? 'an agent'}: ${decided.decision}</p>`}
${from.length === 0 ? NOTHING : html`<p class="faint">From${confidence === null ? '' : html`, ${Math.round(confidence * 100)} % sure`}:</p><ul class="sources">${from}</ul>`}`;
};
