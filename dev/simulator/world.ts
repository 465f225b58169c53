import { randomBytes, randomInt } from 'node:crypto';
import type { components } from '../../src/hubspot/openapi.ts';
import { channelAccounts } from './channels.ts';
import type { Behaviour } from './options.ts';

type Schemas = components['schemas'];
export type Thread = Schemas['Thread'];
export type ThreadItem = Schemas['ThreadItem'];

/** A thread with all that HubSpot knows about it. */
export interface ThreadRecord {
  thread: Thread;
  ticketId: string | null;
  /** Oldest first. */
  items: ThreadItem[];
  /** By message id: the whole of each message that was truncated. */
  originals: Map<string, Schemas['MessageContent']>;
}

export interface TicketRecord {
  id: string;
  /** It is associated with these contacts. */
  contactIds: Set<string>;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

export interface ContactRecord {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

export interface ContactRecord {
  id: string;
  properties: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

/** Something that a live page wants to know. */
export type Change = { kind: 'thread'; threadId: string } | { kind: 'ticket'; ticketId: string } | { kind: 'delivery' };

/** The portal: everything that the simulated HubSpot remembers, in memory. */
export interface World {
  portalId: string;
  appId: string;
  aiActorId: string;
  behaviour: Behaviour;
  threads: Map<string, ThreadRecord>;
  tickets: Map<string, TicketRecord>;
  contacts: Map<string, ContactRecord>;
  actors: Map<string, Schemas['Actor']>;
  channelAccounts: Map<string, Schemas['ChannelAccount']>;
  /** Milliseconds since the epoch, never the same twice, so that sorting by time is never a matter of luck. */
  now: () => number;
  ids: Ids;
  changed: (change: Change) => void;
}

/** Ids that look like HubSpot's. They start anywhere, so that two portals hardly ever share one. */
export interface Ids {
  thread: () => string;
  visitor: () => string;
  ticket: () => string;
  /** 32 hex digits. */
  message: () => string;
  event: () => number;
}

const counterFrom = (low: number, high: number) => {
  let last = randomInt(low, high);
  return () => {
    last += randomInt(1, 1000);
    return last;
  };
};

const createIds = (): Ids => {
  const thread = counterFrom(5_000_000_000, 9_000_000_000);
  const visitor = counterFrom(10_000_000_000, 90_000_000_000);
  const ticket = counterFrom(1_000_000_000, 4_000_000_000);
  return {
    thread: () => String(thread()),
    visitor: () => String(visitor()),
    ticket: () => String(ticket()),
    message: () => randomBytes(16).toString('hex'),
    event: counterFrom(1_000_000_000, 4_000_000_000),
  };
};

const createClock = () => {
  let last = 0;
  return () => {
    last = Math.max(Date.now(), last + 1);
    return last;
  };
};

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** An empty portal with its channels, and the AI and the app as actors. */
export const createWorld = (
  { portalId, appId, aiActorId }: { portalId: string; appId: string; aiActorId: string },
  behaviour: Behaviour,
  changed: (change: Change) => void,
): World => {
  const now = createClock();
  const actors: Schemas['Actor'][] = [
    { id: aiActorId, type: 'AGENT', name: 'AI assistant', email: 'assistant@example.com' },
    { id: `I-${appId}`, type: 'INTEGRATOR', name: 'Threadkeeper' },
    { id: 'S-hubspot', type: 'SYSTEM' },
  ];
  return {
    portalId,
    appId,
    aiActorId,
    behaviour,
    threads: new Map(),
    tickets: new Map(),
    contacts: new Map(),
    actors: new Map(actors.map((actor) => [actor.id, actor])),
    channelAccounts: new Map(channelAccounts(isoTime(now())).map((account) => [account.id, account])),
    now,
    ids: createIds(),
    changed,
  };
};

const ACTOR_TYPES: Record<string, Schemas['Actor']['type']> = {
  A: 'AGENT',
  B: 'BOT',
  E: 'EMAIL',
  I: 'INTEGRATOR',
  L: 'LLM',
  S: 'SYSTEM',
  V: 'VISITOR',
};

/** What kind of actor an id names, by its prefix; `null` for an id that HubSpot doesn't have. */
export const actorType = (actorId: string): Schemas['Actor']['type'] | null =>
  ACTOR_TYPES[/^([A-Z])-./.exec(actorId)?.[1] ?? ''] ?? null;

/**
 * Makes an actor known, so that `GET …/actors/{id}` finds it.
 * @throws {Error} for an id without one of HubSpot's prefixes.
 */
export const meetActor = (world: World, id: string, details: { name?: string; email?: string } = {}): void => {
  const type = actorType(id);
  if (type === null) throw new Error(`${id} is no actor id: it begins with A-, B-, E-, I-, L-, S- or V-.`);
  const known = world.actors.get(id);
  const email = details.email ?? (type === 'EMAIL' ? id.slice(2) : undefined);
  world.actors.set(id, {
    id,
    type,
    ...(type === 'INTEGRATOR' && { name: 'An app' }),
    ...(type === 'AGENT' && { name: `Agent ${id.slice(2)}` }),
    ...known,
    ...(details.name !== undefined && { name: details.name }),
    ...(email !== undefined && { email }),
  });
};

/** @throws {Error} when there is no such thread; for in-process callers, who know which ones there are. */
export const threadRecord = (world: World, threadId: string): ThreadRecord => {
  const record = world.threads.get(threadId);
  if (!record) throw new Error(`The simulator has no thread ${threadId}: customerWrites makes one.`);
  return record;
};

/** @throws {Error} when there is no such ticket; see {@link threadRecord}. */
export const ticketRecord = (world: World, ticketId: string): TicketRecord => {
  const record = world.tickets.get(ticketId);
  if (!record) throw new Error(`The simulator has no ticket ${ticketId}: createTicket makes one.`);
  return record;
};
