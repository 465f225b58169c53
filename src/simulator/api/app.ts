import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { parse } from 'yaml';
import { API_VERSIONS, type DescribedPath, pathIn } from '../../hubspot/api-version.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { World } from '../world.ts';
import { failBefore, sendAnswer, sendError } from './answer.ts';
import { associationHandlers } from './associations.ts';
import { closed } from './closed.ts';
import { contactHandlers } from './contacts.ts';
import { directoryHandlers } from './directory.ts';
import { expired, failure, HubSpotError, invalidRequest, unauthorized } from './errors.ts';
import type { Faults } from './faults.ts';
import { messageHandlers } from './messages.ts';
import type { createOAuth } from './oauth.ts';
import type { Answer, ApiRequest, Handler, Handlers, OperationName } from './operations.ts';
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
  ...pipelineHandlers,
  ...threadHandlers,
  ...ticketHandlers,
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

interface Description {
  paths: Record<string, Partial<Record<(typeof METHODS)[number], { operationId: OperationName }>>>;
}

/** The description with every path in each of HubSpot's versions. */
const readDescription = (): Description => {
  const description: Description = parse(readFileSync(new URL('../../hubspot/openapi.yaml', import.meta.url), 'utf8'));
  const paths = API_VERSIONS.flatMap((version) =>
    Object.entries(description.paths).map(([path, item]) => [
      pathIn(version, path as DescribedPath),
      structuredClone(item),
    ]),
  );
  return { ...description, paths: Object.fromEntries(paths) };
};

let checks: RequestHandler[] | undefined;

/** The description's checks of each request and answer. All simulators of a process share them: it takes a while to compile them. */
const descriptionChecks = (): RequestHandler[] => {
  checks ??= OpenApiValidator.middleware({
    apiSpec: readDescription() as never,
    validateApiSpec: false,
    validateSecurity: false,
    fileUploader: false,
    validateRequests: { allErrors: true },
    validateResponses: {
      onError: (error, _body, { app, method, originalUrl }) => {
        app.locals.contractViolations.push(`${method} ${originalUrl}: ${error.message}`);
        throw error;
      },
    },
  });
  return checks;
};

interface ValidationError extends Error {
  status?: number;
  errors?: { path: string; message: string }[];
}

/** Every refusal in HubSpot's shape, also those of the libraries. */
const answerErrors: ErrorRequestHandler = (error: ValidationError, _request, response, next) => {
  if (response.headersSent) next(error);
  else if (error instanceof HubSpotError) sendError(response, error);
  else if (error.status === 400) {
    const details = (error.errors ?? []).map(({ path, message }) => ({ message, in: path }));
    sendError(response, invalidRequest(`Invalid input: ${error.message}`, details));
  } else sendError(response, failure(error.status ?? 500));
};

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

  const serve =
    <Name extends OperationName>(route: Name, handle: Handler<Name>): RequestHandler =>
    async (request, response) => {
      const fault = faults.take({ route, method: request.method, path: request.originalUrl });
      if (failBefore(fault, response)) return;
      const { params: path, query, body } = request;
      // The description's checks stand between the network and this line.
      const answer: Answer<Name> = handle(world, { path, query, body } as ApiRequest<Name>);
      const { status, body: answerBody, events = [], writtenId } = answer;
      // What the client is told must not change with what happens until it is told.
      const snapshot = structuredClone(answerBody);
      if (writtenId !== undefined) {
        books.ledger.push({ time: Date.now(), route, path: request.path, body, id: writtenId });
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
  app.locals.contractViolations = books.contractViolations;
  app.use(descriptionChecks());
  for (const [path, item] of Object.entries(readDescription().paths)) {
    for (const method of METHODS) {
      const route = item[method]?.operationId;
      if (route)
        app[method](path.replace(/\{(\w+)\}/g, ':$1'), serve(route, HANDLERS[route] as Handler<OperationName>));
    }
  }
  app.use(answerErrors);
  return app;
};
