import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelKind, Simulator } from '../../dev/simulator/simulator.ts';
import { threadOf } from './posts.ts';
import { between, pick, type Random, shuffled } from './random.ts';
import { type QuestionKind, tokenOf } from './tokens.ts';

/** One thing that happens in the portal. `thread` counts from 0, in the order in which threads begin. */
export type Action = { at: number; thread: number } & (
  | { kind: 'customer'; token: string; channel: ChannelKind; withTicket: boolean; isColleague: boolean }
  | { kind: 'takes-over' | 'answers' | 'comments'; agent: string }
  | { kind: 'gives-back' }
  | {
      kind: 'ticket';
      name: string;
      value: string /** ms by which the change happened before it is told */;
      age: number;
    }
);

const AGENTS = ['A-77', 'A-78', 'A-79'];
const CHANNELS: readonly ChannelKind[] = ['chat', 'chat', 'chat', 'chat', 'chat', 'chat', 'email', 'email', 'whatsapp'];
const KINDS: readonly QuestionKind[] = [...Array<QuestionKind>(8).fill('plain'), 'handoff', 'slow', 'slow'];
const PROPERTIES = ['hs_ticket_priority', 'hs_pipeline_stage'];

type Moment = 'message' | 'burst' | 'takeover' | 'answer' | 'comment' | 'ticket';
const MOMENTS: readonly Moment[] = [
  ...Array<Moment>(11).fill('message'),
  ...Array<Moment>(3).fill('burst'),
  ...Array<Moment>(3).fill('takeover'),
  'answer',
  'comment',
  ...Array<Moment>(2).fill('ticket'),
];

/**
 * What happens within `durationMs`, in order: so many events on at most so many threads. Agents mostly come to threads
 * on which a customer has just written, where they can meet the AI.
 */
export const planLoad = (
  random: Random,
  { events, threads, durationMs }: { events: number; threads: number; durationMs: number },
): Action[] => {
  const actions: Action[] = [];
  const channels: ChannelKind[] = [];
  const lastWritten: number[] = [];
  let questions = 0;

  const customer = (at: number, thread: number): void => {
    const begun = channels[thread] !== undefined;
    const channel = channels[thread] ?? pick(random, CHANNELS);
    channels[thread] = channel;
    questions += 1;
    const token = tokenOf(questions, pick(random, KINDS));
    // A third of the mail threads have two authors.
    const isColleague = channel === 'email' && begun && thread % 3 === 0 && random() < 0.5;
    actions.push({ at, thread, kind: 'customer', token, channel, withTicket: random() < 0.4, isColleague });
    lastWritten.unshift(thread);
  };
  const someThread = (): number => {
    const begun = channels.length;
    return begun < threads && random() < (2 * threads) / events ? begun : Math.floor(random() * begun);
  };
  const recentThread = (): number => pick(random, lastWritten.slice(0, random() < 0.8 ? 6 : 60));

  while (actions.length < events) {
    const at = (actions.length / events) * durationMs;
    const agent = pick(random, AGENTS);
    switch (channels.length === 0 ? 'message' : pick(random, MOMENTS)) {
      case 'message':
        customer(at, someThread());
        break;
      case 'burst': {
        const thread = someThread();
        let moment = at;
        for (let left = Math.floor(between(random, 2, 5)); left > 0; left -= 1) {
          customer(moment, thread);
          moment += between(random, 30, 1_500);
        }
        break;
      }
      case 'takeover': {
        const thread = recentThread();
        const taken = at + between(random, 0, 3_000);
        actions.push({ at: taken, thread, kind: 'takes-over', agent });
        if (random() < 0.5) actions.push({ at: taken + between(random, 100, 2_000), thread, kind: 'answers', agent });
        if (random() < 0.5) actions.push({ at: taken + between(random, 2_500, 9_000), thread, kind: 'gives-back' });
        break;
      }
      case 'answer':
        actions.push({ at: at + between(random, 0, 3_000), thread: recentThread(), kind: 'answers', agent });
        break;
      case 'comment':
        actions.push({ at: at + between(random, 0, 3_000), thread: recentThread(), kind: 'comments', agent });
        break;
      case 'ticket': {
        const thread = Math.floor(random() * channels.length);
        const name = pick(random, PROPERTIES);
        // Told in any order: the newest is the one that happened last.
        for (const age of shuffled(random, [0, 10, 20])) {
          const value = `value ${actions.length}`;
          actions.push({ at: at + between(random, 0, 800), thread, kind: 'ticket', name, value, age });
        }
        break;
      }
    }
  }
  return actions.sort((a, b) => a.at - b.at);
};

