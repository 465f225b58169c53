import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { plainAdvice, problemsIn } from '../../../src/config.ts';
import { AUTONOMY_LEVELS } from '../../../src/rules/speaking/autonomy.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { DemoWorker } from '../worker-process.ts';
import { awaitedReplies, threadsUnderWay } from './awaited-replies.ts';
import type { Controls } from './controls.ts';
import { evalCaseOf } from './eval-case.ts';
import { HUBSPOT_FAULTS } from './faults.ts';
import { AGENT, createPeople } from './people.ts';
import { type RecordedSilence, type WhySilent, whySilent } from './silence.ts';
import { createThreadViews, STAGES } from './threads.ts';
import { createTimeline, type TimelineSources } from './timeline.ts';

/** What the page shows and moves. */
export interface PlaygroundParts extends Pick<TimelineSources, 'portal' | 'uiUrl' | 'namespace'> {
  /** The desk's address. */
  opsUrl: string;
  /** Temporal's, `host:port`, for commands that are copied. */
  temporalAddress: string;
  simulator: Simulator;
  appId: string;
  worker: Pick<DemoWorker, 'state' | 'pid' | 'start' | 'kill'>;
  controls: Controls;
  runs: TimelineSources['runs'];
  recordedSilence: RecordedSilence;
}

export interface Playground {
  app: Express;
  /** Makes every open page look again. */
  changed(): void;
}

/** The page shows this many events, the newest; older ones can be found in Temporal. */
const TIMELINE_LENGTH = 80;

const words = z.string().trim().min(1).max(20_000);

const customerMessage = z.object({
  threadId: z.string().optional(),
  text: words,
  /** A new thread is on this channel. */
  channel: z.enum(['chat', 'email']).optional(),
  name: z.string().trim().min(1).max(200).optional(),
  email: z.email().optional(),
  subject: z.string().trim().min(1).max(500).optional(),
});

/** `internal`: only agents see it; how they command the AI (`/ai …`). */
const agentMessage = z.object({ text: words, internal: z.boolean().default(false) });

const owner = z.object({ owner: z.enum(['agent', 'ai', 'nobody']) });

const property = z.object({
  name: z.string().regex(/^[a-z][a-z\d_]{0,99}$/, 'must be an internal name, such as renewal_date'),
  value: z.string().max(2_000),
});

const delay = z.number().int().min(0).max(3_600_000);

const switches = z
  .object({
    autonomy: z.enum(AUTONOMY_LEVELS),
    quietPeriodMs: delay,
    emailDelayMs: delay,
    maxRepliesPerHour: z.number().int().min(1).max(1_000),
    hubspot: z.enum(HUBSPOT_FAULTS),
    aiIsDown: z.boolean(),
    twice: z.boolean(),
  })
  .partial();

const workerOrder = z.object({ order: z.enum(['kill', 'start']) });

/** The request makes no sense; the message says why. */
class Refused extends Error {
  readonly status = 400;
}

const read = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(body, { error: plainAdvice });
  if (!parsed.success) throw new Refused(`${problemsIn(parsed.error).join('. ')}.`);
  return parsed.data;
};

/** Without the fields that are undefined: that is what the options of the simulator mean by absent. */
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

/** The page needs nothing from elsewhere, and nobody puts it into a frame. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const secured: RequestHandler = (_request, response, next) => {
  response.set({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  next();
};

/** Folders of files as they are: the page needs no build. */
const PAGE = fileURLToPath(new URL('./page', import.meta.url));
const LIT_HTML = dirname(findPackageJSON('lit-html', import.meta.url) ?? '');

/**
 * The playground: a page at `/` where one is the customer and the agent, breaks things, and watches what becomes of
 * every event, and the JSON routes behind it under `/playground`. Part of the demo alone, which is not built for
 * production: anyone who reaches the port may use it.
 */
