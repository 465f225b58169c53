import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator, WrittenIds } from '../../dev/simulator/simulator.ts';
import { postsOf } from '../chaos/posts.ts';
import { allAnsweredOnce, customerAsks } from './customers.ts';
import type { Stack } from './stack.ts';
import { expect, type Step } from './support.ts';

const MIB = 2 ** 20;
const UNITS: Record<string, number> = { B: 1, KiB: 2 ** 10, MiB: MIB, GiB: 2 ** 30 };

/** A machine that carries the stack: its cores are this machine's, its memory this much. */
const MACHINE_BYTES = 4 * 2 ** 30;
/** What Docker and the system itself take of it. */
const SYSTEM_BYTES = 400 * MIB;

/** The memory of each service, in bytes, file cache left out: `docker stats` says it so. */
const memoryOf = async (stack: Stack): Promise<Record<string, number>> => {
  const names = await stack.run("docker compose ps --format '{{.Name}} {{.Service}}'");
  const services = Object.fromEntries(names.stdout.split('\n').map((line) => line.split(' ')));
  const stats = await stack.run("docker stats --no-stream --format '{{.Name}} {{.MemUsage}}'");
  return Object.fromEntries(
    stats.stdout.split('\n').flatMap((line) => {
      const [, name = '', amount = '', unit = ''] = /^(\S+) ([\d.]+)(\w+) /.exec(line) ?? [];
      return name in services ? [[services[name], Number(amount) * (UNITS[unit] ?? Number.NaN)]] : [];
    }),
  );
};

/** The most that each service takes while `work` is done. */
const peaksDuring = async (stack: Stack, work: () => Promise<unknown>): Promise<Record<string, number>> => {
  const peaks: Record<string, number> = {};
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  const watch = async (): Promise<void> => {
    while (!done) {
      for (const [service, bytes] of Object.entries(await memoryOf(stack))) {
        peaks[service] = Math.max(peaks[service] ?? 0, bytes);
      }
      await sleep(1_000);
    }
  };
  await Promise.all([working, watch()]);
  return peaks;
};

/** When each message was answered, in ms since the epoch. */
const answerTimes = (simulator: Simulator): Map<string, number> =>
  new Map(
    postsOf(simulator.ledger).flatMap(({ key, time }) =>
      key?.kind === 'replied' ? [[key.messageId, time] as const] : [],
    ),
  );

const percentile = (sorted: number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;

/** The waits of customers who ask so many a second for so long, in seconds, sorted. */
const askSteadily = async ({ simulator }: Stack, aSecond: number, forMs: number): Promise<number[]> => {
  const asked: { one: WrittenIds; at: number }[] = [];
  const timer = setInterval(() => asked.push({ one: customerAsks(simulator), at: Date.now() }), 1_000 / aSecond);
  await sleep(forMs);
  clearInterval(timer);
  await allAnsweredOnce(
    simulator,
    asked.map(({ one }) => one),
    600_000,
  );
  const times = answerTimes(simulator);
  return asked.map(({ one, at }) => ((times.get(one.messageId) ?? Number.NaN) - at) / 1_000).sort((a, b) => a - b);
};

const CROWD = 400;
const STEADY = { aSecond: 4, forMs: 120_000 };

/**
 * How much the stack carries and takes. The simulated HubSpot and this test run on the same cores: a portal of its own
 * would leave more to the stack.
 */
export const load: Step = {
  name: 'load',
  run: async (stack) => {
    const { simulator } = stack;
    const idle = await memoryOf(stack);
    let waits: number[] = [];
    const steady = await peaksDuring(stack, async () => {
      waits = await askSteadily(stack, STEADY.aSecond, STEADY.forMs);
    });
    const began = Date.now();
    const crowd = Array.from({ length: CROWD }, () => customerAsks(simulator));
    const crowded = await peaksDuring(stack, () => allAnsweredOnce(simulator, crowd, 600_000));
    const times = answerTimes(simulator);
    const ended = Math.max(...crowd.map(({ messageId }) => times.get(messageId) ?? 0));
    const services = Object.keys(crowded).sort();
    const peaks = services.map((name) => Math.max(steady[name] ?? 0, crowded[name] ?? 0));

    const states = await stack.run(
      "docker inspect --format '{{.Name}} {{.State.OOMKilled}} {{.HostConfig.Memory}}' $(docker compose ps --quiet)",
    );
    expect(!states.stdout.includes(' true '), `The memory of a container was not enough:\n${states.stdout}`);
    const total = peaks.reduce((sum, bytes) => sum + bytes, 0);
    expect(total < MACHINE_BYTES - SYSTEM_BYTES, `All take ${Math.round(total / MIB)} MiB`);

    const mib = (bytes: number | undefined): number => Math.round((bytes ?? 0) / MIB);
    const table = services.map((name, index) => `${name} ${mib(idle[name])}→${mib(peaks[index])}`).join(', ');
    const model = /model name\s*: (.*)/.exec(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))?.[1] ?? '';
    return [
      `${cpus().length} cores (${model})`,
      `${CROWD} customers at once: ${(CROWD / ((ended - began) / 1_000)).toFixed(1)} replies a second`,
      `${STEADY.aSecond} a second for ${STEADY.forMs / 1_000} s: p50 ${percentile(waits, 0.5).toFixed(1)} s, p95 ${percentile(waits, 0.95).toFixed(1)} s`,
      `MiB idle→peak: ${table}; all ${mib(total)}`,
    ].join('; ');
  },
};
