import type { PortalId } from '../../hubspot/ids.ts';
import { changesOf } from '../../installations/admission.ts';
import type { WaitingInstallation } from '../../installations/store.ts';
import { inWords } from '../../reports/stops-report.ts';
import type { SourceState } from '../../sessions/knowledge.ts';
import type { SessionOverview, SessionState } from '../../sessions/session-overview.ts';
import type { Stop } from '../../sessions/stops.ts';
import type { AttentionRun, AttentionRuns, Repeated, Skips } from '../../temporal/run-overview.ts';
import { type Html, html, NOTHING } from '../pages/html.ts';
import type { FormKeys } from './action-forms.ts';
import { adviceOn, type Who } from './advice.ts';
import { draftsPart } from './drafts.ts';
import { type Around, deskPage, frame } from './frame.ts';
import { glance } from './glance.ts';
import { articlesPart, gapsPart, outcomesPart, waitsPart } from './outcome-parts.ts';
import type { Overview, PortalHealth } from './overview.ts';
import { linked, part, table, time } from './parts.ts';
import { DRAFTS_PATH, INSTALLATION_PATH, LOGIN_PATH, OPS_PATH, RETRY_PATH, STOP_PATH } from './paths.ts';
import { dayBars } from './skip-chart.ts';
import type { TemporalLinks } from './temporal-links.ts';

const WHO: Record<Who, string> = {
  itself: 'It tries again by itself.',
  person: 'A person must act.',
};

const STATES: [SessionState, string][] = [
  ['ai', 'AI answers'],
  ['human', 'human'],
  ['nobody', 'nobody'],
  ['paused', 'paused'],
  ['handed-off', 'handed off'],
];

const CONNECTIONS: Record<PortalHealth['connection'], string> = {
  configured: 'token in the settings',
  connected: 'connected',
  'reconnect-needed': 'has to be connected again',
  'token-trouble': "its token can't be renewed: correct this, or it is silent within half an hour",
};

/**
 * The page says one of these after a retry, or an answer to an installation; a closed set, since it comes back in the
 * address.
 */
export const NOTICES: Record<
  | Repeated
  | 'failed'
  | `stop-${'begun' | 'held' | 'ended' | 'gone' | 'failed'}`
  | `installation-${'confirmed' | 'refused' | 'gone' | 'failed'}`,
  string
> = {
  repeated: 'The run begins again from the start. It leaves this list as soon as it has begun.',
  'changed-meanwhile': 'Nothing was done: the run has changed meanwhile.',
  'unknown-run': "Nothing was done: Temporal doesn't have this run any more.",
  failed: "Nothing was done: Temporal doesn't answer. Try again in a while.",
  'stop-begun': 'The AI is stopped. It posts nothing to customers until you end the stop.',
  'stop-held': 'The AI was stopped there before.',
  'stop-ended': 'The stop has ended. The AI answers what comes from now on.',
  'stop-gone': 'There was no such stop any more.',
  'stop-failed': "Nothing was done: the session database doesn't answer. Assign the threads to yourself, or try again.",
  'installation-confirmed': 'The installation counts from now on.',
  'installation-refused': 'The installation is forgotten. The portal stays connected as it was.',
  'installation-gone': 'Nothing was done: the installation waits no more, or another one came.',
  'installation-failed': "Nothing was done: the session database doesn't answer. Try again in a while.",
};

/** Asks for the token. `problem`: why the last try was none. `next`: the page that was wanted. */
export const loginPage = ({ problem, next = OPS_PATH }: { problem?: string; next?: string } = {}): Html =>
  frame(
    'Sign in',
    html`<main class="narrow">
<h1>Threadkeeper: the desk</h1>
${problem === undefined ? NOTHING : html`<p role="alert" class="problem">${problem}</p>`}
<form method="post" action="${LOGIN_PATH}" class="login">
<input type="hidden" name="next" value="${next}">
<input name="username" autocomplete="username" value="operations" hidden>
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="which">
<p id="which" class="faint">The setting OPS_TOKEN. The page works over https, and over http on this machine only.</p>
<label for="name">Your name (optional)</label>
<input id="name" name="name" maxlength="60" autocomplete="name" aria-describedby="who">
<p id="who" class="faint">What you do here is noted under it. All share one token, so nobody checks it.</p>
<button>Sign in</button>
</form>
</main>`,
  );

