import { setTimeout as sleep } from 'node:timers/promises';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { World } from '../world.ts';
import { failBefore, sendAnswer, sendError } from './answer.ts';
import { associationHandlers } from './associations.ts';
import { type Checks, createChecks } from './checks.ts';
import { closed } from './closed.ts';
import { contactHandlers } from './contacts.ts';
import { readDescription } from './description.ts';
import { directoryHandlers } from './directory.ts';
import { expired, failure, HubSpotError, invalidRequest, unauthorized } from './errors.ts';
import type { Faults } from './faults.ts';
import { messageHandlers } from './messages.ts';
import type { createOAuth } from './oauth.ts';
import type { Answer, Handler, Handlers, OperationName } from './operations.ts';
import { ownerHandlers } from './owners.ts';
import { pipelineHandlers } from './pipelines.ts';
import { threadHandlers } from './threads.ts';
import { ticketHandlers } from './tickets.ts';

/** A request to the API, whatever became of it. */
export interface Call {
  /** ms since the epoch. */
  time: number;
  method: string;
  /** With its query. */
  path: string;
  /** `null` while no answer has gone out; stays so when none does. */
  status: number | null;
}

/** A call that changed something. */
export interface LedgerEntry {
  /** ms since the epoch. */
  time: number;
  route: OperationName;
  path: string;
  body: unknown;
  /** The id of what it made or changed. */
  id: string;
}

/** What the API keeps book of. */
export interface Books {
  calls: Call[];
  ledger: LedgerEntry[];
  /** Answers of the simulator itself that didn't fit the description: each is a mistake in the simulator. */
  contractViolations: string[];
}

const HANDLERS: Handlers = {
  ...associationHandlers,
  ...contactHandlers,
  ...directoryHandlers,
  ...messageHandlers,
  ...ownerHandlers,
  ...pipelineHandlers,
  ...threadHandlers,
  ...ticketHandlers,
};

/** Reads the path and the checks of every call from the description. */
const describeCalls = () => {
  const { calls, components } = readDescription();
  const checksOf = createChecks(components);
  return calls.map((call) => ({ ...call, checks: checksOf(call) }));
};

let described: ReturnType<typeof describeCalls> | undefined;

/** All simulators of a process share what the description says: it takes a while to read. */
const describedCalls = (): ReturnType<typeof describeCalls> => {
  described ??= describeCalls();
  return described;
};

/** Every refusal in HubSpot's shape, also those of the libraries. */
const answerErrors: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof HubSpotError) sendError(response, error);
  else if (error.status === 400) sendError(response, invalidRequest(`Invalid input: ${error.message}`));
  else sendError(response, failure(error.status ?? 500));
};

/** `/threads/{threadId}` as Express writes it. */
const expressPath = (template: string): string => template.replace(/\{(\w+)\}/g, ':$1');

const keepBook =
  (calls: Call[]): RequestHandler =>
  (request, response, next) => {
    const call: Call = { time: Date.now(), method: request.method, path: request.originalUrl, status: null };
    calls.push(call);
    response.once('finish', () => {
      call.status = response.statusCode;
    });
    next();
  };

/** The API: authentication, the description's checks, the faults that are set, and what HubSpot does on each call. */
export const createApi = ({
  world,
  sender,
  faults,
  books,
  accessToken,
  oauth,
  closing,
}: {
  world: World;
  sender: WebhookSender;
  faults: Faults;
  books: Books;
  accessToken: string;
  oauth: ReturnType<typeof createOAuth>;
  closing: AbortSignal;
}): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  const authenticate: RequestHandler = (request, _response, next) => {
    const [, token = ''] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
    if (token === accessToken) return next();
    const state = oauth.stateOf(token);
    if (state === 'good') return next();
    throw state === 'expired' ? expired() : unauthorized();
  };

  /** From now on, a JSON answer that doesn't fit the description is an error of the simulator's. */
  const checkAnswers = (
    { method, originalUrl }: Request,
    response: Response,
    violation: Checks<OperationName>['violation'],
  ) => {
    const send = response.json.bind(response);
    response.json = (body) => {
      const wrong = violation(response.statusCode, body);
      if (wrong === null) return send(body);
      books.contractViolations.push(`${method} ${originalUrl}: ${wrong}`);
      throw failure(500);
    };
  };

  const serve =
    <Name extends OperationName>(
      route: Name,
      handle: Handler<Name>,
      { parse, violation }: Checks<Name>,
    ): RequestHandler =>
    async (request, response) => {
      checkAnswers(request, response, violation);
      const asked = parse(request);
      const fault = faults.take({ route, method: request.method, path: request.originalUrl });
      if (failBefore(fault, response)) return;
      const answer: Answer<Name> = handle(world, asked);
      const { status, body: answerBody, events = [], writtenId } = answer;
      // The answer to the client must not change with what happens until it is sent.
      const snapshot = structuredClone(answerBody);
      if (writtenId !== undefined) {
        books.ledger.push({ time: Date.now(), route, path: request.path, body: asked.body, id: writtenId });
      }
      if (world.behaviour.echo === 'before-answer') await sender.deliver(events);
      // A client that was killed may be gone by now.
      if (world.behaviour.echo === 'after-answer') sender.enqueue(events, closed(response));
      await sendAnswer({ status, body: snapshot }, fault, response, (milliseconds) =>
        sleep(milliseconds, undefined, { signal: closing }),
      );
    };

  // The token endpoint and the consent page come before the tokens.
  app.use(keepBook(books.calls), oauth.router, authenticate, express.json({ limit: '2mb' }));
  const calls = describedCalls();
  for (const { name, method, paths, checks } of calls) {
    app[method](paths.map(expressPath), serve(name, HANDLERS[name] as Handler<OperationName>, checks));
  }
  app.all(
    calls.flatMap(({ paths }) => paths.map(expressPath)),
    () => {
      throw failure(405);
    },
  );
  app.use(() => {
    throw failure(404);
  });
  app.use(answerErrors);
  return app;
};
