import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { channelName } from '../hubspot/channels.ts';
import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import { messageWorkflowId } from '../workflows/contract.ts';
import type { SimulatorOptions } from './options.ts';
import { stageLabel } from './pipelines.ts';
import type { Simulator } from './simulator.ts';
import type { ThreadItem } from './world.ts';

/** The agent who sits at the page. */
const AGENT = 'A-90210';

const customerMessageSchema = z.object({
  threadId: z.string().optional(),
  /** Only a new thread needs one. */
  channel: z.enum(['chat', 'email']).optional(),
  text: z.string().trim().min(1).max(20_000),
  name: z.string().trim().min(1).max(200),
  email: z.email(),
  subject: z.string().trim().min(1).max(500).optional(),
});

const agentMessageSchema = z.object({
  text: z.string().trim().min(1).max(20_000),
  /** Only agents see it; how they command the AI (`/ai …`). */
  internal: z.boolean().default(false),
});

const ownerSchema = z.object({ owner: z.enum(['agent', 'ai', 'nobody']) });

/** An item of the history as the page shows it. */
interface Shown {
  id: string;
  kind: ThreadItem['type'];
  at: string;
  author: string;
  side: 'customer' | 'us' | 'inside' | 'note';
  text: string;
  /** Of a customer's message: its run in the Temporal Web UI. */
  runUrl: string | null;
}

/** Of a ticket, what only programs look at. */
const INTERNAL_PROPERTIES = ['createdate', 'hs_object_id', 'hs_pipeline'];

/** Without the fields that are undefined: that is what the options of the simulator mean by absent. */
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

const SIDES: Record<ThreadItem['type'], (item: ThreadItem) => Shown['side']> = {
  MESSAGE: (item) => (item.type === 'MESSAGE' && item.direction === 'INCOMING' ? 'customer' : 'us'),
  WELCOME_MESSAGE: () => 'us',
  COMMENT: () => 'inside',
  ASSIGNMENT: () => 'note',
  THREAD_STATUS_CHANGE: () => 'note',
  THREAD_INBOX_CHANGE: () => 'note',
};

const wordsOf = (item: ThreadItem, nameOf: (actorId: string) => string): string => {
  switch (item.type) {
    case 'ASSIGNMENT':
      return item.assignedTo === undefined ? 'Nobody owns the thread now' : `Assigned to ${nameOf(item.assignedTo)}`;
    case 'THREAD_STATUS_CHANGE':
      return item.newStatus === 'OPEN' ? 'Thread opened' : 'Thread closed';
    case 'THREAD_INBOX_CHANGE':
      return 'Moved to another inbox';
    case 'MESSAGE':
    case 'WELCOME_MESSAGE':
    case 'COMMENT':
      return item.text;
  }
};

/**
 * The playground: a page at `/` to write as the customer and to watch the thread as an agent sees it, and the JSON
 * routes behind it under `/playground`. For development: whoever reaches the port may use it.
 */
export const createPlayground = (simulator: Simulator, options: SimulatorOptions): Router => {
  const names: Record<string, string> = {
    'S-hubspot': 'HubSpot',
    [options.aiActorId]: 'the AI',
    [AGENT]: 'you (agent)',
    [`I-${options.appId}`]: 'Threadkeeper',
  };
  const nameOf = (actorId: string): string => names[actorId] ?? actorId;

  const runUrl = (item: ThreadItem): string | null => {
    if (options.temporalUiUrl === undefined || item.type !== 'MESSAGE' || item.direction !== 'INCOMING') return null;
    const workflowId = messageWorkflowId({
      portalId: options.portalId as PortalId,
      threadId: item.conversationsThreadId as ThreadId,
      messageId: item.id as MessageId,
    });
    const namespace = options.temporalNamespace ?? 'default';
    return `${options.temporalUiUrl.replace(/\/+$/, '')}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  };

  const shown = (item: ThreadItem): Shown => ({
    id: item.id,
    kind: item.type,
    at: item.createdAt,
    author: item.senders[0]?.name ?? nameOf(item.senders[0]?.actorId ?? item.createdBy),
    side: SIDES[item.type](item),
    text: wordsOf(item, nameOf),
    runUrl: runUrl(item),
  });

  /** The thread's ticket, with what people look at first. */
  const ticketView = (threadId: string) => {
    const ticket = simulator.tickets().find(({ threadIds }) => threadIds.includes(threadId));
    if (!ticket) return null;
    const { subject = '', content = '', hs_pipeline_stage, hs_ticket_priority, ...rest } = ticket.properties;
    const contacts = simulator.contacts();
    return {
      id: ticket.id,
      subject,
      content,
      stage: stageLabel(hs_pipeline_stage),
      priority: hs_ticket_priority ?? '',
      contacts: ticket.contactIds.map((id) => ({ id, email: contacts.get(id)?.email ?? '' })),
      properties: Object.fromEntries(Object.entries(rest).filter(([name]) => !INTERNAL_PROPERTIES.includes(name))),
    };
  };

  const threadView = (threadId: string) => {
    const thread = simulator.thread(threadId);
    const owner = thread.assignedTo;
    return {
      id: thread.id,
      status: thread.status,
      channel: channelName(thread.originalChannelId),
      owner: owner === undefined ? null : nameOf(owner),
      ownedBy: owner === undefined ? 'nobody' : owner === options.aiActorId ? 'ai' : 'agent',
      ticket: ticketView(threadId),
      items: simulator.messages(threadId).map(shown),
    };
  };

  const router = express.Router();
  router.use('/playground', express.json({ limit: '100kb' }));

  router.post('/playground/messages', (request, response) => {
    const parsed = customerMessageSchema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ problem: z.prettifyError(parsed.error) });
    else response.status(201).json(simulator.customerWrites(present(parsed.data)));
  });

  router.get('/playground/threads', (_request, response) => {
    const threads = simulator.threads().map(({ id, originalChannelId, createdAt }) => ({
      id,
      channel: channelName(originalChannelId),
      createdAt,
    }));
    response.json(threads.reverse());
  });

  router.get('/playground/threads/:threadId', (request, response) => {
    response.json(threadView(request.params.threadId));
  });

  router.post('/playground/threads/:threadId/agent-messages', (request, response) => {
    const parsed = agentMessageSchema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ problem: z.prettifyError(parsed.error) });
    else {
      const { text, internal } = parsed.data;
      const write = internal ? simulator.agentComments : simulator.agentWrites;
      response.status(201).json(write(request.params.threadId, { text, actorId: AGENT }));
    }
  });

  router.put('/playground/threads/:threadId/owner', (request, response) => {
    const parsed = ownerSchema.safeParse(request.body);
    if (!parsed.success) response.status(400).json({ problem: z.prettifyError(parsed.error) });
    else {
      const owners = { agent: AGENT, ai: options.aiActorId, nobody: null };
      simulator.assign(request.params.threadId, owners[parsed.data.owner]);
      response.json(threadView(request.params.threadId));
    }
  });

  const streams = new Set<Response>();
  simulator.on((change) => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(change)}\n\n`);
  });
  router.get('/playground/events', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': the simulator tells of every change\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
  });

  // What the simulator throws is that there is no such thread; what the parser throws has a status of its own.
  const answerErrors: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, _next) => {
    response.status(error.status ?? 404).json({ problem: error.message });
  };
  router.use('/playground', answerErrors);

  router.use(express.static(fileURLToPath(new URL('./page', import.meta.url))));
  return router;
};
