import { table } from '../src/reports/table.ts';
import { type Counts, figuresOf } from './baseline.ts';
import { KINDS } from './golden.ts';
import type { ScoredCase } from './score.ts';
import { VERDICTS } from './verdict.ts';

const percent = (part: number, whole: number): string => (whole === 0 ? '' : `${Math.round((100 * part) / whole)} %`);

const row = (language: string, kind: string, counts: Counts): string[] => [
  language,
  kind,
  String(counts.cases),
  ...VERDICTS.map((verdict) => (counts[verdict] === 0 ? '' : String(counts[verdict]))),
  percent(counts.right, counts.cases),
];

const said = ({ answer }: ScoredCase): string => {
  if (answer === null) return 'the AI failed';
  if (answer.action === 'handoff') return answer.reason;
  return answer.sources.length === 0 ? 'no source' : answer.sources.map(({ title }) => title).join(', ');
};

const line = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The figures for people: a line for each language and kind, then each case that was answered wrongly. */
export const goldenReport = (ai: string, scored: readonly ScoredCase[]): string => {
  const figures = figuresOf(scored);
  const rows = Object.entries(figures).flatMap(([language, kinds]) =>
    KINDS.flatMap((kind) => {
      const counts = kinds[kind];
      return counts ? [row(language, kind, counts)] : [];
    }),
  );
  const sums = table(
    [
      { heading: '', align: 'left' },
      { heading: 'kind', align: 'left' },
      { heading: 'cases' },
      ...VERDICTS.map((heading) => ({ heading })),
      { heading: 'right' },
    ],
    rows,
  );
  const wrong = scored
    .filter(({ verdict }) => verdict !== 'right' && verdict !== 'handoff' && verdict !== 'asked-back')
    .map((one) => `✗ ${one.language} ${one.kind}, ${one.verdict}: "${line(one.asked)}"\n    ${said(one)}`);
  return `${[...wrong, `AI ${ai}, ${scored.length} cases`, sums].join('\n\n')}\n`;
};

/** The same for programs, with each case that was not right. */
export const goldenJson = (ai: string, scored: readonly ScoredCase[]): string =>
  `${JSON.stringify(
    {
      ai,
      cases: scored.length,
      figures: figuresOf(scored),
      notRight: scored.filter(({ verdict }) => verdict !== 'right').map(({ turns: _, ...one }) => one),
    },
    null,
    2,
  )}\n`;
