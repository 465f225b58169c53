import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** The thread is given this by {@link file://./watchdog.ts}. */
export interface WatchdogData {
  /** Two counters that the process raises each second: its event loop turns; its Workers poll. */
  beats: SharedArrayBuffer;
  /** In s; 0: the process is never ended. */
  endAfterSeconds: number;
  /** Where `GET /healthz` is answered; `null`: nowhere. */
  health: { host: string; port: number } | null;
  /** It is healthy while the event loop has turned, and the Workers have polled, within so many seconds. */
  healthy: { loopSeconds: number; pollSeconds: number };
}

const { beats, endAfterSeconds, health, healthy } = workerData as WatchdogData;
const counters = new Int32Array(beats);
const seen = [0, 0];
/** Seconds of this thread since each counter moved: a process that was suspended as a whole has missed none. */
const silent = [0, 0];
/** Of this standstill. */
let hasSaid = false;

const look = (): void => {
  for (const [index, before] of seen.entries()) {
    const now = Atomics.load(counters, index);
    silent[index] = now === before ? (silent[index] ?? 0) + 1 : 0;
    seen[index] = now;
  }
  const [loop = 0] = silent;
  if (endAfterSeconds === 0 || loop < endAfterSeconds) {
    hasSaid = false;
    return;
  }
  if (hasSaid) return;
  hasSaid = true;
  // The kernel keeps the first process of a container from every signal that comes from within it, SIGKILL too.
  if (process.pid === 1) {
    writeSync(
      2,
      `The event loop has stood still for ${loop} s, and the first process of a container can't end itself. ` +
        'Start it behind an init, as the entrypoint of the image does (WATCHDOG).\n',
    );
    return;
  }
  // The loop that would write to standard error, and close what is open, stands still.
  writeSync(
    2,
    `The event loop has stood still for ${loop} s: this process ends itself, to be started again (WATCHDOG).\n`,
  );
  process.kill(process.pid, 'SIGKILL');
};
setInterval(look, 1_000);

if (health) {
  const server = createServer((request, response) => {
    const [loop = 0, polls = 0] = silent;
    const isHealthy = loop <= healthy.loopSeconds && polls <= healthy.pollSeconds;
    const isKnown = request.url === '/healthz' && request.method === 'GET';
    const status = isKnown ? (isHealthy ? 200 : 503) : 404;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(isKnown ? `${JSON.stringify({ secondsSinceTurn: loop, secondsSincePoll: polls })}\n` : '');
  });
  server.listen(health.port, health.host);
  await once(server, 'listening');
}
parentPort?.postMessage('watching');
