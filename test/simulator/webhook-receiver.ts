import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived, byte for byte. */
export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: what arrives is what the tests look into
  events: any[];
}

/** An endpoint for webhooks on a local port. */
export interface Receiver {
  url: string;
  received: Received[];
  /** What it answers; 200 at once by default. `null` never answers. */
  answer: (request: Received) => Promise<number | null> | number | null;
  /** Under that status: the API's count, of one event. */
  counts: Partial<Record<'accepted' | 'duplicate' | 'ignored', number>>;
  close(): Promise<void>;
}

export const startReceiver = async (): Promise<Receiver> => {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const received = { headers: request.headers, body, events: JSON.parse(body) };
    receiver.received.push(received);
    const status = await receiver.answer(received);
    if (status !== null)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(receiver.counts));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/hubspot`,
    received: [],
    answer: () => 200,
    counts: { accepted: 1 },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
};
