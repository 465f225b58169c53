import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal } from './options.ts';
import { between, type Random, shuffled } from './random.ts';
import type { Supervised } from './supervisor.ts';

export interface Kill {
  /** ms after the load began. */
  at: number;
  victim: Supervised;
  downMs: number;
}

/** A kill that was carried out. */
export interface Death {
  /** ms since the epoch. */
  time: number;
  name: string;
}

/** When who is killed: everybody in turn, in rounds of changing order, at random moments of `durationMs`. */
export const planKills = (random: Random, count: number, victims: Supervised[], durationMs: number): Kill[] => {
  const turns: Supervised[] = [];
  while (turns.length < count) turns.push(...shuffled(random, victims));
  return turns.slice(0, count).map((victim, index) => ({
    victim,
    at: ((index + random()) / count) * durationMs,
    downMs: between(random, 100, 2_500),
  }));
};

/** Longer than any call of an activity may take: it is given to another worker while this one stands still. */
const STILL_MS = 65_000;

/** `how`: kill, restart in order, or let stand still. @throws {Error} when `signal` aborts */
export const carryOut = async (kills: Kill[], how: Signal, deaths: Death[], signal: AbortSignal): Promise<void> => {
  const standing: Promise<void>[] = [];
  const began = Date.now();
  for (const { at, victim, downMs } of kills) {
    await sleep(Math.max(0, began + at - Date.now()), undefined, { signal });
    if (how === 'SIGKILL') await victim.kill(downMs, signal);
    else if (how === 'SIGTERM') await victim.terminate(downMs, signal);
    else standing.push(victim.standStill(STILL_MS, signal));
    deaths.push({ time: Date.now(), name: victim.name });
  }
  await Promise.all(standing);
};
