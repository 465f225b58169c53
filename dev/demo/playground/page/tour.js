import { html, nothing } from '/vendor/lit-html/lit-html.js';

const replied = ({ kind, run }) => kind === 'customer' && run?.state === 'replied';
const skippedFor =
  (reason) =>
  ({ run }) =>
    run?.state === 'skipped' && run.reason === reason;

/** What to try in five minutes. `did`: which events show that it happened; `by`: what each needs of the page. */
const STEPS = [
  { key: 'ask', title: 'Ask a question', text: 'The AI answers from a help article.', did: replied },
  {
    key: 'takeOver',
    title: 'Take over',
    text: 'The customer writes on, the AI stays silent.',
    did: skippedFor('owned-by-human'),
  },
  { key: 'giveBack', title: 'Give back', text: 'The AI answers again.', did: replied },
  { key: 'sayLittle', title: 'Say too little', text: 'The AI asks once what is meant: answer 2.', did: replied },
  {
    key: 'handOff',
    title: 'Ask for more, in German',
    text: 'Agents get a ticket, the customer a word in German.',
    did: ({ run }) => run?.state === 'handed-off',
  },
  {
    key: 'twice',
    title: 'Deliver twice',
    text: 'The same event again: one run, one reply.',
    did: ({ became }) => became === 'duplicate',
  },
  {
    key: 'kill',
    title: 'Kill the worker',
    text: 'kill -9, write, start it again: the reply still comes.',
    did: replied,
  },
  {
    key: 'lose',
    title: 'Lose an answer',
    text: 'HubSpot wrote the reply, its answer got lost: no second reply.',
    did: replied,
  },
];

/** Whether a step has been done since it was begun on this page. */
export const isDone = ({ key, did }, { timeline }, begun) =>
  begun[key] !== undefined && timeline.some((entry) => entry.at >= begun[key] && did(entry));

/** The way through, each step with its button and a tick. */
export const tour = ({ state, ui, act }) => {
  const done = STEPS.filter((step) => isDone(step, state, ui.begun));
  return html`
    <section class="tour" aria-labelledby="tour-title">
      <h2 id="tour-title">Five minutes <small>${done.length} of ${STEPS.length} done</small></h2>
      <ol>
        ${STEPS.map((step, index) => {
          const isIt = done.includes(step);
          return html`
            <li class=${isIt ? 'done' : ''}>
              <button type="button" @click=${() => act.tour(step.key)}>
                <span class="number" aria-hidden="true">${isIt ? '✓' : index + 1}</span>
                <span><b>${step.title}</b>${isIt ? html`<span class="unseen"> (done)</span>` : nothing}<small>${step.text}</small></span>
              </button>
            </li>
          `;
        })}
      </ol>
    </section>
  `;
};
