import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { withDeadline } from '../src/lib/deadline.ts';
import type { Spawned } from '../test/support/spawned.ts';
import { growthPerMinute, type Sample } from './statistics.ts';

/** A process's resident memory in MiB. `growthPerMinute` is of the second half: about 0 where it is flat. */
export interface Memory {
  start: number;
  max: number;
  end: number;
  growthPerMinute: number;
}

/** A process's resident memory now, in MiB; NaN when it is gone. */
export const residentMiB = async (pid: number): Promise<number> => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({
    stdout: 'NaN',
  }));
  return Number(stdout) / 1024;
};

/** What a process holds once its garbage is collected, in MiB. It was started with `probe.ts`. */
export interface Held {
  heapUsed: number;
  /** Outside V8's heap, such as buffers. */
  external: number;
}

/** Has a process that was started with `probe.ts` collect its garbage, and report what is left. */
export const heldMiB = async (spawned: Spawned): Promise<Held> => {
  const from = spawned.output().length;
  spawned.send('SIGUSR2');
  const reported = async (): Promise<Held> => {
    for (;;) {
      const line = /^memory (\{.*\})$/m.exec(spawned.output().slice(from));
      if (line) return JSON.parse(line[1] ?? '');
      await sleep(20);
    }
  };
  return await withDeadline(reported(), 20_000);
};

/** Watches a process's resident memory until the returned function is called. */
export const watchMemory = (pid: number, everyMs = 500): (() => Promise<Memory>) => {
  const samples: Sample[] = [];
  const look = async (): Promise<void> => {
    samples.push({ at: Date.now(), value: await residentMiB(pid) });
  };
  let last = look();
  const timer = setInterval(() => {
    last = last.then(look);
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await last;
    const values = samples.map(({ value }) => value);
    return {
      start: values[0] ?? Number.NaN,
      max: Math.max(...values),
      end: values.at(-1) ?? Number.NaN,
      growthPerMinute: growthPerMinute(samples.slice(samples.length / 2)),
    };
  };
};
