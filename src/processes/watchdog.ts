import { url as debugger_ } from 'node:inspector';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WatchdogData } from './watchdog-thread.ts';

/** The health page can't be served at its address; the message says what to change. */
export class HealthNotServed extends Error {
  override readonly name = 'HealthNotServed';

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The worker's health can't be served on ${address} (${reason}): set WORKER_HEALTH_ADDRESS to an IP ` +
        'address and a free port, such as 127.0.0.1:9465.',
      { cause },
    );
  }
}

/** `address` as WORKER_HEALTH_ADDRESS has it: a host, also an IPv6 address in brackets, and a port. */
const parse = (address: string): { host: string; port: number } => {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
};

/** A long garbage collection is shorter than 10 s. A Worker whose poll has failed ends its process by itself. */
const HEALTHY = { loopSeconds: 10, pollSeconds: 60 };

/**
 * Watches this process from a thread of its own, so that it is seen when the process hangs. Ends the process by
 * SIGKILL, after a line on standard error, once its event loop has stood still for `endAfterMs` (0: never; nor while a
 * debugger may hold it). Answers `GET /healthz` at `healthAddress`: 200 while the event loop turns and `isPolling`
 * holds, else 503. Gives back what stops it.
 * @throws {HealthNotServed}
 */
export const watchProcess = async ({
  endAfterMs,
  healthAddress,
  isPolling = () => true,
  healthy = HEALTHY,
}: {
  endAfterMs: number;
  healthAddress?: string | undefined;
  isPolling?: () => boolean;
  healthy?: typeof HEALTHY;
}): Promise<() => Promise<void>> => {
  const beats = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const counters = new Int32Array(beats);
  const beat = setInterval(() => {
    Atomics.add(counters, 0, 1);
    if (isPolling()) Atomics.add(counters, 1, 1);
  }, 500);
  beat.unref();
  const endAfterSeconds = debugger_() === undefined ? Math.ceil(endAfterMs / 1_000) : 0;
  const workerData: WatchdogData = {
    beats,
    endAfterSeconds,
    health: healthAddress === undefined ? null : parse(healthAddress),
    healthy,
  };
  const thread = new Worker(new URL(`./watchdog-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData,
    name: 'watchdog',
    // It shall not take part in what the process was started with, such as a bound on its heap.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  await new Promise<void>((listening, fail) => {
    thread.once('message', () => listening());
    thread.once('error', (error) => fail(new HealthNotServed(healthAddress ?? '', error)));
  });
  return async () => {
    clearInterval(beat);
    await thread.terminate();
  };
};
