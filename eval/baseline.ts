import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { KINDS } from './golden.ts';
import type { ScoredCase } from './score.ts';
import { VERDICTS, type Verdict } from './verdict.ts';

const counts = z.strictObject({
  cases: z.number().int(),
  ...(Object.fromEntries(VERDICTS.map((verdict) => [verdict, z.number().int()])) as Record<Verdict, z.ZodNumber>),
});
const baselineFile = z.strictObject({
  figures: z.record(z.string(), z.partialRecord(z.enum(KINDS as [string, ...string[]]), counts)),
  knownFaults: z.array(z.string()),
});

/** How many cases of a kind came to what. */
export type Counts = z.infer<typeof counts>;
/** By language, then by kind. */
export type GoldenFigures = z.infer<typeof baselineFile>['figures'];
/** What was recorded of the golden set. */
export type Baseline = z.infer<typeof baselineFile>;

const isWrong = (verdict: Verdict): boolean => verdict === 'wrong' || verdict === 'sent-away' || verdict === 'failed';
const wrongIn = (of: Counts): number => VERDICTS.filter(isWrong).reduce((sum, verdict) => sum + of[verdict], 0);

const none = (): Counts => ({
  cases: 0,
  right: 0,
  'asked-back': 0,
  handoff: 0,
  wrong: 0,
  'sent-away': 0,
  failed: 0,
});

/** Counts the verdicts by language and kind. */
export const figuresOf = (scored: readonly ScoredCase[]): GoldenFigures => {
  const figures: GoldenFigures = {};
  for (const { language, kind, verdict } of scored) {
    figures[language] ??= {};
    const ofLanguage = figures[language];
    ofLanguage[kind] ??= none();
    const of = ofLanguage[kind];
    of.cases += 1;
    of[verdict] += 1;
  }
  return figures;
};

/**
 * What no AI may do, whatever it did before: a question about the customer's own things is not answered wrongly, and a
 * complaint is not sent away.
 */
const isForbidden = ({ kind, verdict }: ScoredCase): boolean =>
  verdict === 'sent-away' || (kind === 'own-things' && verdict === 'wrong');

const nameOf = ({ language, asked }: ScoredCase): string => `${language}: ${asked.replace(/\s+/g, ' ').trim()}`;

const sourcesOf = ({ answer }: ScoredCase): string =>
  (answer?.action === 'reply' && answer.sources.map(({ title }) => title).join(', ')) || 'no article';

/** Cases that may not be so, a line each; without those that are known. */
export const forbiddenIn = (scored: readonly ScoredCase[], known: readonly string[] = []): string[] =>
  scored
    .filter((one) => isForbidden(one) && !known.includes(nameOf(one)))
    .map((one) => `${one.kind} must never be ${one.verdict}: ${nameOf(one)} (from ${sourcesOf(one)})`);

/** Where figures are worse than those of the baseline: fewer right, or more wrong. A line each. */
export const worseThan = ({ figures: recorded }: Baseline, figures: GoldenFigures): string[] => {
  const cells = new Map<string, [Counts | undefined, Counts | undefined]>();
  for (const language of new Set([...Object.keys(recorded), ...Object.keys(figures)])) {
    for (const kind of KINDS) {
      cells.set(`${language} ${kind}`, [recorded[language]?.[kind], figures[language]?.[kind]]);
    }
  }
  return [...cells].flatMap(([name, [before = none(), now = none()]]) => {
    if (before.cases !== now.cases) return `${name}: ${now.cases} cases, but ${before.cases} in the baseline`;
    return [
      ...(now.right < before.right ? [`${name}: ${now.right} right, but ${before.right} in the baseline`] : []),
      ...(wrongIn(now) > wrongIn(before)
        ? [`${name}: ${wrongIn(now)} wrong, but ${wrongIn(before)} in the baseline`]
        : []),
    ];
  });
};

export const readBaseline = (path: string): Baseline => baselineFile.parse(JSON.parse(readFileSync(path, 'utf8')));

/** Writes the figures down. A known fault that is gone leaves the list; none is ever added. */
export const writeBaseline = (path: string, { knownFaults }: Baseline, scored: readonly ScoredCase[]): void => {
  const still = new Set(scored.filter(isForbidden).map(nameOf));
  const baseline: Baseline = {
    figures: figuresOf(scored),
    knownFaults: knownFaults.filter((one) => still.has(one)),
  };
  writeFileSync(path, `${JSON.stringify(baseline, null, 2)}\n`);
};