const retryForm = ({ workflowId, runId }: AttentionRun, formKey: string): Html =>
  html`<form method="post" action="${RETRY_PATH}"><input type="hidden" name="key" value="${formKey}"><input type="hidden" name="workflowId" value="${workflowId}"><input type="hidden" name="runId" value="${runId}"><button aria-label="Retry ${workflowId}">Retry</button></form>`;

const toDo = (run: AttentionRun, formKey: string): Html => {
  const { who, advice } = adviceOn(run);
  return html`<strong>${WHO[who]}</strong> ${advice}${run.canBeRepeated ? retryForm(run, formKey) : NOTHING}`;
};

const stopForm = (formKey: string, scopes: Html, name: string, action: 'stop' | 'end', label: string): Html =>
  html`<form method="post" action="${STOP_PATH}"><input type="hidden" name="key" value="${formKey}"><input type="hidden" name="do" value="${action}">${scopes} <button aria-label="${label}">${name}</button></form>`;

const stopsPart = (stops: readonly Stop[], portals: readonly PortalHealth[], formKey: string): Html => {
  const stopped = new Set(stops.map(({ scope }) => scope));
  const rest = (['all', ...portals.map(({ portalId }) => portalId)] as const).filter((scope) => !stopped.has(scope));
  const options = rest.map((scope) => html`<option value="${scope}">${inWords(scope)}</option>`);
  const choice = html`<label>Where <select name="scope">${options}</select></label>`;
  const rows = stops.map(({ scope, by, at }) => {
    const chosen = html`<input type="hidden" name="scope" value="${scope}">`;
    const form = stopForm(formKey, chosen, 'End the stop', 'end', `End the stop of ${inWords(scope)}`);
    return html`<th scope="row">${inWords(scope)}</th><td>${by}</td><td>${time(at)}</td><td>${form}</td>`;
  });
  return html`${stops.length === 0 ? NOTHING : html`<p role="alert" class="problem">The AI is stopped: it posts nothing to customers there.</p>\n${table('Stops in force', ['Where', 'By', 'Since (UTC)', 'To do'], rows)}`}
<p>A stop silences the AI towards customers at once, and outlasts restarts. Agents still get its comments. What customers write meanwhile stays with your agents.</p>
${rest.length === 0 || stopped.has('all') ? NOTHING : stopForm(formKey, choice, 'Stop the AI', 'stop', 'Stop the AI')}`;
};

const attentionPart = ({ runs, more }: AttentionRuns, links: TemporalLinks, formKey: string): Html => {
  if (runs.length === 0) return html`<p>None.</p>`;
  const rows = runs.map(
    (
      run,
    ) => html`<td>${adviceOn(run).what}<br>${linked('Run', links.run(run.workflowId, run.runId), `Run ${run.workflowId} in Temporal`)} <code class="faint">${run.workflowId}</code></td>
<td>${toDo(run, formKey)}</td>
<td>${time(run.startedAt)}</td>`,
  );
  return html`<p>You can retry a run that gave up. It begins again with the settings and the thread as they are now. It first checks what it has posted before.</p>
${table('Runs that need attention', ['What', 'To do', 'Began (UTC)'], rows)}
${more ? html`<p>There are more: ${linked('all in Temporal', links.list('NeedsAttention IS NOT NULL'))}.</p>` : NOTHING}`;
};

const stateOf = (state: SessionState): string => STATES.find(([known]) => known === state)?.[1] ?? state;

