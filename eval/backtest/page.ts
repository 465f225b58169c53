import { htmlDocument } from '../../src/api/pages/document.ts';
import { type Html, html, NOTHING } from '../../src/api/pages/html.ts';
import { STYLE } from '../../src/api/pages/style.ts';
import { type BacktestFigures, figuresInWords, VERDICT_WORDS } from './figures.ts';
import { BACKTEST_VERDICTS, type Replayed } from './replay.ts';

/** Everything that the page and its JSON say. */
export interface Backtest {
  portalId: string;
  ai: string;
  /** ISO time. */
  at: string;
  /** Why it ended before its end; `null`: it did not. */
  stopped: string | null;
  figures: BacktestFigures;
  questions: Replayed[];
}

// The verdicts are chosen by radio buttons: the page has no script.
const CHOICES = ['all', ...BACKTEST_VERDICTS] as const;
const hiding = BACKTEST_VERDICTS.map(
  (verdict) => `body:has(#show-${verdict}:checked) article:not(.${verdict}) { display: none; }`,
).join('\n');

const PAGE_STYLE = `${STYLE}
article { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; margin: 1rem 0; background: var(--raised); }
article header { justify-content: space-between; }
article h3 { margin: 0; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.sides h4, .question h4 { margin: 0.75rem 0 0.25rem; font-size: 0.875rem; font-weight: 400; color: var(--faint); }
.words { margin: 0; padding: 0.5rem 0.75rem; background: var(--ground); border-radius: 0.375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.words + .words, .scroll + .scroll { margin-top: 0.75rem; }
.question .words { border-left: 0.25rem solid var(--link); }
.badge { font-weight: 600; }
.badge.alike { color: var(--good); }
.badge.failed, .badge.different { color: var(--problem); }
fieldset { border: 0; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; }
legend { padding: 0; color: var(--faint); }
fieldset label { display: inline-flex; gap: 0.4rem; align-items: center; min-height: 2.75rem; }
fieldset input { min-height: 0; width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
summary { cursor: pointer; min-height: 2rem; }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr; gap: 0; } }
${hiding}
`;

const SAID: Record<string, string> = {
  customer: 'the customer',
  ai: 'the AI',
  agent: 'an agent',
  bot: 'a bot',
  note: 'an internal comment',
};

const words = (text: string): Html => html`<p class="words">${text}</p>`;

const aiSide = ({ ai, failure }: Replayed): Html => {
  if (ai === null) return html`<h4>The AI failed</h4>${words(failure ?? '')}`;
  if (ai.action === 'handoff') return html`<h4>The AI hands off</h4>${words(ai.reason)}`;
  const from = ai.sources.map(({ title }) => title).join(', ');
  const sure = ai.confidence === null ? '' : `, sure by ${ai.confidence.toFixed(2)}`;
  return html`<h4>The AI would have said${sure}</h4>${words(ai.text)}${
    from === '' ? NOTHING : html`<p class="faint">From ${from}</p>`
  }`;
};

const card = (one: Replayed, index: number): Html => {
  const { threadId, askedAt, channel, subject, question, before, agent, verdict, similarity } = one;
  const like = similarity === null ? '' : ` (${similarity.toFixed(2)})`;
  return html`<article class="${verdict}" aria-labelledby="q${index}">
<header><h3 id="q${index}">${index + 1}. <span class="badge ${verdict}">${VERDICT_WORDS[verdict]}${like}</span></h3>
<span class="faint">thread ${threadId} · ${channel} · <time datetime="${askedAt}">${askedAt.slice(0, 16).replace('T', ' ')}</time></span></header>
${
  before.length === 0
    ? NOTHING
    : html`<details><summary class="faint">What was said before</summary>
${before.map(({ from, text }) => html`<h4 class="faint">${SAID[from] ?? from}</h4>${words(text)}\n`)}</details>`
}
<div class="question"><h4>The customer asked${subject === null ? '' : `, about “${subject}”`}</h4>${question.map((text) => words(text === '' ? '(a file)' : text))}</div>
<div class="sides"><div>${aiSide(one)}</div>
<div>${agent === null ? html`<h4>No agent answered</h4>` : html`<h4>The agent said</h4>${words(agent)}`}</div></div>
</article>
`;
};

/** The most telling first: replies that are least like the agent's, then the rest by verdict. */
const inOrder = (questions: readonly Replayed[]): Replayed[] => {
  const rank = ({ verdict }: Replayed): number =>
    ['failed', 'different', 'unanswered', 'asked-back', 'handoff', 'alike'].indexOf(verdict);
  return questions.toSorted((a, b) => rank(a) - rank(b) || (a.similarity ?? 0) - (b.similarity ?? 0));
};

/** A page that needs nothing else: no script, nothing fetched, and every word escaped. */
export const backtestPage = ({ portalId, ai, at, stopped, figures, questions }: Backtest): string => {
  const { verdicts, rest } = figuresInWords(figures);
  const counted = (choice: (typeof CHOICES)[number]): string =>
    choice === 'all' ? `all (${questions.length})` : `${VERDICT_WORDS[choice]} (${figures.verdicts[choice]})`;
  const body = html`<main>
<h1>Backtest of ${ai} on portal ${portalId}</h1>
<p>What the AI would have said to the customers of closed threads, beside what agents said. Nothing was posted. Made
<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>.</p>
<p>Similarity counts the words that both share. It sees words, not meaning: a good answer in other words is unlike the agent's, too.</p>
${stopped === null ? NOTHING : html`<p class="notice"><span class="problem">Not finished:</span> ${stopped}</p>`}
<h2>Figures</h2>
<div class="scroll"><table><thead><tr><th scope="col">The AI …</th><th scope="col">questions</th><th scope="col">share</th></tr></thead>
<tbody>${verdicts.map(([what = '', count = '', share = '']) => html`<tr><th scope="row">${what}</th><td class="number">${count}</td><td class="number">${share}</td></tr>\n`)}</tbody></table></div>
<div class="scroll"><table><tbody>${rest.map(([what, value]) => html`<tr><th scope="row">${what}</th><td class="number">${value}</td></tr>\n`)}</tbody></table></div>
${
  figures.handoffReasons.length === 0
    ? NOTHING
    : html`<h2>Why it hands off</h2><div class="scroll"><table><tbody>${figures.handoffReasons.map(({ reason, count }) => html`<tr><th scope="row">${reason}</th><td class="number">${count}</td></tr>\n`)}</tbody></table></div>`
}
<h2>Questions</h2>
<fieldset><legend>Show</legend>${CHOICES.map((choice) => html`<label><input type="radio" name="show" id="show-${choice}"${choice === 'all' ? html` checked` : NOTHING}> ${counted(choice)}</label>\n`)}</fieldset>
${inOrder(questions).map(card)}</main>`;
  const head = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${PAGE_STYLE}</style>`;
  return htmlDocument(`Backtest of portal ${portalId}`, head, body).text;
};
