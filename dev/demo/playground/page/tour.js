import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { SCENES } from './scenes.js';
import { STEPS, stepInWords } from './steps.js';

const HINT = 'Click a step, or let a scene play by itself. The conversation and its events show what happens.';
const HINT_AT_FIRST = 'Write as the customer, or click a step. A scene plays by itself.';

const lineOf = ({ ui, state }) => {
  const { line } = ui;
  if (line === null) return { say: state.thread ? HINT : HINT_AT_FIRST };
  return 'step' in line ? stepInWords(line, state, ui) : line;
};

/** Explains the step or the scene. */
const caption = (context) => {
  const { title, say, place, plays } = lineOf(context);
  return html`
  <div class="caption ${plays ? 'plays' : ''}" role="status">
    <p>${title ? html`<b>${title}</b> ` : nothing}${place ? html`<span class="place">${place}</span> ` : nothing}<span>${say}</span></p>
    ${plays ? html`<button type="button" class="small quiet" @click=${context.act.stop}>Stop the scene</button>` : nothing}
  </div>
`;
};

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
