import { judgeShadow, type ShadowVerdict } from '../ai/similarity.ts';
import type { ShadowPair, ShadowStore } from '../sessions/shadow.ts';
import { table } from './table.ts';

/** A draft beside what agents wrote, and what comes of it. */
export interface JudgedPair extends ShadowPair {
  verdict: ShadowVerdict;
  /** 0 to 1; 0 of a handoff. */
  similarity: number;
}

/** The AI would have done like this in the shadow. */
export interface ShadowReport {
  /** It looks so many days back. */
  days: number;
  /** Drafts that agents have answered beside. */
  pairs: number;
  /** Drafts for which no agent has written yet. */
  waiting: number;
  verdicts: Record<ShadowVerdict, number>;
  /** It averages the drafts that were replies, 0 to 1; `null`: there are none. */
  meanSimilarity: number | null;
  /** The replies that were least like the agent's. */
  worst: JudgedPair[];
}

const mean = (numbers: number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Judges the drafts of the last `days` days. */
export const readShadow = async (
  store: ShadowStore,
  { days, worst }: { days: number; worst: number },
): Promise<ShadowReport> => {
  const all = await store.shadowPairs(days);
  const judged = all.filter(({ human }) => human !== '').map((pair): JudgedPair => ({ ...pair, ...judgeShadow(pair) }));
  const count = (wanted: ShadowVerdict): number => judged.filter(({ verdict }) => verdict === wanted).length;
  const replies = judged.filter(({ verdict }) => verdict !== 'handoff');
  return {
    days,
    pairs: judged.length,
    waiting: all.length - judged.length,
    verdicts: { alike: count('alike'), different: count('different'), handoff: count('handoff') },
    meanSimilarity: mean(replies.map(({ similarity }) => similarity)),
    worst: replies.toSorted((a, b) => a.similarity - b.similarity).slice(0, worst),
  };
};

// What stands in a customer's conversation may not move a terminal's cursor.
const shown = (text: string): string =>
  text
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');

/** Renders the report for people, with both texts of the worst pairs. */
export const renderShadow = ({ days, pairs, waiting, verdicts, meanSimilarity, worst }: ShadowReport): string => {
  if (pairs + waiting === 0) return `No draft was kept in the last ${days} days: is a channel in shadow mode?\n`;
  const share = (count: number): string => (pairs === 0 ? '' : `${Math.round((count / pairs) * 100)} %`);
  const verdictRows = [
    ['alike', String(verdicts.alike), share(verdicts.alike)],
    ['different', String(verdicts.different), share(verdicts.different)],
    ['the AI would have handed off', String(verdicts.handoff), share(verdicts.handoff)],
  ];
  const parts = [
    `Drafts of the last ${days} days: ${pairs} with an agent's answer, ${waiting} without one yet`,
    table([{ heading: '', align: 'left' }, { heading: 'pairs' }, { heading: 'share' }], verdictRows),
    meanSimilarity === null ? 'No reply to compare yet.' : `Mean similarity of replies: ${meanSimilarity.toFixed(2)}`,
    ...worst.map(
      ({ portalId, threadId, answeredMessageId, similarity, words, human }) =>
        `${similarity.toFixed(2)}  portal ${portalId}, thread ${threadId}, message ${answeredMessageId}\n  the ` +
        `AI:\n${shown(words)}\n  the agent:\n${shown(human)}`,
    ),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** Renders the report for programs. */
export const shadowJson = (report: ShadowReport): string => `${JSON.stringify(report, null, 2)}\n`;
