import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../src/lib/ports.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { inBatches, messageEvent } from '../../test/support/webhook-events.ts';
import { startTemporal } from '../backends.ts';
import { type Bench, median } from '../bench.ts';
import { ALL, type Contender, OURS, type Stand, withStand } from '../contenders.ts';
import { watchCpu } from '../cpu.ts';
import { questions } from '../events.ts';
import { signedSender } from '../load.ts';
import type { PartResult } from '../results.ts';
import { short } from '../svg.ts';
import { measureBesideBare } from './beside-bare.ts';

type Event = ReturnType<typeof messageEvent>;

interface Kind {
  what: string;
  by: Contender;
  environment?: Record<string, string>;
  /** HubSpot announces our own posts too. */
  echoes: boolean;
  events(stood: Stand, count: number): Event[];
}

interface Cost {
  runs: number;
  /** By the server's own metric `action`. */
  actions: number;
  hubspotCalls: number;
  cpuMs: number;
}

const chats = ({ simulator }: Stand, count: number) => questions(simulator, count);
const handoffs = ({ simulator }: Stand, count: number) =>
  // No article knows these words.
  Array.from({ length: count }, () =>
    messageEvent(simulator.customerWrites({ channel: 'chat', text: 'Zxqv wvut pqrs?' })),
  );
const emails = ({ simulator }: Stand, count: number) =>
  Array.from({ length: count }, () =>
    messageEvent(simulator.customerWrites({ channel: 'email', text: 'How long does shipping take?' })),
  );

const BARE = ALL.find(({ name }) => name === 'bare') ?? OURS;

const KINDS: Kind[] = [
  { what: 'a bare workflow of four activities', by: BARE, echoes: false, events: chats },
  { what: 'a chat answered, nothing waited for', by: OURS, echoes: false, events: chats },
  {
    what: 'a chat answered, its quiet period, the event of our reply',
    by: OURS,
    environment: { QUIET_PERIOD: '200ms' },
    echoes: true,
    events: chats,
  },
  {
    what: 'an email answered, its delay, the look whether it arrived, the event of our reply',
    by: OURS,
    environment: { EMAIL_DELAY: '200ms', DELIVERY_CHECK: '2s' },
    echoes: true,
    events: emails,
  },
  {
    what: 'a handoff with its ticket, comment and notice, and their events',
    by: OURS,
    environment: { QUIET_PERIOD: '200ms', HANDOFF_PICK_UP: '0s' },
    echoes: true,
    events: handoffs,
  },
];

/** The sum of the server's counter `action`, over all types and namespaces. */
const actionsAt = async (metricsPort: number): Promise<number> => {
  const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return page
    .split('\n')
    .filter((line) => /^action(_total)?\{/.test(line) && !/namespace="temporal[-_]system"/.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};

const measureKind = async (stood: Stand, kind: Kind, count: number, metricsPort: number): Promise<Cost> => {
  const client = createClient(plainSettings(stood.temporal), []);
  const { send, close } = signedSender(stood.url);
  const { simulator } = stood;
  const counted = async (query?: string) => (await client.workflow.count(query)).count;
  const rests = async () => {
    for (let quiet = 0, before = -1; quiet < 5; await sleep(200)) {
      const runs = await counted();
      quiet = runs === before && (await counted("ExecutionStatus='Running'")) === 0 ? quiet + 1 : 0;
      before = runs;
    }
  };
  try {
    simulator.setWebhookUrl(kind.echoes ? stood.url : null);
    simulator.behaviour.echo = kind.echoes ? 'after-answer' : 'none';
    const silent = (): Event[] => {
      simulator.setWebhookUrl(null);
      const events = kind.events(stood, count);
      simulator.setWebhookUrl(kind.echoes ? stood.url : null);
      return events;
    };
    // What is read once, and what is compiled.
    await Promise.all(inBatches(silent(), 10).map(send));
    await rests();
    const [runs, actions, calls] = [await counted(), await actionsAt(metricsPort), simulator.calls.length];
    const used = await watchCpu();
    await Promise.all(inBatches(silent(), 10).map(send));
    await rests();
    const { servers, seconds } = await used();
    return {
      runs: ((await counted()) - runs) / count,
      actions: ((await actionsAt(metricsPort)) - actions) / count,
      hubspotCalls: (simulator.calls.length - calls) / count,
      cpuMs: servers === null ? Number.NaN : (servers * seconds * 1_000) / count,
    };
  } finally {
    close();
    await client.connection.close();
  }
};

/** What an event costs with all that follows it, by the server's own count of actions. */
export const measureCost = async (bench: Bench): Promise<PartResult> => {
  const count = Math.min(100, bench.sizes.backlog);
  const rounds = Array.from({ length: bench.sizes.rounds });
  const found: { what: string; costs: Cost[] }[] = KINDS.map(({ what }) => ({ what, costs: [] }));
  for (const _ of rounds) {
    for (const [index, kind] of KINDS.entries()) {
      bench.log(`cost: ${kind.what}`);
      const metricsPort = await findFreePort();
      const temporal = await startTemporal(bench.basis.resources, metricsPort);
      const options = { ...bench.basis, temporal, environment: kind.environment ?? {} };
      const cost = await withStand(kind.by, options, 240_000, async (stood) => {
        await stood.up('worker');
        await stood.up('api');
        return await measureKind(stood, kind, count, metricsPort);
      });
      found[index]?.costs.push(cost);
    }
  }
  const of = (index: number, value: keyof Cost) => median((found[index]?.costs ?? []).map((cost) => cost[value]));
  const besideBare = await measureBesideBare(bench);
  return {
    title: 'What an event costs, with all that follows',
    notes: [
      `${count} events of each kind in deliveries of ten, after as many that are not counted; medians of ` +
        `${rounds.length}. Actions are the server’s metric \`action\`. ` +
        `It counts what a \`patched\` leaves in a history, ` +
        'one marker and one search attribute for each, which Temporal Cloud does not bill: two less for a reply, two ' +
        'for a check of a delivery. CPU is that of all processes, Temporal’s included.',
    ],
    tables: [
      {
        title: 'each event',
        columns: ['', 'runs', 'actions', 'HubSpot calls', 'CPU ms'],
        rows: found.map(({ what }, index) => [
          what,
          ...(['runs', 'actions', 'hubspotCalls', 'cpuMs'] as const).map((value) => short(of(index, value))),
        ]),
      },
      ...besideBare.tables,
    ],
    goals: besideBare.goals,
    plots: {},
    data: { kinds: found, besideBare: besideBare.data },
    leftOut: besideBare.leftOut,
  };
};
