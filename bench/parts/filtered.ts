import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { AI_ACTOR_ID, APP_ID } from '../../test/support/simulator.ts';
import { inBatches, messageEvent } from '../../test/support/webhook-events.ts';
import { costOf } from '../actions.ts';
import type { Bench } from '../bench.ts';
import { OURS, type Stand, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import type { PartResult } from '../results.ts';
import { short } from '../svg.ts';

type Event = ReturnType<typeof messageEvent>;

interface Kind {
  what: string;
  events(stood: Stand, count: number): Event[];
  environment?: Record<string, string>;
  /** A run each, whose history is looked at. */
  runs: boolean;
}

/** On threads whose questions nobody was notified of. */
const onThreads = (
  { simulator }: Stand,
  count: number,
  write: (threadId: string) => { threadId: string; messageId: string },
  changes: Partial<Event> = {},
): Event[] => questions(simulator, count).map(({ objectId }) => messageEvent(write(String(objectId)), changes));

const comments = (stood: Stand, count: number): Event[] =>
  onThreads(
    stood,
    count,
    (threadId) => stood.simulator.agentComments(threadId, { actorId: AI_ACTOR_ID, text: 'a note' }),
    { messageType: 'COMMENT' },
  );

const KINDS: Kind[] = [
  {
    what: 'an event of another type',
    events: ({ simulator }, count) =>
      questions(simulator, count).map((event) => ({ ...event, subscriptionType: 'conversation.creation' })),
    runs: false,
  },
  {
    what: 'an internal comment, AI_COMMANDS=false',
    events: comments,
    environment: { AI_COMMANDS: 'false' },
    runs: false,
  },
  {
    what: 'the echo of our own reply',
    events: (stood, count) =>
      onThreads(stood, count, (threadId) =>
        stood.simulator.agentWrites(threadId, {
          actorId: AI_ACTOR_ID,
          text: 'an answer',
          integrationAppId: Number(APP_ID),
        }),
      ),
    runs: true,
  },
  {
    what: 'an internal comment, AI_COMMANDS=true',
    events: comments,
    environment: { AI_COMMANDS: 'true' },
    runs: true,
  },
  { what: 'a question, answered', events: ({ simulator }, count) => questions(simulator, count), runs: true },
];

interface Cost {
  what: string;
  runsEach: number;
  callsEach: number;
  activitiesEach: number;
  localActivitiesEach: number;
  /** As Temporal Cloud bills them. */
  actionsEach: number;
  historyEvents: number;
  historyBytes: number;
  cpuMs: number | null;
}

const measureKind = async (stood: Stand, kind: Kind, count: number): Promise<Cost> => {
  const client = createClient(plainSettings(stood.temporal), []);
  const { send, close } = signedSender(stood.url);
  const counted = async (query?: string) => (await client.workflow.count(query)).count;
  try {
    const events = kind.events(stood, count);
    const [runsBefore, callsBefore] = [await counted(), stood.simulator.calls.length];
    const used = await watchCpu();
    await Promise.all(inBatches(events, 10).map(send));
    const wanted = kind.runs ? runsBefore + count : runsBefore;
    const closed = async () => (await counted()) >= wanted && (await counted("ExecutionStatus='Running'")) === 0;
    for (const until = Date.now() + 60_000; !(await closed()); await sleep(200)) {
      if (Date.now() > until) throw new Error('the runs do not end');
    }
    // What was too much would come within this time.
    if (!kind.runs) await sleep(1_000);
    const { servers, seconds } = await used();
    const costs = { activities: 0, localActivities: 0, actions: 0 };
    let [historyEvents, historyBytes, looked] = [0, 0, 0];
    for await (const { workflowId } of kind.runs ? client.workflow.list() : []) {
      if (looked === 10) break;
      looked += 1;
      const handle = client.workflow.getHandle(workflowId);
      const { raw } = await handle.describe();
      historyBytes += Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0);
      const found = (await handle.fetchHistory()).events ?? [];
      historyEvents += found.length;
      const { activities, localActivities, actions } = costOf(found);
      costs.activities += activities;
      costs.localActivities += localActivities;
      costs.actions += actions;
    }
    const each = (sum: number) => (looked === 0 ? 0 : sum / looked);
    return {
      what: kind.what,
      runsEach: ((await counted()) - runsBefore) / count,
      callsEach: (stood.simulator.calls.length - callsBefore) / count,
      activitiesEach: each(costs.activities),
      localActivitiesEach: each(costs.localActivities),
      actionsEach: each(costs.actions),
      historyEvents: each(historyEvents),
      historyBytes: each(historyBytes),
      cpuMs: servers === null ? null : (servers * seconds * 1_000) / count,
    };
  } finally {
    close();
    await client.connection.close();
  }
};

/** What becomes of what most events are: nothing to answer. */
export const measureFiltered = async (bench: Bench): Promise<PartResult> => {
  const count = Math.min(100, bench.sizes.backlog);
  const costs: Cost[] = [];
  for (const kind of KINDS) {
    bench.log(`what is not answered: ${kind.what}`);
    costs.push(
      await withStand(OURS, { ...bench.basis, environment: kind.environment ?? {} }, 120_000, async (stood) => {
        await stood.up('worker');
        await stood.up('api');
        return await measureKind(stood, kind, count);
      }),
    );
  }
  const [other, comment, echo] = costs;
  return {
    title: 'What an event costs that is not answered',
    notes: [
      `${count} events of each kind in deliveries of ten. Runs are Temporal’s, with their activities, local ` +
        'activities, billed actions and history; a call is one of HubSpot’s API. CPU is that of all processes, ' +
        'Temporal’s idle part included.',
    ],
    tables: [
      {
        title: 'each event',
        columns: [
          '',
          'runs',
          'HubSpot calls',
          'activities',
          'local',
          'actions',
          'history events',
          'history bytes',
          'CPU ms',
        ],
        rows: costs.map((cost) => [
          cost.what,
          ...[
            cost.runsEach,
            cost.callsEach,
            cost.activitiesEach,
            cost.localActivitiesEach,
            cost.actionsEach,
            cost.historyEvents,
            cost.historyBytes,
          ].map(short),
          short(cost.cpuMs ?? Number.NaN),
        ]),
      },
    ],
    goals: [
      {
        what: 'runs for what the envelope gives away',
        wanted: '0',
        measured: short(Math.max(other?.runsEach ?? Number.NaN, comment?.runsEach ?? Number.NaN)),
        met: other?.runsEach === 0 && comment?.runsEach === 0,
      },
      {
        what: 'runs and calls for any other echo',
        wanted: '1 and 1',
        measured: `${short(echo?.runsEach ?? Number.NaN)} and ${short(echo?.callsEach ?? Number.NaN)}`,
        met: echo?.runsEach === 1 && echo.callsEach <= 1.05,
        why:
          'the list of the portal’s own mailboxes, which shows an echo by its address, is read once in ten ' +
          'minutes too.',
      },
    ],
    plots: {},
    data: costs,
    leftOut: [],
  };
};
