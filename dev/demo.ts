import './demo/compile-cache.ts';
import { readCall } from '../src/command-line.ts';
import { spawnWorker } from './demo/worker-process.ts';

const { values } = readCall('demo', { options: { once: { type: 'boolean', default: false } } });
// Worker and demo load their modules at the same time, a second each.
const firstWorker = spawnWorker();
// The demo ends in order once it listens for signals by itself. Until then nothing is open but this worker.
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const endAtOnce = (): void => {
  firstWorker.kill();
  process.stdout.write('\nStopped.\n');
  process.exit(0);
};
for (const signal of SIGNALS) process.on(signal, endAtOnce);
const { runDemo } = await import('./demo/run-demo.ts');
for (const signal of SIGNALS) process.off(signal, endAtOnce);
await runDemo({ ...values, firstWorker });
