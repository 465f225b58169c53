import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConnections } from './connections.ts';
import { hasBody } from './webhook/body.ts';

/** The server can't listen at its address; the message says what to change. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  /** Node's, such as `EADDRINUSE`. */
  readonly code: string;

  constructor(port: number, setting: string, cause: NodeJS.ErrnoException) {
    const why =
      cause.code === 'EADDRINUSE'
        ? `is in use: stop what listens there, or set ${setting} to a free one`
        : `can't be listened on (${cause.code}): set ${setting} to another one`;
    super(`Port ${port} ${why}.`, { cause });
    this.code = cause.code ?? 'unknown';
  }
}

export interface ListenOptions {
  /** 0: any free one. */
  port: number;
  /** All interfaces, unless given. */
  host?: string;
  /** The setting that says the port, for whoever has to change it; `PORT`, unless given. */
  setting?: string;
  /** The whole head of a request has to come within so many ms, so that slow senders can't hold connections open. */
  headersTimeoutMs?: number;
  /** The whole request, in ms. */
  requestTimeoutMs?: number;
  /** The server has at most so many connections at once. For one more, the one that is missed least is closed. */
  maxConnections?: number;
  /** Hears of each connection that was closed for others. */
  onDropped?: () => void;
  /** `close` waits this long for requests in flight, in ms. A delivery's starts take up to 4 s. */
  closeGraceMs?: number;
}

/** A server that listens. */
export interface Listening {
  /** Where to reach it from this machine. */
  url: string;
  /** Takes no more connections, lets requests in flight have their answer, and resolves when the last has gone. */
  close(): Promise<void>;
}

// Longer than the idle timeout of the usual load balancers (60 s), which would else reuse a connection that we just
// closed.
const KEEP_ALIVE_MS = 65_000;

/**
 * Nothing has moved on a connection for so long, in ms, though it waits for nothing but its caller. No answer takes
 * this long.
 */
const STALLED_MS = 30_000;

/**
 * HubSpot has ten deliveries under way for a portal, and 400 are taken at once. A process of Node's may have more files
 * open.
 */
const MAX_CONNECTIONS = 1000;

/**
 * Answers that go out before the request's body was read end the connection: else all of it would be read, to no end.
 */
const endUnlessRead = (request: IncomingMessage, response: ServerResponse): void => {
  if (!hasBody(request)) return;
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  request.once('end', () => {
    response.shouldKeepAlive = shouldKeepAlive;
  });
};

/**
 * Serves HTTP. Slow or unfinished requests are cut off (Node's own 60 and 300 s are an invitation), "100 Continue" is
 * said only when somebody begins to read, and no number of idle connections keeps the next one out.
 * @throws {CannotListen} when the port is taken or forbidden.
 */
export const listen = async (
  app: RequestListener,
  {
    port,
    host,
    setting = 'PORT',
    headersTimeoutMs = 5000,
    requestTimeoutMs = 10_000,
    maxConnections = MAX_CONNECTIONS,
    onDropped = () => {},
    closeGraceMs = 10_000,
  }: ListenOptions,
): Promise<Listening> => {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 500,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.timeout = STALLED_MS;
  const connections = createConnections(maxConnections, onDropped);
  let closing = false;
  let closed: Promise<void> | undefined;

  const serve: RequestListener = (request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    connections.answering(response);
    endUnlessRead(request, response);
    app(request, response);
  };
  server.on('connection', connections.opened);
  server.on('request', serve);
  server.on('checkContinue', (request, response) => {
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    serve(request, response);
  });

  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new CannotListen(port, setting, error as NodeJS.ErrnoException);
  }

  // Node's own close() leaves connections open that have not sent anything yet, or will be idle after their answer.
  const close = async (): Promise<void> => {
    closing = true;
    const lastOneGone = new Promise((resolve) => server.close(resolve));
    for (const response of connections.unanswered()) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    connections.closeIdle();
    const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    await lastOneGone;
    clearTimeout(grace);
  };

  const { port: actualPort } = server.address() as AddressInfo;
  const name = host?.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name ?? 'localhost'}:${actualPort}`,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};
