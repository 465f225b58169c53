import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { cpus } from 'node:os';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator, WrittenIds } from '../../dev/simulator/simulator.ts';
import { postsOf } from '../chaos/posts.ts';
import { allAnsweredOnce, customerAsks } from './customers.ts';
import type { Stack } from './stack.ts';
import { expect, type Step } from './support.ts';

const MIB = 2 ** 20;

/** A machine that carries the stack: its cores are this machine's, its memory this much. */
const MACHINE_BYTES = 4 * 2 ** 30;
/** What Docker and the system itself take of it. */
const SYSTEM_BYTES = 400 * MIB;

/** What a container takes: memory in bytes without its file cache, and the CPU time since it was started, in ms. */
interface Usage {
  bytes: number;
  cpuMs: number;
}

/** What we read of the engine's answer about a container. */
interface Stats {
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage: number; stats: { inactive_file?: number; total_inactive_file?: number } };
}

/** One reading of a container; `docker stats` takes two seconds for each and says no CPU time. */
const statsOf = async (id: string): Promise<Stats> => {
  // biome-ignore lint/style/noProcessEnv: where Docker's own programs look for the engine
  const socketPath = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  const asking = request({ socketPath, path: `/containers/${id}/stats?stream=false&one-shot=true` }).end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return (await json(answer)) as Stats;
};

/** What each service takes now. */
const usageOf = async (stack: Stack): Promise<Record<string, Usage>> => {
  const containers = (await stack.run("docker compose ps --format '{{.ID}} {{.Service}}'")).stdout.trim().split('\n');
  const usages = containers.map(async (line) => {
    const [id = '', service = ''] = line.split(' ');
    const { cpu_stats: cpu, memory_stats: memory } = await statsOf(id);
    const cache = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
    return [service, { bytes: memory.usage - cache, cpuMs: cpu.cpu_usage.total_usage / 1e6 }] as const;
  });
  return Object.fromEntries(await Promise.all(usages));
};

/** The most memory that each service takes while `work` is done, and the CPU time of all of them. */
const usageDuring = async (
  stack: Stack,
  work: () => Promise<unknown>,
): Promise<{ peaks: Record<string, number>; cpuMs: number }> => {
  const before = await usageOf(stack);
  const peaks: Record<string, number> = {};
  let after = before;
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  const watch = async (): Promise<void> => {
    do {
      after = await usageOf(stack);
      for (const [service, { bytes }] of Object.entries(after)) peaks[service] = Math.max(peaks[service] ?? 0, bytes);
      if (!done) await sleep(2_000);
    } while (!done);
    after = await usageOf(stack);
  };
  await Promise.all([working, watch()]);
  const cpuMs = Object.entries(after).reduce((sum, [name, usage]) => sum + usage.cpuMs - (before[name]?.cpuMs ?? 0), 0);
  return { peaks, cpuMs };
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
const STEADY = { aSecond: 2, forMs: 120_000 };

/**
 * How much the stack carries and takes. The simulated HubSpot and this test run on the same cores: a portal of its own
 * would leave more to the stack.
 */
export const load: Step = {
  name: 'load',
  run: async (stack) => {
    const { simulator } = stack;
    const idle = await usageOf(stack);
    let waits: number[] = [];
    const steady = await usageDuring(stack, async () => {
      waits = await askSteadily(stack, STEADY.aSecond, STEADY.forMs);
    });
    const began = Date.now();
    const crowd = Array.from({ length: CROWD }, () => customerAsks(simulator));
    const crowded = await usageDuring(stack, () => allAnsweredOnce(simulator, crowd, 600_000));
    const times = answerTimes(simulator);
    const ended = Math.max(...crowd.map(({ messageId }) => times.get(messageId) ?? 0));
    const services = Object.keys(crowded.peaks).sort();
    const peaks = services.map((name) => Math.max(steady.peaks[name] ?? 0, crowded.peaks[name] ?? 0));

    const states = await stack.run(
      "docker inspect --format '{{.Name}} {{.State.OOMKilled}} {{.HostConfig.Memory}}' $(docker compose ps --quiet)",
    );
    expect(!states.stdout.includes(' true '), `The memory of a container was not enough:\n${states.stdout}`);
    const total = peaks.reduce((sum, bytes) => sum + bytes, 0);
    expect(total < MACHINE_BYTES - SYSTEM_BYTES, `All take ${Math.round(total / MIB)} MiB`);

    const mib = (bytes = 0): number => Math.round(bytes / MIB);
    const table = services.map((name, index) => `${name} ${mib(idle[name]?.bytes)} to ${mib(peaks[index])}`).join(', ');
    const waited = [0.5, 0.95].map((share) => `p${share * 100} ${percentile(waits, share).toFixed(1)} s`).join(', ');
    return [
      `${cpus().length} cores (${cpus()[0]?.model})`,
      `${CROWD} customers at once: ${(CROWD / ((ended - began) / 1_000)).toFixed(1)} replies a second, ` +
        `${Math.round(crowded.cpuMs / CROWD)} ms of CPU each`,
      `${STEADY.aSecond} a second for ${STEADY.forMs / 1_000} s: ${waited}, ` +
        `${Math.round(steady.cpuMs / waits.length)} ms of CPU each`,
      `MiB idle to peak: ${table}; all ${mib(total)}`,
    ].join('; ');
  },
};
