import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { type Books, type Call, createApi, type LedgerEntry } from './api/app.ts';
import { createFaults, type Faults } from './api/faults.ts';
import { createOAuth } from './api/oauth.ts';
import { type ChannelKind, mailbox } from './channels.ts';
import { createContact } from './contacts.ts';
import { type AttachedFile, createFiles } from './files.ts';
import { type Behaviour, DEFAULT_BEHAVIOUR, type SimulatorOptions } from './options.ts';
import {
  type AgentMessage,
  agentComments,
  agentWrites,
  assign,
  botWelcomes,
  type CustomerMessage,
  customerWrites,
  type Happened,
  linkTicket,
  markSpam,
  setArchived,
  setStatus,
  type Written,
} from './threads.ts';
import { createTicket, type PropertyChange, setTicketProperty } from './tickets.ts';
import {
  createWebhookSender,
  DEFAULT_WEBHOOK_OPTIONS,
  type Delivery,
  type RawDelivery,
  type WebhookOptions,
} from './webhooks/sender.ts';
import {
  type Change,
  createWorld,
  isoTime,
  meetActor,
  type Thread,
  type ThreadItem,
  threadRecord,
  ticketRecord,
} from './world.ts';

export type {
  AgentMessage,
  AttachedFile,
  Behaviour,
  Call,
  Change,
  ChannelKind,
  CustomerMessage,
  Delivery,
  Faults,
  LedgerEntry,
  PropertyChange,
  RawDelivery,
  SimulatorOptions,
  Thread,
  ThreadItem,
  WebhookOptions,
};

/** What was written, and where. */
export interface WrittenIds {
  threadId: string;
  messageId: string;
}

/** A ticket, and what it is associated with. */
export interface SimulatedTicket {
  id: string;
  properties: Record<string, string>;
  threadIds: string[];
  contactIds: string[];
}

/**
 * A HubSpot portal with its API and its webhooks, on a local port. The methods do what customers, agents and HubSpot
 * itself do; each sends the events that HubSpot would send, and throws a plain `Error` for a thread or ticket that
 * there isn't.
 */
export interface Simulator {
  /** The API's base URL, without a slash at the end. */
  readonly url: string;
  /** May be changed while it runs. */
  readonly behaviour: Behaviour;
  /** May be changed while it runs. */
  readonly webhook: WebhookOptions;
  readonly faults: Faults;

  customerWrites(message: CustomerMessage): WrittenIds;
  agentWrites(threadId: string, message: AgentMessage): WrittenIds;
  agentComments(threadId: string, message: AgentMessage): WrittenIds;
  botWelcomes(threadId: string, text: string): WrittenIds;
  /** `null` takes the owner away. */
  assign(threadId: string, actorId: string | null): void;
  /** By HubSpot itself, or by an agent (`A-…`). */
  closeThread(threadId: string, actorId?: string): void;
  /** The same the other way round; for a customer who writes, HubSpot does it. */
  openThread(threadId: string, actorId?: string): void;
  archive(threadId: string): void;
  restore(threadId: string): void;
  markSpam(threadId: string): void;

  /** Keeps a file, for the `attachments` of a message: its URL is served here. */
  file(file: AttachedFile): Extract<NonNullable<CustomerMessage['attachments']>[number], { type: 'FILE' }>;

  createContact(properties?: Record<string, string>): string;
  createTicket(properties?: Record<string, string>): string;
  linkTicket(threadId: string, ticketId: string): void;
  setTicketProperty(ticketId: string, name: string, value: string, change?: PropertyChange): void;

  /** Every thread, oldest first; copies. */
  threads(): Thread[];
  /** The thread as it is now; a copy. */
  thread(threadId: string): Thread;
  /** The thread's history, oldest first; a copy. */
  messages(threadId: string): ThreadItem[];
  /** Every contact's properties by its id, oldest first; copies. */
  contacts(): Map<string, Record<string, string>>;
  /** Every ticket, oldest first; copies. */
  tickets(): SimulatedTicket[];
  /** The ticket's properties; a copy. */
  ticketProperties(ticketId: string): Record<string, string>;
  /** The portal gets a user, or a user another address; without a name they keep the one that they have. */
  addUser(actorId: string, email: string, name?: string): void;
  /** The name by which HubSpot knows a user, a visitor or a program; `null` for one that it has never seen. */
  actorName(actorId: string): string | null;
  /** The portal gets another mailbox; gives the channel account's id. */
  addMailbox(address: string): string;
  /** A channel account's state, such as an archived one that the API gives 404 for. */
  setChannelAccount(id: string, change: { active?: boolean; authorized?: boolean; archived?: boolean }): void;

  /** The portal uninstalls the app: no OAuth token of it is worth anything. */
  uninstallApp(): void;

  /** Every write that was applied through the API, oldest first, also where the client never heard of it. */
  readonly ledger: LedgerEntry[];
  /** Every request to the API, oldest first. */
  readonly calls: Call[];
  /** Every attempt to deliver webhooks, oldest first. */
  readonly deliveries: Delivery[];
  /**
   * The simulator's own mistakes: answers that don't fit the description. A test that finds one has found a bug here.
   */
  readonly contractViolations: string[];

