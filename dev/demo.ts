import { readCall } from '../src/command-line.ts';
import { spawnWorker } from './demo/worker-process.ts';

const { values } = readCall('demo', { options: { once: { type: 'boolean', default: false } } });
// Worker and demo load their modules at the same time, a second each.
const firstWorker = spawnWorker();
const { runDemo } = await import('./demo/run-demo.ts');
await runDemo({ ...values, firstWorker });
