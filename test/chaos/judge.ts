import type { Call, SimulatedTicket, Thread, ThreadItem } from '../../dev/simulator/simulator.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { isSubjectOf } from '../../src/rules/handoff/ticket-content.ts';
import { replyToMessageRun } from '../../src/runs/reply-to-message.ts';
import type { TicketValues } from './load.ts';
import { type Post, timeOf } from './posts.ts';
import type { Run } from './runs.ts';
import { tokensIn } from './tokens.ts';

/** A thread with its whole history, oldest first. */
export interface History {
  thread: Thread;
  items: ThreadItem[];
}

/** Everything that is known at the end, none of it from the product's own mouth but its posts' keys. */
export interface Facts {
  portalId: string;
  aiActorId: string;
  histories: History[];
  posts: Post[];
  runs: Run[];
  calls: Call[];
  /** What was told of tickets, and what the sessions hold of it. */
  tickets: { told: TicketValues; held: Map<string, Record<string, string>> };
  /** Every ticket of the portal, handoffs' and others. */
  allTickets: SimulatedTicket[];
  contractViolations: string[];
  /** So long before a post a change may have come too late for the look that precedes it, in ms. */
  toleranceMs: number;
  /** So much longer where the portal's reads may have lagged, in ms. */
  readLagMs: number;
}

/** What must not be. Each has a figure in the report, and all of them are 0 in a run that passes. */
export const OFFENCES = {
  lost: 'a customer’s message on an AI’s thread that nobody answered',
  duplicate: 'a second post for one question',
  'over a human': 'a reply after a person had taken the thread, or had answered',
  'past a newer message': 'a reply though the customer had written again (its run answers)',
  'for another':
    'a reply that goes to somebody else than who asked, or names what somebody else on the thread has asked',
  'ticket twice': 'a second ticket for one thread that was handed over',
  ghost: 'a post that answers no question of its thread',
  'ran twice': 'a second run for one event',
  'without a run': 'a message of somebody else’s whose event was taken and has no run',
  stuck: 'a run that is open, failed, or gave up',
  'old value': 'a ticket’s property that is not the newest in its session',
  contract: 'an answer of the simulated HubSpot that its description forbids',
} as const;
export type Offence = keyof typeof OFFENCES;

export interface Violation {
  offence: Offence;
  threadId: string | null;
  detail: string;
}

/** How long before a post the thread was last looked at, in ms: what happens in between, nobody can know of. */
export interface Window {
  samples: number;
  p50: number;
  p99: number;
  max: number;
}

