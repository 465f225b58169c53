import { HUBSPOT_CHANNELS } from '../../hubspot/channels.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { amountInWords, numberInWords } from '../../rules/amounts.ts';
import type { TestQuestionResult } from '../../runs/test-question.ts';
import type { TestedQuestion } from '../../temporal/test-questions.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import { type FormKeys, hidden } from './action-forms.ts';
import { linked, table } from './parts.ts';
import { TEST_PATH } from './paths.ts';

/** What stands in the form. */
export interface TestForm {
  portals: readonly PortalId[];
  portal: string;
  channel: string;
  question: string;
}

const WOULD: Record<TestQuestionResult['would'], string> = {
  send: 'The customer would get this answer',
  approve: 'The answer would wait for a person to approve it',
  draft: 'Agents would get this as a draft',
  handoff: 'The conversation would go to agents',
  nothing: 'Nobody would get anything',
  'no-answer': 'There is no answer',
};

const LOOK: Record<TestQuestionResult['would'], string> = {
  send: 'replied',
  approve: 'awaits-approval',
  draft: 'drafted',
  handoff: 'handed-off',
  nothing: 'skipped',
  'no-answer': 'needs-attention',
};

/** Asks for a question to try. */
export const testForm = (
  { portals, portal, channel, question }: TestForm,
  { formKey, once }: FormKeys,
  problem: string | null = null,
): Html => {
  const option = (value: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen ? ' selected' : ''}>${value}</option>`;
  if (portals.length === 0) return html`<p>There is no portal yet: connect one first.</p>`;
  return html`<p>Asks the AI as a customer would, by a run of its own on the workers. Nothing is posted, and no conversation is counted. The limits of calls and costs apply.</p>
${problem === null ? NOTHING : html`<p role="alert" class="problem">${problem}</p>`}
<form method="post" action="${TEST_PATH}" class="test">${hidden('key', formKey)}${hidden('once', once)}
<label class="stacked"><span class="faint">Question</span><textarea name="question" rows="4" maxlength="20000" required>${question}</textarea></label>
<div class="pair"><label class="stacked"><span class="faint">Portal</span><select name="portal">${portals.map((id) => option(id, portal))}</select></label>
<label class="stacked"><span class="faint">Channel</span><select name="channel">${HUBSPOT_CHANNELS.map((name) => option(name, channel))}</select></label>
<button>Ask</button></div>
</form>`;
};

const scores = ({ near, sources }: TestQuestionResult): Html => {
  if (near.length === 0) return html`<p>The AI searches elsewhere, or no article has a word of it.</p>`;
  const used = new Set(sources.map(({ title, path }) => `${path} ${title}`));
  const rows = near.map(
    ({ title, path, score }) =>
      html`<td>${title} <code class="faint">${path}</code></td><td class="number">${score.toFixed(2)}</td><td>${used.has(`${path} ${title}`) ? 'used' : ''}</td>`,
  );
  return table('Articles near to the question', ['Article', 'Score, 0 to 1', 'In the answer'], rows);
};

const list = (lines: readonly string[], none: string): Html =>
  lines.length === 0 ? html`<p>${none}</p>` : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

const costOf = ({ spent }: TestQuestionResult): string => {
  if (!spent) return 'Not known: a search of articles costs nothing, and other AIs may not say what they took.';
  const tokens = `${numberInWords(spent.inputTokens)} tokens read, ${numberInWords(spent.outputTokens)} written`;
  return spent.cost === null ? `${tokens}, but no prices are set.` : `${tokens}: ${amountInWords(spent.cost)}.`;
};

const resultPart = (result: TestQuestionResult, casePath: string): Html => {
  const { would, reason, text, sources, confidence, rules, tools, instructions, language } = result;
  const extra = sources.filter(({ path }) => !result.near.some((one) => one.path === path));
  return html`<p><span class="chip ${LOOK[would]}">${WOULD[would]}</span>${reason === undefined ? NOTHING : html` ${reason}`}</p>
${text === '' ? NOTHING : html`<div class="said ${would === 'send' ? 'ai' : 'draft'}"><span class="who">AI${would === 'send' ? '' : ', not sent'}</span><p class="text">${text}</p></div>`}
<p class="faint">${confidence === null ? 'The AI says nothing of how sure it is' : `${Math.round(confidence * 100)} % sure`}${language === undefined ? '' : ` · language ${language}`}${instructions === undefined ? '' : ` · instructions ${instructions}`}</p>
<h2>Sources and scores</h2>
${scores(result)}
${extra.length === 0 ? NOTHING : html`<p>The answer also names: ${extra.map(({ title }) => title).join(', ')}.</p>`}
<h2>Rules that fired</h2>
${list(rules, 'None.')}
<h2>Tools</h2>
${list(tools, 'None was called.')}
<h2>Cost</h2>
<p>${costOf(result)}</p>
${would === 'no-answer' ? NOTHING : html`<p><a href="${casePath}" download>Save as an eval case</a> <span class="faint">YAML for <code>npm run eval -- FILE</code>. It expects what came of it now: correct it where that is wrong.</span></p>`}`;
};

/** A tried question, and what came of it so far. */
export const testedPart = ({ asked, result }: TestedQuestion, path: string, runUrl: string | null): Html => {
  const run = runUrl === null ? NOTHING : html` · ${linked('Run in Temporal', runUrl)}`;
  const head = html`<div class="said customer"><span class="who">Question</span><p class="text">${asked.question}</p></div>
<p class="faint">Portal ${asked.portalId} · ${asked.channel}${asked.by === undefined ? '' : ` · asked by ${asked.by}`}${run}</p>`;
  if (result === null)
    return html`${head}\n<p role="status" class="notice">The AI is at work. This page looks again by itself.</p>`;
  if ('failed' in result)
    return html`${head}\n<p role="alert" class="problem">The question could not be asked: ${result.failed}</p>`;
  return html`${head}\n${resultPart(result, `${path}/case.yaml`)}`;
};
