import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification, as it came. */
export interface Received {
  method: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Somebody's HTTP server that is notified. */
export interface Receiver {
  url: string;
  received: Received[];
  /** It answers like this, each for one request, of this event where one is named; then 204. */
  answers: { status: number; headers?: Record<string, string>; event?: string }[];
  close(): Promise<void>;
}

/** Listens on this machine. Close it. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = [];
  const answers: Receiver['answers'] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    received.push({ method: request.method ?? '', headers: request.headers, text });
    const place = answers.findIndex(({ event }) => event === undefined || text.includes(`"type":"${event}"`));
    const { status, headers } = (place < 0 ? undefined : answers.splice(place, 1)[0]) ?? { status: 204 };
    response.writeHead(status, headers).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/0`,
    received,
    answers,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
