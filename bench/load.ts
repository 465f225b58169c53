import { Agent, request } from 'node:http';
import type { WebhookEvent } from '../dev/simulator/webhooks/events.ts';
import { signatureHeaders } from '../dev/simulator/webhooks/signature.ts';
import { CLIENT_SECRET } from '../test/support/simulator.ts';

/** Sends one delivery. @throws {Error} when it was not acknowledged */
export type Send = (events: WebhookEvent[]) => Promise<void>;

/** Deliveries signed as HubSpot signs them, over connections that stay open. `url` is signed and called. */
export const signedSender = (url: string): { send: Send; close: () => void } => {
  const agent = new Agent({ keepAlive: true });
  const send: Send = (events) => {
    const body = JSON.stringify(events);
    const signed = signatureHeaders('v3', { secret: CLIENT_SECRET, url, body, timestamp: Date.now() });
    const headers = { ...signed, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const call = request(url, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
        );
      });
      call.once('error', reject);
      call.end(body);
    });
  };
  return { send, close: () => agent.destroy() };
};

export interface Load {
  /** Events in a delivery. */
  batch: number;
  /** Deliveries under way at once, always as many. */
  concurrency: number;
  seconds: number;
}

export interface Loaded {
  seconds: number;
  deliveries: number;
  /** New ones; those that were sent again don't count. */
  events: number;
  /** From the request to its answer, in ms. */
  ackMs: number[];
  errors: number;
  /** What the last error said. */
  lastError: string | null;
}

/** One delivery of so many is sent a second time, as HubSpot does when it is in doubt. */
const RESENT_EVERY = 20;

/** Keeps `concurrency` deliveries under way for so long, and one in twenty of them comes again later. */
export const drive = async (
  send: Send,
  events: (count: number) => WebhookEvent[],
  { batch, concurrency, seconds }: Load,
): Promise<Loaded> => {
  const loaded: Loaded = { seconds: 0, deliveries: 0, events: 0, ackMs: [], errors: 0, lastError: null };
  const begin = performance.now();
  const until = begin + seconds * 1_000;
  let count = 0;
  const timed = async (delivery: WebhookEvent[], isNew: boolean): Promise<void> => {
    const at = performance.now();
    try {
      await send(delivery);
      loaded.ackMs.push(performance.now() - at);
      loaded.deliveries += 1;
      if (isNew) loaded.events += delivery.length;
    } catch (error) {
      loaded.errors += 1;
      loaded.lastError = (error as Error).message;
    }
  };
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const delivery = events(batch);
      count += 1;
      const isSentAgain = count % RESENT_EVERY === 0;
      await timed(delivery, true);
      if (isSentAgain) await timed(delivery, false);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  loaded.seconds = (performance.now() - begin) / 1_000;
  return loaded;
};