export const createPlayground = (parts: PlaygroundParts): Playground => {
  const { simulator, portal, worker, controls, runs, uiUrl, namespace, opsUrl } = parts;
  const people = createPeople({
    aiActorId: portal.aiActorId,
    appId: parts.appId,
    actorName: simulator.actorName,
  });
  const views = createThreadViews(simulator, people, portal.aiActorId);
  const timeline = createTimeline({ simulator, portal, people, runs, uiUrl, namespace });
  const OWNERS = { agent: AGENT, ai: portal.aiActorId, nobody: null };

  const startedAt = new Date().toISOString();
  const streams = new Set<Response>();
  const changed = (): void => {
    for (const stream of streams) stream.write('data: changed\n\n');
  };
  simulator.on(({ kind }) => {
    // Its run is watched from now on, whether a page is open or not.
    if (kind === 'delivery') timeline(1);
    changed();
  });

  /** Looks up what is recorded of these threads. What it gives says of each, as it is then, why the AI is silent. */
  const silencesOn = async (threadIds: string[]): Promise<(threadId: string) => WhySilent | null> => {
    const recorded = new Map(
      await Promise.all(threadIds.map(async (id) => [id, await parts.recordedSilence(id)] as const)),
    );
    return (id) => {
      const thread = simulator.thread(id);
      return whySilent(thread, portal, controls.levelOn(thread.originalChannelId), recorded.get(id) ?? null);
    };
  };

  const app = express();
  app.disable('x-powered-by');
  app.use(secured);
  app.use('/playground', express.json({ limit: '100kb' }));

  /** All that the page shows, with the thread that it asks for, and the events of it or of all (`events=all`). */
  app.get('/playground/state', async (request, response) => {
    const { thread, events } = request.query;
    const threadId = typeof thread === 'string' ? thread : null;
    const newest = timeline(TIMELINE_LENGTH);
    const silenceOn = await silencesOn([...(threadId === null ? [] : [threadId]), ...threadsUnderWay(newest)]);
    // Nothing is awaited from here on: what the page gets is of one moment.
    const isWorkerUp = worker.state === 'polls';
    const awaits = awaitedReplies(newest, { isWorkerUp, silenceOn, hasAgentReplied: views.hasAgentReplied });
    response.set('cache-control', 'no-store').json({
      startedAt,
      threads: views.list().map((one) => ({ ...one, awaits: awaits.get(one.id) ?? null })),
      thread: threadId === null ? null : { ...views.thread(threadId), silence: silenceOn(threadId) },
      timeline: timeline(TIMELINE_LENGTH, events === 'all' ? null : threadId),
      worker: { state: worker.state, pid: worker.pid },
      switches: controls.switches,
      stages: STAGES,
      temporalUrl: `${uiUrl}/namespaces/${namespace}/workflows`,
      opsUrl,
      temporalAddress: parts.temporalAddress,
    });
  });

  /** The conversation as a case for `npm run eval`. */
  app.get('/playground/threads/:threadId/eval-case', (request, response) => {
    const { threadId } = request.params;
    response
      .attachment(`conversation-${threadId}.yaml`)
      .type('text/yaml')
      .send(evalCaseOf(views.thread(threadId)));
  });

  app.post('/playground/messages', (request, response) => {
    const message = present(read(customerMessage, request.body));
    const actorId = views.actorOf(message);
    response.status(201).json(simulator.customerWrites({ ...message, ...(actorId === null ? {} : { actorId }) }));
  });

  app.post('/playground/threads/:threadId/agent-messages', (request, response) => {
    const { text, internal } = read(agentMessage, request.body);
    const write = internal ? simulator.agentComments : simulator.agentWrites;
    response.status(201).json(write(request.params.threadId, { text, actorId: AGENT }));
  });

  app.put('/playground/threads/:threadId/owner', (request, response) => {
    simulator.assign(request.params.threadId, OWNERS[read(owner, request.body).owner]);
    response.json({});
  });

  app.post('/playground/threads/:threadId/ticket', (request, response) => {
    const { customer, subject, ticket } = views.thread(request.params.threadId);
    if (ticket) throw new Refused(`The thread has ticket ${ticket.id} already.`);
    const id = simulator.createTicket({ subject: subject ?? `A question of ${customer}` });
    simulator.linkTicket(request.params.threadId, id);
    response.status(201).json({ id });
  });

  app.put('/playground/tickets/:ticketId/properties', (request, response) => {
    const { name, value } = read(property, request.body);
    simulator.setTicketProperty(request.params.ticketId, name, value);
    response.json({});
  });

  app.put('/playground/switches', (request, response) => {
    controls.set(present(read(switches, request.body)));
    response.json({});
  });

  app.put('/playground/worker', async (request, response) => {
    if (read(workerOrder, request.body).order === 'kill') await worker.kill();
    else worker.start();
    response.json({});
  });

  /** HubSpot delivers the same events once more, as it does when an answer of ours got lost. */
  app.post('/playground/deliveries/:index/again', async (request, response) => {
    const delivery = simulator.deliveries[Number(request.params.index)];
    if (!delivery) throw new Error(`There is no delivery ${request.params.index}.`);
    await simulator.sendEvents(delivery.events);
    response.status(201).json({});
  });

  app.get('/playground/events', (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': the page hears whenever something changes\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
  });

  // What the simulator throws is that there is no such thing; what the parser throws has a status of its own.
  const answerErrors: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, _next) => {
    response.status(error.status ?? 404).json({ problem: error.message });
  };
  app.use('/playground', answerErrors);

  app.use('/vendor/lit-html', express.static(LIT_HTML));
  app.use(express.static(PAGE));
  return { app, changed };
};
