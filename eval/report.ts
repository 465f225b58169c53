import { table } from '../src/reports/table.ts';
import { amountInWords, numberInWords } from '../src/rules/amounts.ts';
import type { PlayedConversation, PlayedTurn } from './play.ts';

const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** What the turns took together: `null` where none of them says. Cost in millionths. */
const took = (turns: PlayedTurn[]) => {
  const usages = turns.flatMap(({ usage }) => usage ?? []);
  const costs = turns.flatMap(({ cost }) => cost ?? []);
  return {
    inputTokens: usages.length === 0 ? null : sum(usages.map(({ inputTokens }) => inputTokens)),
    outputTokens: usages.length === 0 ? null : sum(usages.map(({ outputTokens }) => outputTokens)),
    cost: costs.length === 0 ? null : sum(costs),
  };
};

/** What an AI came to over all conversations. Times in ms, cost in the prices' currency. */
export const figures = (ai: string, played: PlayedConversation[]) => {
  const turns = played.flatMap((one) => one.turns);
  const count = (isCounted: (turn: PlayedTurn) => boolean): number => turns.filter(isCounted).length;
  const times = turns.map(({ ms }) => ms);
  const { cost, ...tokens } = took(turns);
  return {
    ai,
    conversations: played.length,
    answers: turns.length,
    asExpected: count(({ faults }) => faults.length === 0),
    replies: count(({ answer }) => answer?.action === 'reply'),
    handoffs: count(({ answer }) => answer?.action === 'handoff'),
    failures: count(({ answer }) => answer === null),
    ms: { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: Math.max(0, ...times) },
    ...tokens,
    cost: cost === null ? null : cost / 1e6,
  };
};

const conversationRow = ({ name, turns }: PlayedConversation): string[] => {
  const right = turns.filter(({ faults }) => faults.length === 0).length;
  const { inputTokens, outputTokens, cost } = took(turns);
  return [
    right === turns.length ? '✓' : '✗',
    name,
    `${right}/${turns.length}`,
    sum(turns.map(({ ms }) => ms)).toFixed(0),
    inputTokens === null || outputTokens === null ? '' : numberInWords(inputTokens + outputTokens),
    cost === null ? '' : amountInWords(cost),
  ];
};

/** The same for people: a line for each conversation, then what is not as expected, then the sums. */
export const report = (ai: string, played: PlayedConversation[]): string => {
  const conversations = table(
    [
      { heading: '', align: 'left' },
      { heading: 'conversation', align: 'left' },
      { heading: 'as expected' },
      { heading: 'ms' },
      { heading: 'tokens' },
      { heading: 'cost' },
    ],
    played.map(conversationRow),
  );
  const wrong = played.flatMap(({ name, turns }) =>
    turns
      .filter(({ faults }) => faults.length > 0)
      .map(
        ({ customer, faults }) =>
          `✗ ${name}\n  "${customer.join(' | ')}"\n${faults.map((fault) => `    ${fault}`).join('\n')}`,
      ),
  );
  const of = figures(ai, played);
  const { ms, inputTokens, outputTokens, cost } = of;
  const rows = [
    ['AI', ai],
    ['as expected', `${of.asExpected} of ${of.answers} answers in ${of.conversations} conversations`],
    ['replies, handoffs, failures', `${of.replies}, ${of.handoffs}, ${of.failures}`],
    ['time for an answer', `p50 ${ms.p50.toFixed(0)} ms, p95 ${ms.p95.toFixed(0)} ms, at most ${ms.max.toFixed(0)} ms`],
    ...(inputTokens === null || outputTokens === null
      ? []
      : [['tokens', `${numberInWords(inputTokens)} read, ${numberInWords(outputTokens)} written`]]),
    ...(cost === null
      ? []
      : [['cost', `${amountInWords(cost * 1e6)}, ${amountInWords((cost * 1e6) / of.answers)} an answer`]]),
  ];
  const sums = rows.map(([what = '', value]) => `${what.padEnd(30)}${value}`).join('\n');
  return `${[conversations, ...wrong, sums].join('\n\n')}\n`;
};
