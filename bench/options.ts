import { listOption, readScriptCall } from '../src/command-line.ts';
import { ALL } from './contenders.ts';

export const PARTS = ['ingestion', 'end-to-end', 'scale', 'filtered', 'startup', 'kills', 'cost'] as const;
export type PartName = (typeof PARTS)[number];

/** How much is measured. */
export interface Sizes {
  rounds: number;
  /** Of one cell of the ingestion, in seconds. */
  cellSeconds: number;
  batches: number[];
  concurrencies: number[];
  /** Answers that are waited for one by one, and eight at once. */
  alone: number;
  together: number;
  /** Questions asked at once, to see how many are answered in a second. */
  backlog: number;
  /** Events of a backlog that waits for a worker. */
  backlogs: number[];
  /** How long a worker is let at each of them, in seconds, at most. */
  windowSeconds: number;
  /** How often each process is started. */
  starts: number;
  /** Events of the run with kills, and how many kills. */
  events: number;
  kills: number;
}

export interface Options {
  parts: PartName[];
  /** Names of contenders. */
  contenders: string[];
  sizes: Sizes;
  json: boolean;
  /** Where the results are written. */
  out: string;
}

const FULL: Sizes = {
  rounds: 3,
  cellSeconds: 0.9,
  batches: [1, 10, 100],
  concurrencies: [1, 10, 64],
  alone: 30,
  together: 80,
  backlog: 150,
  backlogs: [1_000, 10_000, 100_000],
  windowSeconds: 60,
  starts: 7,
  events: 2_000,
  kills: 10,
};

const SHORT: Sizes = {
  rounds: 1,
  cellSeconds: 0.4,
  batches: [1, 100],
  concurrencies: [10],
  alone: 10,
  together: 20,
  backlog: 40,
  backlogs: [1_000, 5_000],
  windowSeconds: 20,
  starts: 3,
  events: 200,
  kills: 3,
};

const HELP = {
  name: 'bench',
  does: 'Compares Threadkeeper with other ways to do the same, and writes the figures down (bench/README.md).',
  options: {
    only: `parts, with commas between: ${PARTS.join(', ')}`,
    contenders: 'names in bench/contenders.ts, with commas between (default: all)',
    short: 'a tour of 5 minutes, whose figures say little',
    json: 'prints the figures as JSON',
    out: 'the folder of the results',
  },
};

/** A wrong call ends the process. */
export const readOptions = (words: string[], folder: (name: string) => string): Options => {
  const { values } = readScriptCall(HELP, {
    args: words,
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const names = ALL.map(({ name }) => name);
  return {
    contenders: values.contenders === undefined ? names : listOption(HELP.name, 'contenders', values.contenders, names),
    parts: values.only === undefined ? [...PARTS] : listOption(HELP.name, 'only', values.only, PARTS),
    sizes: values.short ? SHORT : FULL,
    json: values.json,
    out: values.out ?? folder(values.short ? 'results/short' : 'results'),
  };
};
