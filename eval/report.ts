import type { PlayedConversation, PlayedTurn } from './play.ts';

const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

/** What an AI came to over all conversations. Times in ms. */
export const figures = (ai: string, played: PlayedConversation[]) => {
  const turns = played.flatMap((one) => one.turns);
  const count = (isCounted: (turn: PlayedTurn) => boolean): number => turns.filter(isCounted).length;
  const times = turns.map(({ ms }) => ms);
  return {
    ai,
    conversations: played.length,
    answers: turns.length,
    asExpected: count(({ faults }) => faults.length === 0),
    replies: count(({ answer }) => answer?.action === 'reply'),
    handoffs: count(({ answer }) => answer?.action === 'handoff'),
    failures: count(({ answer }) => answer === null),
    ms: { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: Math.max(0, ...times) },
  };
};

/** The same for people: what is not as expected first. */
export const table = (ai: string, played: PlayedConversation[]): string => {
  const wrong = played.flatMap(({ name, turns }) =>
    turns
      .filter(({ faults }) => faults.length > 0)
      .map(
        ({ customer, faults }) =>
          `✗ ${name}\n  "${customer.join(' | ')}"\n${faults.map((fault) => `    ${fault}`).join('\n')}`,
      ),
  );
  const { asExpected, answers, conversations, replies, handoffs, failures, ms } = figures(ai, played);
  const rows = [
    ['AI', ai],
    ['as expected', `${asExpected} of ${answers} answers in ${conversations} conversations`],
    ['replies, handoffs, failures', `${replies}, ${handoffs}, ${failures}`],
    ['time for an answer', `p50 ${ms.p50.toFixed(0)} ms, p95 ${ms.p95.toFixed(0)} ms, at most ${ms.max.toFixed(0)} ms`],
  ];
  return `${[...wrong, ...rows.map(([what = '', value]) => `${what.padEnd(30)}${value}`)].join('\n')}\n`;
};