/** `occurredAt`: ms since the epoch. */
interface TicketValue {
  value: string;
  occurredAt: number;
}

/** By thread and property: the newest value that was told of the thread's ticket. */
export type TicketValues = Map<string, Map<string, TicketValue>>;

/** What has been played so far; filled while it goes on. */
export interface Played {
  events: number;
  tickets: TicketValues;
}

/** The threads that the AI has posted on by now. */
const threadsWithPosts = ({ ledger }: Simulator): (() => ReadonlySet<string>) => {
  const threadIds = new Set<string>();
  let seen = 0;
  return () => {
    for (; seen < ledger.length; seen += 1) {
      const threadId = threadOf(ledger[seen]);
      if (threadId) threadIds.add(threadId);
    }
    return threadIds;
  };
};

/**
 * Plays the plan in its time. Ticket properties change only on threads that the AI has spoken on: before, there is no
 * session that would have to know.
 * @throws {Error} when `signal` aborts
 */
export const play = async (
  actions: Action[],
  { simulator, aiActorId }: { simulator: Simulator; aiActorId: string },
  played: Played,
  signal: AbortSignal,
): Promise<void> => {
  const began = Date.now();
  const threads: { threadId: string; ticketId: string | null }[] = [];
  const withPosts = threadsWithPosts(simulator);

  const changeTicket = ({ thread, name, value, age }: Action & { kind: 'ticket' }): void => {
    const candidates = [...threads.slice(thread), ...threads].filter((begun) => begun !== undefined);
    const found = candidates.find(({ threadId, ticketId }) => ticketId !== null && withPosts().has(threadId));
    if (!found?.ticketId) return;
    const occurredAt = Date.now() - age * 100;
    const properties: Map<string, TicketValue> = played.tickets.get(found.threadId) ?? new Map();
    played.tickets.set(found.threadId, properties);
    const newest = properties.get(name);
    // Of two changes in one moment neither would be the newest.
    if (newest?.occurredAt === occurredAt) return;
    if (!newest || newest.occurredAt < occurredAt) properties.set(name, { value, occurredAt });
    simulator.setTicketProperty(found.ticketId, name, value, { occurredAt });
  };

  const customerWrites = ({ thread, channel, token, withTicket, isColleague }: Action & { kind: 'customer' }): void => {
    const text = `Can you tell me about ${token}, please?`;
    const begun = threads[thread];
    if (begun) {
      const email = `colleague-${thread}@example.org`;
      simulator.customerWrites({
        threadId: begun.threadId,
        text,
        ...(isColleague ? { email, actorId: `E-${email}` } : {}),
      });
      return;
    }
    const ticketId = withTicket ? simulator.createTicket() : null;
    const { threadId } = simulator.customerWrites({ channel, text, ...(ticketId ? { ticketId } : {}) });
    threads[thread] = { threadId, ticketId };
  };

  /** The plan has a customer's message first on every thread. */
  const begunThread = ({ thread }: Action): string => threads[thread]?.threadId ?? '';

  const act = (action: Action): void => {
    switch (action.kind) {
      case 'customer':
        customerWrites(action);
        break;
      case 'ticket':
        changeTicket(action);
        break;
      case 'takes-over':
        simulator.assign(begunThread(action), action.agent);
        break;
      case 'gives-back':
        simulator.assign(begunThread(action), aiActorId);
        break;
      case 'answers':
        simulator.agentWrites(begunThread(action), { actorId: action.agent, text: 'A person is here for you.' });
        break;
      case 'comments':
        simulator.agentComments(begunThread(action), { actorId: action.agent, text: 'A note for colleagues.' });
        break;
    }
  };

  for (const action of actions) {
    await sleep(Math.max(0, began + action.at - Date.now()), undefined, { signal });
    act(action);
    played.events += 1;
  }
};
