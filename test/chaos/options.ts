import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** What happens to a process: it is killed, told to end, or stands still for longer than its calls may take. */
export const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const;
export type Signal = (typeof SIGNALS)[number];

export interface ChaosOptions {
  /**
   * What the portal does by itself: messages, agents' actions, changed ticket properties. The echoes of replies come on
   * top.
   */
  events: number;
  kills: number;
  /** `SIGTERM` and `SIGSTOP` are for the product's own processes: Temporal and PostgreSQL go on. */
  signal: Signal;
  threads: number;
  seed: number;
  /** So long customers write and processes die; what is left undone by then is waited for. */
  minutes: number;
  /** A folder that `npm run build` made; `null`: it is built anew. */
  built: string | null;
  json: boolean;
}

const USAGE =
  'npm run test:chaos -- [--events 500] [--kills 10] [--signal SIGKILL|SIGTERM|SIGSTOP] [--threads 150] ' +
  '[--minutes 1] [--seed N] [--built FOLDER] [--json]';

const number = (name: string, text: string, low: number): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < low) throw new Error(`--${name} must be a number from ${low}: ${USAGE}`);
  return value;
};

/** @throws {Error} that shows how to call it */
export const readOptions = (words: string[]): ChaosOptions => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: words,
    options: {
      events: text,
      kills: text,
      signal: text,
      threads: text,
      seed: text,
      minutes: text,
      built: text,
      json: { type: 'boolean' },
    },
  });
  const signal = SIGNALS.find((known) => known === (values.signal ?? 'SIGKILL'));
  if (signal === undefined) throw new Error(`--signal must be one of ${SIGNALS.join(', ')}: ${USAGE}`);
  return {
    signal,
    events: number('events', values.events ?? '500', 1),
    kills: number('kills', values.kills ?? '10', 0),
    threads: number('threads', values.threads ?? '150', 1),
    seed: number('seed', values.seed ?? String(randomInt(1, 1_000_000)), 0),
    minutes: number('minutes', values.minutes ?? '1', 0.1),
    built: values.built ?? null,
    json: values.json ?? false,
  };
};