const sessionsPart = ({ counts, latest }: SessionOverview, links: TemporalLinks): Html => {
  if (counts.length === 0) return html`<p>None yet.</p>`;
  const countOf = (portalId: PortalId, state: SessionState): number =>
    counts.find((row) => row.portalId === portalId && row.state === state)?.count ?? 0;
  const portals = [...new Set(counts.map(({ portalId }) => portalId))];
  const byPortal = portals.map(
    (portalId) =>
      html`<th scope="row">${portalId}</th>${STATES.map(([state]) => html`<td class="number">${countOf(portalId, state)}</td>`)}`,
  );
  const threads = latest.map(
    ({ portalId, threadId, state, activeAt }) =>
      html`<td>${linked(threadId, links.list(`HubSpotThreadId="${threadId}"`), `Runs of thread ${threadId} in Temporal`)}</td><td><span class="state ${state}">${stateOf(state)}</span></td><td>${portalId}</td><td>${time(activeAt)}</td>`,
  );
  return html`${table('Sessions by portal', ['Portal', ...STATES.map(([, name]) => name)], byPortal)}
<h3>Latest</h3>
${table('Latest sessions', ['Thread', 'Who speaks', 'Portal', 'Active (UTC)'], threads)}`;
};

const skipsPart = ({ days, reasons }: Skips, links: TemporalLinks): Html => {
  if (reasons.length === 0) return html`<p>The AI has not stayed silent since ${days[0] ?? ''}.</p>`;
  const most = Math.max(1, ...reasons.flatMap(({ counts }) => counts));
  const rows = reasons.map(
    ({ reason, total, counts }) =>
      html`<th scope="row">${linked(reason, links.list(`SkipReason="${reason}"`), `Runs skipped as ${reason} in Temporal`)}</th><td class="number">${total}</td><td>${dayBars(days, counts, most)}</td>`,
  );
  return html`<p>Messages that the AI did not answer, by reason and day (UTC), ${days[0] ?? ''} to ${days.at(-1) ?? ''}. Temporal forgets runs after the retention of its namespace. Most of these are normal: docs/skip-reasons.md says what each reason means.</p>
${table('Skip reasons by day', ['Reason', 'Runs', 'By day'], rows)}`;
};

const knowledgePart = (sources: readonly SourceState[]): Html => {
  const rows = sources.map(({ source, articles, readAt, triedAt, problem, leftOut, leftOutExample }) => {
    const failed =
      problem === null ? NOTHING : html`<span class="problem">The try at ${time(triedAt)} failed:</span> ${problem}`;
    const left = leftOut === 0 ? NOTHING : html`${leftOut} left out, such as ${leftOutExample ?? ''}`;
    const between = problem !== null && leftOut > 0 ? html`<br>` : NOTHING;
    return html`<th scope="row">${source}</th><td class="number">${articles}</td><td>${readAt ? time(readAt) : 'never'}</td><td>${failed}${between}${left}</td>`;
  });
  return html`<p>Where answers come from. A source that can't be read is tried again. Until then the AI answers from what was read before.</p>
${table('Sources of articles', ['Source', 'Articles', 'Read (UTC)', 'What failed'], rows)}`;
};

const portalsPart = (portals: readonly PortalHealth[], links: TemporalLinks, installPath: string): Html => {
  if (portals.length === 0) return html`<p>None yet: <a href="${installPath}">connect one</a>.</p>`;
  const rows = portals.map(({ portalId, aiActorId, connection, trouble, lastEvent }) => {
    const name = CONNECTIONS[connection];
    const wrong = trouble === undefined ? NOTHING : html`<br>${trouble}`;
    const state =
      connection === 'reconnect-needed'
        ? html`<a class="problem" href="${installPath}">${name}</a>`
        : html`${connection === 'token-trouble' ? html`<span class="problem">${name}</span>` : name}${wrong}`;
    return html`<th scope="row">${linked(portalId, links.list(`HubSpotPortalId="${portalId}"`), `Runs of portal ${portalId} in Temporal`)}</th><td>${state}</td><td>${lastEvent ? time(lastEvent) : 'none known'}</td><td>${aiActorId}</td>`;
  });
  return table('All portals', ['Portal', 'Connection', 'Last event (UTC)', "AI's user"], rows);
};

