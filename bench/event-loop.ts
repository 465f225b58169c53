import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a process of the product with `--import`: at its end it says how late its main thread's event loop was since
 * the SIGUSR2 that began the measurement, as one line of JSON, in ms.
 */
const RESOLUTION_MS = 1;

if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  process.on('SIGUSR2', () => {
    delays.reset();
    delays.enable();
  });
  process.on('exit', () => {
    const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const told = { p50: inMs(delays.percentile(50)), p99: inMs(delays.percentile(99)), max: inMs(delays.max) };
    process.stdout.write(`event loop ${JSON.stringify(told)}\n`);
  });
}
