/**
 * A process that watches itself, says its state on standard output, and hangs when its standard input says so.
 * Arguments: how long it may hang in ms, and the address of its health page.
 */
import { watchProcess } from '../../src/processes/watchdog.ts';

const [endAfterMs, healthAddress] = process.argv.slice(2);
let isPolling = true;
await watchProcess({
  endAfterMs: Number(endAfterMs),
  healthAddress,
  isPolling: () => isPolling,
  healthy: { loopSeconds: 2, pollSeconds: 3 },
});
process.on('SIGUSR2', () => {
  isPolling = false;
});
process.on('SIGTERM', () => {
  process.stdout.write('hangs\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
setInterval(() => undefined, 1_000);
process.stdout.write(`watched at ${healthAddress}\n`);
