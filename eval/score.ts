import type { AiAnswer, AiBackend } from '../src/ai/backend.ts';
import type { GoldenCase } from './golden.ts';
import { type Circumstances, type PlayedTurn, play } from './play.ts';
import { type Verdict, verdictOn } from './verdict.ts';

/** A case, and what the AI made of it. */
export interface ScoredCase extends GoldenCase {
  verdict: Verdict;
  /** `null`: the AI failed. */
  answer: AiAnswer | null;
  /** Of the case's own answer, and of the one before it. */
  turns: PlayedTurn[];
}

const NOTHING_EXPECTED = { action: 'reply' as const, source: [], says: [], never: [] };

/** Asks an AI a case of the golden set, what was asked before it first, and judges the answer. */
export const score = async (
  ai: AiBackend,
  golden: GoldenCase,
  number: number,
  circumstances?: Circumstances,
): Promise<ScoredCase> => {
  const { after, asked } = golden;
  const conversation = {
    name: asked,
    channel: 'live chat',
    customData: {},
    turns: [...(after === null ? [] : [after]), asked].map((text) => ({ customer: [text], expect: NOTHING_EXPECTED })),
  };
  const { turns } = await play(ai, conversation, number, circumstances);
  const answer = turns.at(-1)?.answer ?? null;
  return { ...golden, verdict: verdictOn(golden, answer), answer, turns };
};
