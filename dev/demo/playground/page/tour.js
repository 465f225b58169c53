import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { SCENES } from './scenes.js';

const replied = ({ kind, run }) => kind === 'customer' && run?.state === 'replied';
const skippedFor =
  (reason) =>
  ({ run }) =>
    run?.state === 'skipped' && run.reason === reason;

/** What to try in five minutes. `did` says of an event that it shows the step. */
export const STEPS = [
  { key: 'ask', title: 'Ask a question', text: 'The AI answers from a help article.', did: replied },
  {
    key: 'takeOver',
    title: 'Take over',
    text: 'The agent owns the thread now. The customer writes again, and the AI stays silent.',
    did: skippedFor('owned-by-human'),
  },
  {
    key: 'giveBack',
    title: 'Give back',
    text: 'The agent gives the thread back to the AI. The AI answers again.',
    did: replied,
  },
  {
    key: 'sayLittle',
    title: 'Say too little',
    text: 'The AI asks once what the customer means. Answer with a number, such as 2.',
    did: replied,
  },
  {
    key: 'handOff',
    title: 'Ask in German',
    text: 'No help article answers this. Agents get a ticket. The customer reads in German that a person answers.',
    did: ({ run }) => run?.state === 'handed-off',
  },
  {
    key: 'twice',
    title: 'Deliver twice',
    text: 'HubSpot delivers the same event again. There is one run and one reply.',
    did: ({ became }) => became === 'duplicate',
  },
  {
    key: 'kill',
    title: 'Kill the worker',
    text: 'The customer writes while no worker runs. Start it again under “Break it”, and the reply comes.',
    did: replied,
  },
  {
    key: 'lose',
    title: 'Lose an answer',
    text: 'HubSpot saves the reply, but its answer gets lost. The run finds the reply, and posts it only once.',
    did: replied,
  },
];

/** The keys of the steps that are done: those that were, and those that this state shows so. */
export const doneSteps = ({ timeline }, { begun, done }) =>
  STEPS.filter(
    ({ key, did }) =>
      done.includes(key) ||
      (begun[key] !== undefined && timeline.some((entry) => entry.at >= begun[key] && did(entry))),
  ).map(({ key }) => key);

const HINT = 'Click a step, or let a scene play by itself. The conversation and its events show what happens.';

/** Explains the step or the scene. */
const caption = ({ ui: { line }, act }) => html`
  <div class="caption ${line?.plays ? 'plays' : ''}" role="status">
    ${
      line === null
        ? html`<p>${HINT}</p>`
        : html`<p><b>${line.title}</b> ${line.place ? html`<span class="place">${line.place}</span>` : nothing} <span>${line.say}</span></p>`
    }
    ${line?.plays ? html`<button type="button" class="small quiet" @click=${act.stop}>Stop the scene</button>` : nothing}
  </div>
`;

const chip = ({ key, title, text }, mark, onClick, isDone = false) => html`
  <li class=${isDone ? 'done' : ''}>
    <button type="button" title=${text} data-key=${key} @click=${onClick}>
      <span class="number" aria-hidden="true">${mark}</span>
      <span><b>${title}</b>${isDone ? html`<span class="unseen"> (done)</span>` : nothing}</span>
    </button>
  </li>
`;

/** The way through, each step with its button and a tick; scenes that play by themselves; and what they mean. */
export const tour = (context) => {
  const { ui, act } = context;
  return html`
    <section class="tour" aria-label="What to try">
      <div class="tour-row">
        <h2>Five minutes <small>${ui.done.length} of ${STEPS.length} done</small></h2>
        <ol>
          ${STEPS.map((step, index) => {
            const isDone = ui.done.includes(step.key);
            return chip(step, isDone ? '✓' : index + 1, () => act.tour(step.key), isDone);
          })}
        </ol>
      </div>
      <div class="tour-row">
        <h2>Scenes <small>play by themselves</small></h2>
        <ul>${SCENES.map((scene) => chip(scene, '▶', () => act.play(scene.key)))}</ul>
      </div>
      ${caption(context)}
    </section>
  `;
};
