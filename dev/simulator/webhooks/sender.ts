import { setTimeout as sleep } from 'node:timers/promises';
import { limitConcurrency } from '../../../src/lib/limit-concurrency.ts';
import type { WebhookEvent } from './events.ts';
import { type Signing, signatureHeaders } from './signature.ts';
import { NO_VARIATIONS, type Variations, vary } from './variations.ts';

/** How webhooks are sent. HubSpot's own numbers are the defaults, but for time, which is compressed. */
export interface WebhookOptions extends Variations {
  /** Events are collected into one batch for this long, in ms. */
  flushMs: number;
  /** Events per request, at most. */
  batchSize: number;
  /** Requests under way at the same time, at most (HubSpot: `maxConcurrentRequests`). */
  maxInFlight: number;
  /** No answer for so long counts as a failure, in ms. */
  timeoutMs: number;
  /** The waits before each further attempt, in ms: as many attempts follow the first (HubSpot: 10 in 24 hours). */
  retryDelaysMs: number[];
  sign: Signing;
}

export const DEFAULT_WEBHOOK_OPTIONS: WebhookOptions = {
  ...NO_VARIATIONS,
  flushMs: 20,
  batchSize: 100,
  maxInFlight: 10,
  timeoutMs: 5_000,
  retryDelaysMs: [300, 600, 1_200, 2_400, 3_000, 3_000, 3_000, 3_000, 3_000, 3_000],
  sign: 'both',
};

/** One attempt to deliver one batch. */
export interface Delivery {
  /** When it was sent, ms since the epoch. */
  sentAt: number;
  events: WebhookEvent[];
  /** 0 for the first. */
  attempt: number;
  /** `null` when no answer came. */
  status: number | null;
  /** The answer's body: parsed where it is JSON, else text; the reason where no answer came. */
  body: unknown;
}

/** How a raw delivery is signed. */
export interface RawDelivery {
  sign?: Signing;
  /** Instead of the app's own. */
  secret?: string;
  /** Instead of now, in ms. */
  timestamp?: number;
  /** Instead of the events as JSON. */
  body?: string;
  /** Put last, so that they can replace any other. */
  headers?: Record<string, string>;
}

/** Sends webhook events as HubSpot does. */
export interface WebhookSender {
  options: WebhookOptions;
  /** Every attempt so far, oldest first. */
  deliveries: Delivery[];
  /** @param deliverTo where requests really go, when `url` is a public name for it; `url` is what is signed. */
  setUrl(url: string | null, deliverTo?: string): void;
  /** Queues events for the next batch, which leaves once `after` is done. */
  enqueue(events: WebhookEvent[], after?: Promise<void>): void;
  /** Sends events at once; done when they were acknowledged, or given up. */
  deliver(events: WebhookEvent[]): Promise<void>;
  /** One attempt, no retry, no variation. @throws {Error} without a webhook URL. */
  sendRaw(events: unknown[], raw: RawDelivery): Promise<Delivery>;
  /** Done when nothing is queued, under way or waiting for another attempt. */
  settle(): Promise<void>;
  /** Gives up everything that is under way. */
  close(): Promise<void>;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const createWebhookSender = (
  { clientSecret, random }: { clientSecret: string; random: () => number },
  options: WebhookOptions,
  onDelivery: () => void,
): WebhookSender => {
  const closing = new AbortController();
  const pending = new Set<Promise<void>>();
  const deliveries: Delivery[] = [];
  const inTurn = limitConcurrency(() => options.maxInFlight);
  let target: { url: string; deliverTo: string } | null = null;
  let queue: WebhookEvent[] = [];
  let flushing = false;

  const track = (work: Promise<void>): void => {
    const tracked = work
      // Only closing stops a delivery half-way, and then nobody waits for it any more.
      .catch((error: unknown) => {
        if (!closing.signal.aborted) throw error;
      })
      .finally(() => pending.delete(tracked));
    pending.add(tracked);
  };

  const post = async (
    to: { url: string; deliverTo: string },
    events: WebhookEvent[],
    attempt: number,
    raw: RawDelivery,
  ): Promise<Delivery> => {
    const body = raw.body ?? JSON.stringify(events);
    const sentAt = Date.now();
    const timestamp = raw.timestamp ?? sentAt;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'HubSpot Webhooks, simulated',
      ...signatureHeaders(raw.sign ?? options.sign, {
        secret: raw.secret ?? clientSecret,
        url: to.url,
        body,
        timestamp,
      }),
      ...raw.headers,
    };
    let outcome: Pick<Delivery, 'status' | 'body'>;
    try {
      const response = await fetch(to.deliverTo, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(options.timeoutMs)]),
      });
      outcome = { status: response.status, body: parsed(await response.text()) };
    } catch (error) {
      closing.signal.throwIfAborted();
      outcome = { status: null, body: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
    const delivery = { sentAt, events, attempt, ...outcome };
    deliveries.push(delivery);
    onDelivery();
    return delivery;
  };

  const isAcknowledged = ({ status }: Delivery): boolean => status !== null && status >= 200 && status < 300;

  const deliverBatch = async (events: WebhookEvent[]): Promise<void> => {
    for (let attempt = 0; target; attempt += 1) {
      const to = target;
      // Each attempt is signed anew: HubSpot's retries come up to a day later, and an old timestamp is refused.
      const numbered = events.map((event) => ({ ...event, attemptNumber: attempt }));
      const delivery = await inTurn(() => post(to, numbered, attempt, {}));
      const delay = options.retryDelaysMs[attempt];
      if (isAcknowledged(delivery) || delay === undefined) return;
      await sleep(delay, undefined, { signal: closing.signal });
    }
  };

  const deliver = async (events: WebhookEvent[]): Promise<void> => {
    if (!target) return;
    const varied = vary(events, options, random);
    const batches = [];
    for (let start = 0; start < varied.length; start += options.batchSize) {
      batches.push(deliverBatch(varied.slice(start, start + options.batchSize)));
    }
    await Promise.all(batches);
  };

  const flush = async (): Promise<void> => {
    await sleep(options.flushMs, undefined, { signal: closing.signal });
    flushing = false;
    const events = queue;
    queue = [];
    await deliver(events);
  };

  const enqueueNow = (events: WebhookEvent[]): void => {
    if (!target || closing.signal.aborted) return;
    queue.push(...events);
    if (flushing) return;
    flushing = true;
    track(flush());
  };

  return {
    options,
    deliveries,
    setUrl: (url, deliverTo) => {
      target = url === null ? null : { url, deliverTo: deliverTo ?? url };
    },
    enqueue: (events, after) => {
      if (after) track(after.then(() => enqueueNow(events)));
      else enqueueNow(events);
    },
    deliver: (events) => {
      const delivered = deliver(events);
      track(delivered);
      return delivered;
    },
    sendRaw: async (events, raw) => {
      if (!target) throw new Error('The simulator has no webhook URL: set webhookUrl, or call setWebhookUrl.');
      return post(target, events as WebhookEvent[], 0, raw);
    },
    settle: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    close: async () => {
      closing.abort();
      await Promise.all(pending);
    },
  };
};