  /** From now on, webhooks go here. `deliverTo`: where really, when `url` is a public name; `url` is what is signed. */
  setWebhookUrl(url: string | null, deliverTo?: string): void;
  /** One request with exactly these events, right or wrong; no retry. */
  sendEvents(events: unknown[], raw?: RawDelivery): Promise<Delivery>;
  /** Done when every event is delivered or given up, those of further attempts too. */
  settle(): Promise<void>;
  /** Calls back after every change. @returns how to stop that. */
  on(listener: (change: Change) => void): () => void;
  /** Closes every connection and gives up every delivery. */
  close(): Promise<void>;
}

/**
 * Starts a simulated HubSpot.
 * @throws {Error} of `listen`, such as EADDRINUSE.
 */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const random = options.random ?? Math.random;
  const defaultOwner = options.defaultOwner === undefined ? options.aiActorId : options.defaultOwner;
  const listeners = new Set<(change: Change) => void>();
  const changed = (change: Change): void => {
    for (const listener of listeners) listener(change);
  };
  const world = createWorld(options, { ...DEFAULT_BEHAVIOUR, ...options.behaviour }, changed);
  const sender = createWebhookSender(
    { clientSecret: options.clientSecret, random },
    { ...DEFAULT_WEBHOOK_OPTIONS, ...options.webhook },
    () => changed({ kind: 'delivery' }),
  );
  sender.setUrl(options.webhookUrl);
  const faults = createFaults(random);
  const books: Books = { calls: [], ledger: [], contractViolations: [] };
  const closing = new AbortController();
  const files = createFiles();

  const wrote = ({ threadId, item, events }: Written): WrittenIds => {
    sender.enqueue(events);
    return { threadId, messageId: item.id };
  };
  const happened = ({ events }: Happened): void => sender.enqueue(events);

  const { accessToken, clientSecret, portalId, clientId = 'client-id' } = options;
  const oauth = createOAuth({ clientId, clientSecret, portalId }, world.behaviour);
  const app = express();
  app.disable('x-powered-by');
  const server = createServer(app);

  const simulator: Simulator = {
    get url() {
      const { address, port, family } = server.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    },
    behaviour: world.behaviour,
    webhook: sender.options,
    faults,

    customerWrites: (message) => wrote(customerWrites(world, message, defaultOwner)),
    agentWrites: (threadId, message) => wrote(agentWrites(world, threadId, message)),
    agentComments: (threadId, message) => wrote(agentComments(world, threadId, message)),
    botWelcomes: (threadId, text) => wrote(botWelcomes(world, threadId, text)),
    assign: (threadId, actorId) => happened(assign(world, threadId, actorId)),
    closeThread: (threadId, actorId) => happened(setStatus(world, threadId, 'CLOSED', actorId)),
    openThread: (threadId, actorId) => happened(setStatus(world, threadId, 'OPEN', actorId)),
    archive: (threadId) => happened(setArchived(world, threadId, true)),
    restore: (threadId) => happened(setArchived(world, threadId, false)),
    markSpam: (threadId) => markSpam(world, threadId),

    file: (file) => files.add(file, simulator.url),

    createContact: (properties) => createContact(world, properties),
    createTicket: (properties) => createTicket(world, properties),
    linkTicket: (threadId, ticketId) => linkTicket(world, threadId, ticketId),
    setTicketProperty: (ticketId, name, value, change) =>
      sender.enqueue(setTicketProperty(world, ticketId, name, value, change)),

    threads: () => [...world.threads.values()].map(({ thread }) => structuredClone(thread)),
    thread: (threadId) => structuredClone(threadRecord(world, threadId).thread),
    messages: (threadId) => structuredClone(threadRecord(world, threadId).items),
    contacts: () => new Map([...world.contacts.values()].map(({ id, properties }) => [id, { ...properties }])),
    tickets: () =>
      [...world.tickets.values()].map(({ id, properties, contactIds }) => ({
        id,
        properties: { ...properties },
        threadIds: [...world.threads.values()].filter(({ ticketId }) => ticketId === id).map(({ thread }) => thread.id),
        contactIds: [...contactIds],
      })),
    ticketProperties: (ticketId) => ({ ...ticketRecord(world, ticketId).properties }),
    addUser: (actorId, email, name) => meetActor(world, actorId, { email, ...(name === undefined ? {} : { name }) }),
    actorName: (actorId) => world.actors.get(actorId)?.name ?? null,
    addMailbox: (address) => {
      const id = String(900_000_000 + world.channelAccounts.size);
      world.channelAccounts.set(id, mailbox(id, address, isoTime(world.now())));
      return id;
    },
    setChannelAccount: (id, change) => {
      const account = world.channelAccounts.get(id);
      if (!account) throw new Error(`The simulator has no channel account ${id}.`);
      Object.assign(account, change);
    },

    uninstallApp: oauth.revoke,

    ledger: books.ledger,
    calls: books.calls,
    deliveries: sender.deliveries,
    contractViolations: books.contractViolations,

    setWebhookUrl: sender.setUrl,
    sendEvents: (events, raw = {}) => sender.sendRaw(events, raw),
    settle: sender.settle,
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      closing.abort();
      await Promise.all([closed, sender.close()]);
    },
  };

  app.use(files.serve);
  app.use(createApi({ world, sender, faults, books, accessToken, oauth, closing: closing.signal }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return simulator;
};
