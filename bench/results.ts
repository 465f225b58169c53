import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

/** What a measurement is held against. */
export interface Goal {
  what: string;
  wanted: string;
  measured: string;
  met: boolean;
  /** Where it is missed: the reason. */
  why?: string;
}

/** What one part of the measurements brought. */
export interface PartResult {
  title: string;
  /** How it was measured, a paragraph each. */
  notes: string[];
  tables: Table[];
  goals: Goal[];
  /** By file name. */
  plots: Record<string, string>;
  /** The figures, for machines. */
  data: unknown;
  /** What could not be measured, and why. */
  leftOut: string[];
}

export interface Results {
  machine: Machine;
  parts: Record<string, PartResult & { seconds: number }>;
}

/** Markdown with aligned columns; the first to the left, the others to the right. */
export const markdownTable = ({ columns, rows }: Omit<Table, 'title'>): string => {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => (row[at] ?? '').length), 3));
  const aligned = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  const line = (cells: string[]) => `| ${cells.map((cell, at) => aligned(cell, at)).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(columns), line(rule), ...rows.map((row) => line(columns.map((_, at) => row[at] ?? '')))].join('\n');
};

const part = (result: PartResult & { seconds: number }): string =>
  [
    `## ${result.title}`,
    ...result.notes,
    ...result.tables.flatMap(({ title, ...table }) => [`**${title}**`, markdownTable(table)]),
    ...Object.keys(result.plots).map((name) => `![${name.replace('.svg', '').replaceAll('-', ' ')}](${name})`),
    ...(result.leftOut.length === 0 ? [] : [['Left out:', ...result.leftOut.map((line) => `- ${line}`)].join('\n')]),
    `Took ${result.seconds.toFixed(0)} s.`,
  ].join('\n\n');

/** Everything as one page. */
export const toMarkdown = ({ machine, parts }: Results): string => {
  const all = Object.values(parts);
  const goals = all.flatMap((one) => one.goals);
  return `${[
    '# Results',
    'Written by `npm run bench`; [how to read them](../README.md).',
    markdownTable({ columns: ['', ''], rows: Object.entries(machine) }),
    ...(goals.length === 0
      ? []
      : [
          '## Goals',
          markdownTable({
            columns: ['goal', 'wanted', 'measured', 'met'],
            rows: goals.map(({ what, wanted, measured, met }) => [what, wanted, measured, met ? 'yes' : 'no']),
          }),
          ...goals.flatMap(({ what, met, why }) => (met || !why ? [] : [`Missed, ${what}: ${why}`])),
        ]),
    ...all.map(part),
  ].join('\n\n')}\n`;
};

/**
 * Writes `results.json`, `results.md` and the plots; called after each part, so that what was measured is never lost.
 */
export const save = async (folder: string, results: Results): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const { machine, parts } = results;
  const figures = Object.fromEntries(
    Object.entries(parts).map(([name, { data, goals, leftOut, seconds }]) => [name, { seconds, data, goals, leftOut }]),
  );
  await writeFile(join(folder, 'results.json'), `${JSON.stringify({ machine, parts: figures }, null, 2)}\n`);
  await writeFile(join(folder, 'results.md'), toMarkdown(results));
  for (const { plots } of Object.values(parts)) {
    for (const [name, svg] of Object.entries(plots)) await writeFile(join(folder, name), svg);
  }
};
