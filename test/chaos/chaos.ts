import type { Resources } from '../../src/processes/lifecycle.ts';
import type { SessionStore } from '../../src/sessions/store.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { storyOf } from './evidence.ts';
import { injectFaults, READ_LAG_MS } from './inject-faults.ts';
import { judge, type Violation } from './judge.ts';
import { carryOut, type Death, planKills } from './kills.ts';
import { type Played, planLoad, play, type TicketValues } from './load.ts';
import type { ChaosOptions } from './options.ts';
import { postsOf } from './posts.ts';
import { createRandom } from './random.ts';
import { redeliver } from './redelivery.ts';
import type { Report } from './report.ts';
import { listRuns, untilNothingIsOpen } from './runs.ts';
import { startTopology, type Topology } from './topology.ts';

/**
 * A look right before each post keeps its window to a part of a second; with two cores for everything it takes longer.
 */
const TOLERANCE_MS = 1_000;
/** A call whose worker was killed is tried again after a minute, and may then wait for HubSpot's limits. */
const PATIENCE_MS = 6 * 60_000;
/** Stories of so many threads of each offence are told. */
const STORIES = 2;

const PROGRESS_MS = 5_000;

const heldOf = async (sessions: SessionStore, told: TicketValues): Promise<Map<string, Record<string, string>>> => {
  const held = new Map<string, Record<string, string>>();
  for (const threadId of told.keys()) {
    const { customData } = await sessions.open({
      portalId: PORTAL_ID,
      threadId,
      contactId: null,
      ticketId: null,
      channelId: null,
    } as Parameters<SessionStore['open']>[0]);
    held.set(threadId, customData);
  }
  return held;
};

/** The first few of each offence. */
const worthTelling = (violations: Violation[]): Set<string> => {
  const counts = new Map<string, number>();
  const threadIds = violations.flatMap(({ offence, threadId }) => {
    const count = (counts.get(offence) ?? 0) + 1;
    counts.set(offence, count);
    return threadId !== null && count <= STORIES ? [threadId] : [];
  });
  return new Set(threadIds);
};

/**
 * One run: load, faults and kills for a time; then all is well again and everything is waited for; then it is counted.
 * @throws {Error} when `signal` aborts, or a part can't be started at all
 */
export const chaos = async (
  options: ChaosOptions,
  resources: Resources,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> => {
  const began = Date.now();
  const topology: Topology = await startTopology(options, resources, tell, signal);
  const { simulator, ai, supervised } = topology;
  const client = createClient(topology.temporal, []);
  resources.add(() => client.connection.close());

  const durationMs = options.minutes * 60_000;
  const played: Played = { events: 0, tickets: new Map() };
  const deaths: Death[] = [];
  const actions = planLoad(createRandom(options.seed, 'load'), { ...options, durationMs });
  const ours = supervised.filter(({ name }) => /^(api|worker)/.test(name));
  const victims = options.signal === 'SIGKILL' ? supervised : ours;
  const kills = planKills(createRandom(options.seed, 'kills'), options.kills, victims, durationMs);

  const loadBegan = Date.now();
  const phase = { name: 'load', open: '' };
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - loadBegan) / 1_000);
    const posts = simulator.ledger.filter(({ route }) => route === 'postMessage').length;
    tell(
      `${seconds} s, ${phase.name}: ${played.events}/${actions.length} events, ` +
        `${deaths.length}/${kills.length} kills, ${posts} posts${phase.open}`,
    );
  }, PROGRESS_MS);
  resources.add(() => clearInterval(progress));

  const calmAgain = new AbortController();
  const untilCalm = AbortSignal.any([signal, calmAgain.signal]);
  const trouble = Promise.all([
    injectFaults(topology, createRandom(options.seed, 'weather'), untilCalm),
    redeliver(simulator, createRandom(options.seed, 'redelivery'), untilCalm),
  ]);
  const loading = new AbortController();
  const whileLoading = AbortSignal.any([signal, loading.signal]);
  try {
    await Promise.all([
      play(actions, { simulator, aiActorId: AI_ACTOR_ID }, played, whileLoading),
      carryOut(kills, options.signal, deaths, whileLoading),
    ]);
  } finally {
    loading.abort();
    calmAgain.abort();
    await trouble;
  }

  phase.name = 'settling';
  const loadEnded = Date.now();
  for (const one of supervised) await one.untilReady(signal);
  const onOpen = (open: number): void => {
    phase.open = `, ${open} runs open`;
  };
  await untilNothingIsOpen({ client, simulator, onOpen }, PATIENCE_MS, signal);
  clearInterval(progress);
  const settled = Date.now();

  tell('counting');
  const runs = await listRuns(client);
  const posts = postsOf(simulator.ledger);
  const histories = simulator.threads().map((thread) => ({ thread, items: simulator.messages(thread.id) }));
  for (const one of ours) await one.stop();
  const sessions = await topology.openSessions();
  const held = await heldOf(sessions, played.tickets).finally(() => sessions.close());
  const judgement = judge({
    portalId: PORTAL_ID,
    aiActorId: AI_ACTOR_ID,
    histories,
    posts,
    runs,
    calls: simulator.calls,
    tickets: { told: played.tickets, held },
    allTickets: simulator.tickets(),
    contractViolations: simulator.contractViolations,
    toleranceMs: TOLERANCE_MS,
    readLagMs: READ_LAG_MS,
  });

  const stories: Report['stories'] = [];
  const told = worthTelling(judgement.violations);
  for (const history of histories) {
    if (!told.has(history.thread.id)) continue;
    const lines = await storyOf(history, { posts, runs, deaths, client });
    stories.push({ threadId: history.thread.id, lines });
  }
  return {
    options,
    database: topology.database,
    seconds: {
      start: (loadBegan - began) / 1_000,
      load: (loadEnded - loadBegan) / 1_000,
      settle: (settled - loadEnded) / 1_000,
    },
    events: played.events,
    kills: Object.fromEntries(supervised.map(({ name, kills: count }) => [name, count])),
    endedByItself: supervised.flatMap(({ name, endedByItself }) => endedByItself.map((last) => `${name}: ${last}`)),
    toleranceMs: TOLERANCE_MS,
    readLagMs: READ_LAG_MS,
    asked: ai.asked.length,
    posts,
    runs,
    histories,
    deliveries: simulator.deliveries.map(({ status, attempt, sentAt }) => ({ status, attempt, sentAt })),
    calls: simulator.calls,
    judgement,
    stories,
  };
};
