import { randomInt } from 'node:crypto';
import { listOption, numberOption, readScriptCall } from '../../src/command-line.ts';

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

const HELP = {
  name: 'test:chaos',
  does:
    'Kills each process under load, and counts lost, repeated and misplaced replies (test/chaos/README.md). ' +
    'Ends with 1 where there is one.',
  options: {
    events: 'what the portal does by itself (default: 500)',
    kills: 'how many (default: 10)',
    signal: `how: ${SIGNALS.join(', ')} (default: SIGKILL)`,
    threads: 'how many (default: 150)',
    minutes: 'how long customers write and processes die (default: 1)',
    seed: 'of an earlier run, to repeat it',
    built: 'a folder that npm run build made (default: built anew)',
    json: 'prints JSON',
  },
};

const number = (name: string, text: string, least: number): number => numberOption(HELP.name, name, text, least);

/** A wrong call ends the process. */
export const readOptions = (words: string[]): ChaosOptions => {
  const text = { type: 'string' } as const;
  const { values } = readScriptCall(HELP, {
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
  const [signal = 'SIGKILL'] = listOption(HELP.name, 'signal', values.signal ?? 'SIGKILL', SIGNALS);
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
