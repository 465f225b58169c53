import { parseArgs } from 'node:util';
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

/** @throws {Error} one line, of an option that there isn't */
export const readOptions = (words: string[], folder: (name: string) => string): Options => {
  const { values } = parseArgs({
    args: words,
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const asked = values.only?.split(',') ?? [...PARTS];
  const unknown = asked.filter((name) => !PARTS.includes(name as PartName));
  if (unknown.length > 0) throw new Error(`--only takes ${PARTS.join(', ')}, not ${unknown.join(', ')}`);
  const names = ALL.map(({ name }) => name);
  const contenders = values.contenders?.split(',') ?? names;
  const strangers = contenders.filter((name) => !names.includes(name));
  if (strangers.length > 0) throw new Error(`--contenders takes ${names.join(', ')}, not ${strangers.join(', ')}`);
  return {
    contenders,
    parts: PARTS.filter((name) => asked.includes(name)),
    sizes: values.short ? SHORT : FULL,
    json: values.json,
    out: values.out ?? folder(values.short ? 'results/short' : 'results'),
  };
};
