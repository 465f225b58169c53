import type { Counts, GoldenFigures } from './baseline.ts';
import { KINDS, type Kind } from './golden.ts';

const NAMES = new Intl.DisplayNames('en', { type: 'language' });

const HEADINGS = [
  'language',
  'cases',
  'right, where an article answers',
  'asked back',
  'wrong, of all answers from articles',
  'out of scope: wrong',
  'own things: wrong',
  'complaints: sent away',
  'a person: recognised',
  'courtesies: right',
];

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`);

const rowOf = (language: string, figures: GoldenFigures[string]): string[] => {
  const sum = (what: keyof Counts, kinds: readonly Kind[]): number =>
    kinds.reduce((total, kind) => total + (figures[kind]?.[what] ?? 0), 0);
  const answered = ['answerable', 'follow-up'] as const;
  const courtesies = ['thanks', 'goodbye', 'small-talk'] as const;
  const of = (what: keyof Counts, ...kinds: Kind[]): string => `${sum(what, kinds)} of ${sum('cases', kinds)}`;
  const wrong = sum('wrong', KINDS);
  return [
    NAMES.of(language) ?? language,
    String(sum('cases', KINDS)),
    `${percent(sum('right', answered), sum('cases', answered))} of ${sum('cases', answered)}`,
    String(sum('asked-back', answered)),
    percent(wrong, wrong + sum('right', answered)),
    of('wrong', 'out-of-scope'),
    of('wrong', 'own-things'),
    of('sent-away', 'complaint'),
    of('right', 'person'),
    of('right', ...courtesies),
  ];
};

/** The figures as a table of markdown, a line for each language. */
export const figuresTable = (figures: GoldenFigures): string => {
  const rows = [HEADINGS, ...Object.entries(figures).map(([language, kinds]) => rowOf(language, kinds))];
  const widths = HEADINGS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
};

const BEGIN = '<!-- written by npm run eval -- --golden --update -->';
const END = '<!-- until here -->';

/** A page with the table in its place. @throws {Error} where the page has no such place */
export const withFiguresTable = (page: string, figures: GoldenFigures): string => {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The page has no place for the figures: ${BEGIN} … ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n\n${figuresTable(figures)}\n\n${page.slice(to)}`;
};
