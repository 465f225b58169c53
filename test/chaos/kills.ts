import { setTimeout as sleep } from 'node:timers/promises';
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

/** @throws {Error} when `signal` aborts */
export const carryOut = async (kills: Kill[], deaths: Death[], signal: AbortSignal): Promise<void> => {
  const began = Date.now();
  for (const { at, victim, downMs } of kills) {
    await sleep(Math.max(0, began + at - Date.now()), undefined, { signal });
    await victim.kill(downMs, signal);
    deaths.push({ time: Date.now(), name: victim.name });
  }
};
