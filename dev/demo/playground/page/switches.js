import { live } from '/vendor/lit-html/directives/live.js';
import { html } from '/vendor/lit-html/lit-html.js';

const AUTONOMY = [
  ['auto', 'Answers by itself'],
  ['approve', 'Drafts, sends on approval'],
  ['draft', 'Assist Mode: drafts only'],
  ['shadow', 'Shadow: posts nothing'],
  ['off', 'Off'],
];
const HUBSPOT = [
  ['none', 'Works'],
  ['rate-limit', '429: too many calls'],
  ['server-error', '500: server error'],
  ['lost-answer', 'Loses its answers'],
];
const DELAYS = [0, 2_000, 5_000, 10_000, 30_000];

const WORKER = { polls: 'Running', starting: 'Starting…', stopped: 'Killed' };

const noteOf = ({ state, pid }) => {
  if (pid === null) return 'Runs wait in Temporal';
  // A killed worker's lock on the database ends by itself.
  return state === 'starting' ? `process ${pid}, up to 5 s after a kill` : `process ${pid}`;
};

const delays = (current) =>
  [...new Set([...DELAYS, current])]
    .sort((a, b) => a - b)
    .map((ms) => [String(ms), ms === 0 ? 'None' : `${ms / 1000} s`]);

const choice = (name, label, options, value, onChange) => html`
  <label class="choice">
    <span>${label}</span>
    <select name=${name} .value=${live(value)} @change=${(event) => onChange(event.target.value)}>
      ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
    </select>
  </label>
`;

const toggle = (name, label, isOn, onChange) => html`
  <label class="toggle">
    <input type="checkbox" role="switch" name=${name} .checked=${live(isOn)} @change=${(event) => onChange(event.target.checked)} />
    <span class="track" aria-hidden="true"></span>
    <span>${label}</span>
  </label>
`;

/** What is set and broken. */
export const switchesPane = ({ state, act }) => {
  const { switches, worker } = state;
  const isUp = worker.state !== 'stopped';
  return html`
    <section id="switches" class="pane" aria-labelledby="switches-title">
      <header class="pane-head"><h2 id="switches-title">Break it</h2></header>
      <div class="switches">
        <div class="worker ${worker.state}">
          <p>
            <span class="dot" aria-hidden="true"></span>
            <b id="worker-state">Worker: ${WORKER[worker.state]}</b>
            <small>${noteOf(worker)}</small>
          </p>
          ${
            isUp
              ? html`<button type="button" class="danger" id="kill-worker" @click=${() => act.worker('kill')}>kill -9</button>`
              : html`<button type="button" id="start-worker" @click=${() => act.worker('start')}>Start again</button>`
          }
        </div>
        ${choice('hubspot', 'HubSpot’s API', HUBSPOT, switches.hubspot, (hubspot) => act.set({ hubspot }))}
        <div class="toggles">
          ${toggle('aiIsDown', 'The AI is down', switches.aiIsDown, (aiIsDown) => act.set({ aiIsDown }))}
          ${toggle('twice', 'HubSpot delivers each event twice', switches.twice, (twice) => act.set({ twice }))}
        </div>
        ${choice('autonomy', 'The AI', AUTONOMY, switches.autonomy, (autonomy) => act.set({ autonomy }))}
        ${choice('quietPeriodMs', 'Quiet period', delays(switches.quietPeriodMs), String(switches.quietPeriodMs), (ms) => act.set({ quietPeriodMs: Number(ms) }))}
        ${choice('emailDelayMs', 'Email delay', delays(switches.emailDelayMs), String(switches.emailDelayMs), (ms) => act.set({ emailDelayMs: Number(ms) }))}
      </div>
    </section>
  `;
};