const waitingPart = (waiting: readonly WaitingInstallation[], formKey: string): Html => {
  const rows = waiting.map((installation) => {
    const { portalId, askedAt, before } = installation;
    const changes = changesOf(installation, before).map((change) => html`${change}.<br>`);
    const button = (answer: 'confirm' | 'refuse', name: string, look: Html) =>
      html`<button name="answer" value="${answer}"${look} aria-label="${name} the installation of portal ${portalId}">${name}</button>`;
    const form = html`<form method="post" action="${INSTALLATION_PATH}"><input type="hidden" name="key" value="${formKey}"><input type="hidden" name="portalId" value="${portalId}"><input type="hidden" name="askedAt" value="${askedAt}">${button('confirm', 'Confirm', NOTHING)} ${button('refuse', 'Refuse', html` class="quiet"`)}</form>`;
    return html`<th scope="row">${portalId}</th><td>${changes}</td><td>${time(new Date(askedAt))}</td><td>${form}</td>`;
  });
  return html`<p>Somebody who may install apps in the portal connected it again, and that would change it. Nothing changes until you confirm it. After a day the installation is forgotten.</p>
${table('Installations that wait', ['Portal', 'What would change', 'Asked (UTC)', 'Your answer'], rows)}`;
};

/** So many drafts stand on the first page. */
export const DRAFTS_SHOWN = 3;

/**
 * The desk: what matters now, then what became of conversations, then how everything is. Ids, states, times
 * and titles of articles: no word of a customer, but in gaps and drafts that were read with their words.
 */
export const opsPage = (
  overview: Overview,
  {
    links,
    formKey,
    notice,
    installPath,
    now,
    once = '',
    name = null,
  }: Omit<Around, 'name'> &
    Partial<Pick<Around, 'name'> & FormKeys> & {
      links: TemporalLinks;
      notice: string | null;
      installPath: string;
    },
): Html => {
  const { waits, outcomes, drafts, stops, attention, sessions, skips, portals } = overview;
  const { knowledge = { known: [] }, waiting = { known: [] } } = overview;
  const stopping = part('Emergency stop', stops, (known) =>
    stopsPart(known, 'known' in portals ? portals.known : [], formKey),
  );
  return deskPage(
    { title: 'The desk', current: OPS_PATH },
    { formKey, name, now },
    html`${notice === null ? NOTHING : html`<p role="status" class="notice">${notice}</p>`}
${glance(overview, now)}
${'known' in stops && stops.known.length > 0 ? stopping : NOTHING}
${part('Who waits now', waits, (known) => waitsPart(known, links, now))}
${part('Needs attention', attention, (known) => attentionPart(known, links, formKey))}
${drafts === undefined ? NOTHING : part('Drafts to approve', drafts, (known) => html`${draftsPart(known, { formKey, once }, { now, choose: 'nothing' })}${known.count === 0 ? NOTHING : html`<p><a href="${DRAFTS_PATH}">All drafts</a></p>`}`)}
${'known' in waiting && waiting.known.length === 0 ? NOTHING : part('Wait to be confirmed', waiting, (known) => waitingPart(known, formKey))}
${'known' in stops && stops.known.length > 0 ? NOTHING : stopping}
${part('Outcomes', outcomes, outcomesPart)}
${'known' in outcomes ? part('Knowledge gaps', outcomes, (known) => gapsPart(known, links)) : NOTHING}
${'known' in outcomes ? part('Articles', outcomes, articlesPart) : NOTHING}
${part('Portals', portals, (known) => portalsPart(known, links, installPath))}
${'known' in knowledge && knowledge.known.length === 0 ? NOTHING : part('Knowledge', knowledge, knowledgePart)}
${part('Sessions', sessions, (known) => sessionsPart(known, links))}
${part('Skipped', skips, (known) => skipsPart(known, links))}`,
  );
};
