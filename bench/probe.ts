import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a process of the product with `--import`. At SIGUSR2 it collects all garbage and says what is left, as
 * one line of JSON in MiB, and begins to watch its main thread's event loop; at its end it says how late that was
 * since, in ms.
 */
const RESOLUTION_MS = 1;

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
};

if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const report = (what: string, found: object) => process.stdout.write(`${what} ${JSON.stringify(found)}\n`);
  process.on('SIGUSR2', () => {
    const { rss: resident } = process.memoryUsage();
    // What the first one finds unreachable may hold on to more until its finalizers have run.
    collectGarbage();
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const inMiB = (bytes: number) => bytes / 2 ** 20;
    report('memory', { resident: inMiB(resident), heapUsed: inMiB(heapUsed), external: inMiB(external) });
    delays.reset();
    delays.enable();
  });
  process.on('exit', () => {
    const inMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    report('event loop', { p50: inMs(delays.percentile(50)), p99: inMs(delays.percentile(99)), max: inMs(delays.max) });
  });
}
