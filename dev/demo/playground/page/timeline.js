import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { becameInWords, followUpInWords, lostAnswerInWords, runInWords, timeOf } from './words.js';

const badge = ({ label, tone }) => html`<span class="badge ${tone}">${label}</span>`;

const steps = ({ steps: taken }) =>
  taken.length === 0
    ? nothing
    : html`
      <details class="steps">
        <summary>${taken.length} ${taken.length === 1 ? 'step' : 'steps'}</summary>
        <ol>${taken.map((step) => html`<li>${step}</li>`)}</ol>
      </details>
    `;

const showCommand = ({ id }, address) => `npm run temporal -- workflow show --address ${address} --workflow-id '${id}'`;

/** What HubSpot sent, and what it got as an answer. */
const webhook = ({ status, attempt, event, workflow }, { temporalAddress }) => html`
  <details class="steps">
    <summary>Webhook: ${status ?? 'no answer'}</summary>
    <p>This was delivery ${attempt} of the event. The API ${status === null ? 'gave no answer' : `answered ${status}`}.</p>
    ${
      workflow
        ? html`
          <p>This command shows its run:</p>
          <pre tabindex="0" aria-label="A command that shows the run">${showCommand(workflow, temporalAddress)}</pre>
        `
        : nothing
    }
    <pre tabindex="0" aria-label="The event as HubSpot sent it">${JSON.stringify(event, null, 2)}</pre>
  </details>
`;

const runLink = ({ type, url }, about) =>
  html`<a href=${url} target="_blank" rel="noreferrer" aria-label="Run in Temporal: ${type}, ${about}">Run in Temporal&nbsp;↗</a>`;

/** Runs that the event's own run left behind: a handoff, and who looks later what became of things. */
const followUpViews = ({ followUps, title, run: starter }, worker) =>
  followUps.length === 0
    ? nothing
    : html`
      <ul class="follow-ups" aria-label="Runs that it started">
        ${repeat(
          followUps,
          ({ workflow }) => workflow.id,
          (followUp) => {
            const { workflow, run } = followUp;
            const how = followUpInWords(followUp, starter, worker);
            return html`
              <li data-type=${workflow.type} data-run=${run?.state ?? 'running'}>
                <p class="verdict">
                  <b class="purpose">${how.purpose}</b> ${badge(how)}
                  ${how.code ? html`<code>${how.code}</code>` : nothing}
                  <span class="why">${how.why}</span>
                  ${runLink(workflow, title)}
                </p>
              </li>
            `;
          },
        )}
      </ul>
    `;

const entryView = (entry, { state, act }) => {
  const became = becameInWords(entry);
  const isTwin = entry.became === 'duplicate';
  const run = entry.workflow && !isTwin ? runInWords(entry.run, state.worker) : null;
  const lost = entry.lostAnswer && !isTwin ? lostAnswerInWords(entry.lostAnswer, entry.run) : null;
  return html`
    <li class="event ${entry.kind}" data-became=${entry.became} data-run=${run ? (entry.run?.state ?? 'running') : nothing}>
      <time datetime=${entry.at}>${timeOf(entry.at)}</time>
      <div class="what">
        <p class="title">
          <b>${entry.title}</b>${entry.words ? html` <q dir="auto">${entry.words}</q>` : nothing}
          ${entry.attempt > 1 ? html`<span class="tag">attempt ${entry.attempt}</span>` : nothing}
        </p>
        <p class="verdict">
          ${badge(became)} ${run ? html`<span class="arrow" aria-hidden="true">→</span> ${badge(run)}` : nothing}
          ${run?.code ? html`<code>${run.code}</code>` : nothing}
          <span class="why">${run ? run.why : became.why}</span>
        </p>
        ${lost ? html`<p class="verdict lost">${badge(lost)} <span class="why">${lost.why}</span></p>` : nothing}
      </div>
      <div class="more">
        ${entry.run && !isTwin ? steps(entry.run) : nothing} ${webhook(entry, state)}
        <button type="button" class="link" @click=${() => act.deliverAgain(entry)} aria-label="Deliver again: ${entry.title}">Deliver again</button>
        ${entry.workflow ? runLink(entry.workflow, entry.title) : nothing}
      </div>
      ${followUpViews(entry, state.worker)}
    </li>
  `;
};

/** What happened to every event that HubSpot sent, the newest first. */
export const timelinePane = (context) => {
  const { state, ui, act } = context;
  const shown = state.timeline.filter(({ kind }) => ui.echoes || kind !== 'ai');
  return html`
    <section id="timeline" class="pane" aria-labelledby="timeline-title">
      <header class="pane-head">
        <h2 id="timeline-title">What happened to each event</h2>
        <div class="row start">
          <label class="check"><input type="checkbox" .checked=${ui.echoes} @change=${act.toggleEchoes} /> <span>The AI’s own posts</span></label>
          <fieldset class="segments tight">
            <legend class="unseen">Which events</legend>
            ${[
              ['thread', 'This conversation'],
              ['all', 'All'],
            ].map(
              ([value, label]) => html`
                <label>
                  <input type="radio" name="filter" value=${value} .checked=${ui.filter === value} @change=${() => act.filterBy(value)} />
                  <span>${label}</span>
                </label>
              `,
            )}
          </fieldset>
        </div>
      </header>
      <ol class="events" aria-label="Events, the newest first">
        ${
          shown.length === 0
            ? html`<li class="empty"><b>No event yet</b><span>Each webhook of HubSpot appears here, with the run that it starts.</span></li>`
            : repeat(
                shown,
                ({ id }) => id,
                (entry) => entryView(entry, context),
              )
        }
      </ol>
    </section>
  `;
};
