import { table } from '../../src/reports/table.ts';
import { amountInWords, numberInWords } from '../../src/rules/amounts.ts';
import { BACKTEST_VERDICTS, type BacktestVerdict, type Replayed } from './replay.ts';

/** What a backtest came to. */
export interface BacktestFigures {
  /** Closed threads that were read, and those that HubSpot did not show. */
  threads: number;
  unreadable: number;
  questions: number;
  verdicts: Record<BacktestVerdict, number>;
  /** It averages the replies that can be compared with an agent's, 0 to 1; `null`: there are none. */
  meanSimilarity: number | null;
  /** Why the AI handed off, and how often, the most frequent first. */
  handoffReasons: { reason: string; count: number }[];
  inputTokens: number | null;
  outputTokens: number | null;
  /** In the prices' currency; `null`: the AI counts no tokens, or no prices are set. */
  cost: number | null;
  ms: { p50: number; p95: number };
}

const REASONS = 12;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const sumOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values));
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

/** Reasons that differ in a number only are one. */
const kindOf = (reason: string): string => reason.replace(/\d+(?:[.,]\d+)?/g, '…');

export const backtestFigures = (
  replayed: readonly Replayed[],
  { threads, unreadable }: Pick<BacktestFigures, 'threads' | 'unreadable'>,
): BacktestFigures => {
  const similarities = replayed.flatMap(({ similarity }) => similarity ?? []);
  const usages = replayed.flatMap(({ usage }) => usage ?? []);
  const cost = sumOrNull(replayed.flatMap((one) => one.cost ?? []));
  const times = replayed.map(({ ms }) => ms);
  const reasons = new Map<string, number>();
  for (const { ai } of replayed) {
    if (ai?.action === 'handoff') reasons.set(kindOf(ai.reason), (reasons.get(kindOf(ai.reason)) ?? 0) + 1);
  }
  return {
    threads,
    unreadable,
    questions: replayed.length,
    verdicts: Object.fromEntries(
      BACKTEST_VERDICTS.map((wanted) => [wanted, replayed.filter(({ verdict }) => verdict === wanted).length]),
    ) as BacktestFigures['verdicts'],
    meanSimilarity: similarities.length === 0 ? null : sum(similarities) / similarities.length,
    handoffReasons: [...reasons]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count)
      .slice(0, REASONS),
    inputTokens: sumOrNull(usages.map(({ inputTokens }) => inputTokens)),
    outputTokens: sumOrNull(usages.map(({ outputTokens }) => outputTokens)),
    cost: cost === null ? null : cost / 1e6,
    ms: { p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
  };
};

/** What each verdict says, in a few words. */
export const VERDICT_WORDS: Record<BacktestVerdict, string> = {
  alike: 'much like the agent',
  different: 'unlike the agent',
  'asked-back': 'asks which is meant',
  handoff: 'hands off',
  unanswered: 'answers what no agent did',
  failed: 'failed',
};

/** A line for each verdict, then the rest, as label and value. */
export const figuresInWords = (of: BacktestFigures): { verdicts: string[][]; rest: [string, string][] } => {
  const { verdicts, questions, threads, unreadable, meanSimilarity, inputTokens, outputTokens, cost, ms } = of;
  const share = (count: number): string => (questions === 0 ? '' : `${Math.round((100 * count) / questions)} %`);
  return {
    verdicts: BACKTEST_VERDICTS.map((verdict) => [
      VERDICT_WORDS[verdict],
      numberInWords(verdicts[verdict]),
      share(verdicts[verdict]),
    ]),
    rest: [
      [
        'closed threads',
        `${numberInWords(threads)}${unreadable > 0 ? `, and ${unreadable} that HubSpot does not show` : ''}`,
      ],
      ['questions', numberInWords(questions)],
      ['mean similarity of replies', meanSimilarity === null ? 'none to compare' : meanSimilarity.toFixed(2)],
      ['time for an answer', `p50 ${ms.p50} ms, p95 ${ms.p95} ms`],
      ...(inputTokens === null || outputTokens === null
        ? []
        : [
            ['tokens', `${numberInWords(inputTokens)} read, ${numberInWords(outputTokens)} written`] as [
              string,
              string,
            ],
          ]),
      ...(cost === null
        ? []
        : [
            ['cost', `${amountInWords(cost * 1e6)}, ${amountInWords((cost * 1e6) / questions)} a question`] as [
              string,
              string,
            ],
          ]),
    ],
  };
};

/** The figures for a terminal. No word of a customer's, an agent's or the AI's is in them. */
export const renderFigures = (ai: string, figures: BacktestFigures): string => {
  const { verdicts, rest } = figuresInWords(figures);
  const lines = table(
    [{ heading: `${ai} …`, align: 'left' }, { heading: 'questions' }, { heading: 'share' }],
    verdicts,
  );
  return `${lines}\n\n${rest.map(([what, value]) => `${what.padEnd(28)}${value}`).join('\n')}\n`;
};
