import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { createDemoWorker, spawnWorker } from '../../dev/demo/worker-process.ts';

const order = { settings: {}, temporalAddress: 'localhost:1', aiIsDown: false };

it('kills a worker that does not stop in time, and says so', async () => {
  const lines: string[] = [];
  const worker = createDemoWorker(() => order, {
    onChange: () => undefined,
    onDeath: (line) => lines.push(line),
    stopGraceMs: 300,
  });
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

it.each([
  ['uses the process that waits for its order', false],
  ['starts another one where the process that waited is dead', true],
])('%s', async (_, isDead) => {
  const first = spawnWorker();
  if (isDead) {
    const gone = once(first, 'exit');
    first.kill('SIGKILL');
    await gone;
  }
  const worker = createDemoWorker(() => order, { onChange: () => undefined, first });
  worker.start();
  expect(worker.pid).not.toBeNull();
  expect(worker.pid === first.pid).toBe(!isDead);
  await worker.kill();
});