const percentile = (sorted: number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;

/** From the start of the last reading of a thread's messages to the post of a reply on it. */
export const lookToPost = (calls: Call[], posts: Post[]): Window => {
  const looks = new Map<string, number[]>();
  for (const { method, path, time, status } of calls) {
    const threadId = /\/threads\/(\d+)\/messages(?:\?|$)/.exec(path)?.[1];
    if (method !== 'GET' || status !== 200 || threadId === undefined) continue;
    const times = looks.get(threadId) ?? [];
    looks.set(threadId, times);
    times.push(time);
  }
  const windows = posts
    .filter(({ type }) => type === 'MESSAGE')
    .flatMap(({ threadId, time }) => {
      const last = looks.get(threadId)?.findLast((look) => look <= time);
      return last === undefined ? [] : [time - last];
    })
    .sort((a, b) => a - b);
  return {
    samples: windows.length,
    p50: percentile(windows, 0.5),
    p99: percentile(windows, 0.99),
    max: windows.at(-1) ?? 0,
  };
};

type Words = ThreadItem & { type: 'MESSAGE' };
const authorOf = ({ senders }: Words): string | null => senders[0]?.deliveryIdentifier?.value ?? null;
const isMessage = (item: ThreadItem): item is Words => item.type === 'MESSAGE';

/** One thread, and what can be asked of it. */
class ThreadFacts {
  readonly threadId: string;
  readonly posts: Post[];
  readonly questions: Words[];
  private readonly agentMessages: Words[];
  private readonly isHuman: (actorId: string | undefined) => boolean;
  /** When it was whose, oldest first. */
  private readonly owners: { since: number; byHuman: boolean }[];

  constructor({ thread, items }: History, posts: Post[], aiActorId: string) {
    this.threadId = thread.id;
    this.posts = posts;
    this.isHuman = (actorId) => actorId?.startsWith('A-') === true && actorId !== aiActorId;
    const messages = items.filter(isMessage);
    this.questions = messages.filter(({ senders }) => /^[VE]-/.test(senders[0]?.actorId ?? ''));
    this.agentMessages = messages.filter(({ senders }) => this.isHuman(senders[0]?.actorId));
    const changes = items.filter((item) => item.type === 'ASSIGNMENT');
    const first = changes[0] ? changes[0].assignedFrom : thread.assignedTo;
    this.owners = [
      { since: 0, byHuman: this.isHuman(first) },
      ...changes.map((item) => ({ since: timeOf(item), byHuman: this.isHuman(item.assignedTo) })),
    ];
  }

  question(messageId: string): Words | undefined {
    return this.questions.find(({ id }) => id === messageId);
  }

  /** Since when a person has had the thread at that time, or `null` when the AI had it. */
  humanSince(time: number): number | null {
    const current = this.owners.findLastIndex(({ since }) => since <= time);
    if (!this.owners[current]?.byHuman) return null;
    const lastOfAi = this.owners.slice(0, current).findLastIndex(({ byHuman }) => !byHuman);
    return this.owners[lastOfAi + 1]?.since ?? 0;
  }

  /** Whether a person had the thread at that time or later, or has answered since. */
  wasSeenByHuman(time: number): boolean {
    return (
      this.humanSince(time) !== null ||
      this.owners.some(({ since, byHuman }) => byHuman && since >= time) ||
      this.agentMessages.some((message) => timeOf(message) > time)
    );
  }

  firstAgentMessage(after: number, before: number): number | null {
    const found = this.agentMessages.find((message) => timeOf(message) > after && timeOf(message) < before);
    return found ? timeOf(found) : null;
  }

  /** Of the same author: another one on the thread is answered apart. */
  firstQuestion({ of, before }: { of: Words; before: number }): number | null {
    const found = this.questions.find(
      (message) => authorOf(message) === authorOf(of) && timeOf(message) > timeOf(of) && timeOf(message) < before,
    );
    return found ? timeOf(found) : null;
  }

  /** A reply or a draft answers the questions that it names; a handoff leaves all that stands before it to people. */
  isCovered(question: Words): boolean {
    const [token = ''] = tokensIn(question.text);
    return this.posts.some(({ text, key, time }) => {
      if (tokensIn(text).includes(token)) return true;
      return (
        key &&
        (['handed-off', 'needs-attention'].includes(key.kind) || key.kind.startsWith('limit-')) &&
        time > timeOf(question)
      );
    });
  }
}

const lost = (thread: ThreadFacts): string[] =>
  thread.questions
    .filter((question) => !thread.isCovered(question) && !thread.wasSeenByHuman(timeOf(question)))
    .map((question) => `message ${question.id} (${tokensIn(question.text).join(' ')})`);

const ghosts = (thread: ThreadFacts): string[] =>
  thread.posts.flatMap(({ id, text, key }) => {
    const answered = key ? thread.question(key.messageId) : undefined;
    if (!answered) return [`post ${id} answers no message of its thread`];
    const asked = new Set(thread.questions.flatMap((question) => tokensIn(question.text)));
    const strangers = tokensIn(text).filter((token) => !asked.has(token));
    return strangers.length > 0 ? [`post ${id} answers ${strangers.join(' ')}, which nobody asked here`] : [];
  });

const duplicates = (thread: ThreadFacts): string[] => {
  const seen = new Map<string, Post>();
  return thread.posts.flatMap((post) => {
    // That agents will answer is said beside the handoff, and once.
    const told = post.key?.kind === 'told' ? 'told.' : '';
    const names = [`${told}${post.key?.messageId ?? post.id}`, ...(tokensIn(post.text).length > 0 ? [post.text] : [])];
    const earlier = names.map((name) => seen.get(name)).find((found) => found !== undefined);
    for (const name of names) seen.set(name, post);
    return earlier ? [`post ${post.id} after ${earlier.id}, ${post.time - earlier.time} ms later`] : [];
  });
};

/** Of two people on one thread, neither gets an answer to the other. */
const forAnother = (thread: ThreadFacts): string[] =>
  thread.posts.flatMap(({ id, type, text, to, key }) => {
    const answered = key ? thread.question(key.messageId) : undefined;
    if (type !== 'MESSAGE' || !answered) return [];
    if (to !== authorOf(answered)) return [`post ${id} goes to somebody else than who asked`];
    const others = thread.questions.filter((question) => authorOf(question) !== authorOf(answered));
    const told = others
      .flatMap((question) => tokensIn(question.text))
      .filter((token) => tokensIn(text).includes(token));
    return told.length > 0 ? [`post ${id} names ${told.join(' ')}, which somebody else asked`] : [];
  });

/** How much too late each reply was, in ms, for a person who had come or for a newer message. */
const tooLate = (thread: ThreadFacts): { human: { post: Post; ms: number }[]; newer: { post: Post; ms: number }[] } => {
  const human = [];
  const newer = [];
  for (const post of thread.posts) {
    const answered = post.key ? thread.question(post.key.messageId) : undefined;
    if (post.type !== 'MESSAGE' || !answered) continue;
    const asked = timeOf(answered);
    const came = [thread.humanSince(post.time), thread.firstAgentMessage(asked, post.time)].filter((at) => at !== null);
    if (came.length > 0) human.push({ post, ms: post.time - Math.min(...came) });
    const written = thread.firstQuestion({ of: answered, before: post.time });
    // Who writes on is told all the same that agents will answer.
    if (written !== null && post.key?.kind !== 'told') newer.push({ post, ms: post.time - written });
  }
  return { human, newer };
};

const runOffences = ({ runs, histories, posts, portalId }: Facts): Violation[] => {
  const violations: Violation[] = [];
  const add = (offence: Offence, detail: string, threadId: string | null): number =>
    violations.push({ offence, threadId, detail });
  const threadIn = (workflowId: string): string | null => /^message:\d+:(\d+)-/.exec(workflowId)?.[1] ?? null;
  const seen = new Set<string>();
  for (const { workflowId, runId, type, status, outcome } of runs) {
    // A handoff whose thread had moved is decided again, and begun again.
    const mayRepeat = type === 'handOff';
    if (seen.has(workflowId) && !mayRepeat) add('ran twice', `${workflowId} (run ${runId})`, threadIn(workflowId));
    seen.add(workflowId);
    if (status !== 'COMPLETED') add('stuck', `${workflowId} is ${status}`, threadIn(workflowId));
    else if (outcome === 'needs-attention') add('stuck', `${workflowId} gave up`, threadIn(workflowId));
  }
  // The event of a post of our own needs none, once it is noted as ours.
  const own = new Set(posts.map(({ id }) => id));
  for (const { thread, items } of histories) {
    for (const { id } of items.filter((one) => isMessage(one) && !own.has(one.id))) {
      const workflowId = replyToMessageRun.workflowId({ portalId, threadId: thread.id, messageId: id } as never);
      if (!seen.has(workflowId)) add('without a run', workflowId, thread.id);
    }
  }
  return violations;
};

const oldValues = ({ tickets: { told, held } }: Facts): Violation[] =>
  [...told].flatMap(([threadId, properties]) =>
    [...properties].flatMap(([name, { value }]) => {
      const standing = held.get(threadId)?.[name];
      if (standing === value) return [];
      return [{ offence: 'old value' as const, threadId, detail: `${name} is ${standing ?? 'absent'}, not ${value}` }];
    }),
  );

export interface Judgement {
  violations: Violation[];
  window: Window;
  /** Replies that met a change within the tolerance, which no look can rule out: how many ms after it. */
  withinTolerance: { human: number[]; newer: number[] };
}

/** Counts what must not be, from the portal's own histories and Temporal's list of runs. */
export const judge = (facts: Facts): Judgement => {
  const { histories, posts, aiActorId, toleranceMs, readLagMs } = facts;
  const violations = [...runOffences(facts), ...oldValues(facts)];
  const withinTolerance: Judgement['withinTolerance'] = { human: [], newer: [] };
  const late = toleranceMs + readLagMs;

  for (const history of histories) {
    const thread = new ThreadFacts(
      history,
      posts.filter(({ threadId }) => threadId === history.thread.id),
      aiActorId,
    );
    const add = (offence: Offence, details: string[]): void => {
      violations.push(...details.map((detail) => ({ offence, threadId: thread.threadId, detail })));
    };
    add('lost', lost(thread));
    add('ghost', ghosts(thread));
    add('for another', forAnother(thread));
    add('duplicate', duplicates(thread));
    const tickets = facts.allTickets.filter(({ properties }) =>
      isSubjectOf(history.thread.id as ThreadId, properties.subject ?? ''),
    );
    add(
      'ticket twice',
      tickets.slice(1).map(({ id }) => `ticket ${id} after ${tickets[0]?.id}`),
    );
    const { human, newer } = tooLate(thread);
    for (const [offence, cases, within] of [
      ['over a human', human, withinTolerance.human],
      ['past a newer message', newer, withinTolerance.newer],
    ] as const) {
      add(
        offence,
        cases.filter(({ ms }) => ms > late).map(({ post, ms }) => `post ${post.id}, ${ms} ms after`),
      );
      within.push(...cases.filter(({ ms }) => ms <= late).map(({ ms }) => ms));
    }
  }
  violations.push(
    ...facts.contractViolations.map((detail) => ({ offence: 'contract' as const, threadId: null, detail })),
  );
  return { violations, window: lookToPost(facts.calls, posts), withinTolerance };
};
