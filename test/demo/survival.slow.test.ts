import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';

/** A process that stands below another one. */
interface Below {
  pid: number;
  program: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-survival-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const startDemo = async (...words: string[]) => {
  const TMPDIR = await mkdtemp(join(folder, 'tmp-'));
  const demo = spawnNode(['dev/demo.ts', ...words], { TMPDIR, PORT: '0', QUIET_PERIOD: '100ms', EMAIL_DELAY: '0s' });
  return { ...demo, leftBehind: () => readdir(TMPDIR) };
};

/** Every process that a process has started, and those that these have. */
const below = async (parent: number): Promise<Below[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  const all = [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, ppid, program = '']) => ({
    pid: Number(pid),
    parent: Number(ppid),
    program,
  }));
  const of = (above: number): Below[] =>
    all.filter((one) => one.parent === above).flatMap(({ pid, program }) => [{ pid, program }, ...of(pid)]);
  return of(parent);
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const isWorker = ({ program }: Below): boolean => program.includes('demo/worker.ts');
const isHolder = ({ program }: Below): boolean => program.startsWith('sh -c');
const isServer = (one: Below): boolean => !isHolder(one) && one.program.includes('start-dev');
const kill = async (demo: Spawned, which: (one: Below) => boolean, signal: NodeJS.Signals): Promise<void> => {
  const found = (await below(demo.pid)).find(which);
  if (!found) throw new Error('There is no such process.');
  process.kill(found.pid, signal);
};

describe('a demo', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let playground = '';
  beforeAll(async () => {
    demo = await startDemo();
    await demo.says(/It stays up/);
    [, playground = ''] = await demo.says(/Playground\s+(\S+)/);
  });
  afterAll(() => demo.ends('SIGKILL'));

  // biome-ignore lint/suspicious/noExplicitAny: what the page gets is what the tests look into
  const state = async (): Promise<any> => await (await fetch(`${playground}/playground/state`)).json();
  const put = async (order: string) =>
    await fetch(`${playground}/playground/worker`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ order }),
    });
  const answers = async (text: string): Promise<void> => {
    await fetch(`${playground}/playground/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, channel: 'chat' }),
    });
    await eventually(async () => {
      const { timeline } = await state();
      expect(timeline).toContainEqual(
        expect.objectContaining({ words: text, run: expect.objectContaining({ state: 'replied' }) }),
      );
    });
  };

  it('says where Temporal listens, for browsers and for the temporal command', () => {
    const [, address] =
      /(127\.0\.0\.1:\d+) {2}is its address: npm run temporal -- workflow list --address \1\n/.exec(demo.output()) ??
      [];
    expect(address).toBeDefined();
    expect(demo.output()).toMatch(/Temporal\s+http:\/\/127\.0\.0\.1:\d+/);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('goes on with a new worker when a %s ends the old one', async (signal) => {
    const { worker } = await state();
    const deaths = () => [...demo.output().matchAll(/The worker has died \(.+\), a new one takes over/g)].length;
    const before = deaths();
    await kill(demo, isWorker, signal);
    await answers(`How long does shipping take after ${signal}?`);
    // One that was asked to end may have answered before it did.
    await eventually(async () => {
      const { worker: after } = await state();
      expect([after.state, after.pid === worker.pid]).toEqual(['polls', false]);
      expect(deaths()).toBeGreaterThan(before);
    });
  });

  it('leaves a worker dead that the page has killed, until it is started again there', async () => {
    await put('kill');
    expect((await state()).worker).toEqual({ state: 'stopped', pid: null });
    expect((await below(demo.pid)).filter(isWorker)).toEqual([]);
    await put('start');
    await answers('How long is the warranty?');
  });

  it.each([
    ['its Temporal server', isServer],
    ['the shell that holds it', isHolder],
  ])('goes on, with everything that was, when %s is killed', async (_, which) => {
    const told = demo.output().split('is started again').length;
    await kill(demo, which, 'SIGKILL');
    await eventually(async () => expect(demo.output().split('is started again').length).toBe(told + 1));
    await answers(`How long does shipping take without ${which.name}?`);
    expect((await below(demo.pid)).filter(isServer)).toHaveLength(1);
  });

  it('leaves no process and no file at its end', async () => {
    const all = await below(demo.pid);
    expect(all.length).toBeGreaterThan(2);
    expect(await demo.ends('SIGINT')).toBe(0);
    expect(all.filter(({ pid }) => isAlive(pid))).toEqual([]);
    expect(await demo.leftBehind()).toEqual([]);
  });
});

describe('two demos that are started at the same moment', () => {
  it('each have their own ports, and both play their conversation', async () => {
    const demos = await Promise.all([startDemo('--once'), startDemo('--once')]);
    expect(await Promise.all(demos.map((demo) => demo.ends()))).toEqual([0, 0]);
    const ports = demos.flatMap((demo) =>
      [...demo.output().matchAll(/^ {2}(?:Playground|Temporal|API|) +(?:http:\/\/)?[\w.]+:(\d+) {2}/gm)].map(
        ([, port]) => port,
      ),
    );
    expect(ports).toHaveLength(8);
    expect(new Set(ports).size).toBe(8);
  });
});

describe('a demo that is stopped before it has begun', () => {
  it.each([
    ['before its Temporal server serves', isServer],
    ['while its worker loads', isWorker],
  ])('%s leaves no process and no file', async (_, which) => {
    const demo = await startDemo();
    let all: Below[] = [];
    await eventually(async () => {
      all = await below(demo.pid);
      expect(all.some(which)).toBe(true);
    });
    expect(await demo.ends('SIGINT')).toBe(0);
    await eventually(async () => expect(all.filter(({ pid }) => isAlive(pid))).toEqual([]));
    expect(await demo.leftBehind()).toEqual([]);
  });

  it('leaves no process even when it is killed', async () => {
    const demo = await startDemo();
    let all: Below[] = [];
    await eventually(async () => {
      all = await below(demo.pid);
      expect(all.some(isWorker)).toBe(true);
    });
    await demo.ends('SIGKILL');
    await eventually(async () => expect(all.filter(({ pid }) => isAlive(pid))).toEqual([]));
  });
});
