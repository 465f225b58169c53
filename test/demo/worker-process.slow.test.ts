import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createDemoWorker } from '../../dev/demo/worker-process.ts';

it('kills a worker that does not stop in time, and says so', async () => {
  const lines: string[] = [];
  const order = { settings: {}, temporalAddress: 'localhost:1', aiIsDown: false };
  const worker = createDemoWorker(
    () => order,
    () => undefined,
    (line) => lines.push(line),
    300,
  );
  worker.start();
  const { pid } = worker;
  if (pid === null) throw new Error('It has not started.');
  // One that stands still hears no SIGTERM.
  process.kill(pid, 'SIGSTOP');
  while (!execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T'))
    await delay(20);
  await worker.stop();
  expect(worker.state).toBe('stopped');
  expect(lines).toEqual(['The worker does not stop within 0.3 s, it is killed']);
});
