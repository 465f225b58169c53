import type { AiAnswer, Source } from '../../ai/backend.ts';
import type { Spent } from '../../ai/prices.ts';
import { channelIdOf } from '../../hubspot/channels.ts';
import type { Escalation } from '../escalation/escalation.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn } from '../speaking/autonomy.ts';
import { heldBack } from './what-to-post.ts';

/** An article that is near to a question, and how probable it is that it answers: 0 to 1. */
export interface NearArticle extends Source {
  score: number;
}

/** What a customer would have got. Nobody has got it. */
export interface TestQuestionResult {
  outcome: 'tested';
  /**
   * `send`: the AI would send its answer. `approve`, `draft`: agents would get it. `handoff`: they would get the
   * thread. `nothing`: nobody would get anything. `no-answer`: the AI gave none in time.
   */
  would: 'send' | 'approve' | 'draft' | 'handoff' | 'nothing' | 'no-answer';
  /** In a line, why it is not sent as it is. */
  reason?: string;
  /** The answer's text, also where it would be held back; `''`: there is none. */
  text: string;
  /** Articles that the answer names. */
  sources: Source[];
  /** How sure the AI is, 0 to 1; `null`: it doesn't say. */
  confidence: number | null;
  /** What the search finds for the question, the best first. */
  near: NearArticle[];
  /** The rules that fired: each in a line. */
  rules: string[];
  /** What the AI wanted to look up by tools: a test calls none of them. */
  tools: string[];
  language?: string;
  /** `cost` in millionths of the prices' currency; `null`: no prices are set. Absent: the AI doesn't say. */
  spent?: { inputTokens: number; outputTokens: number; cost: number | null };
  /** The version of the business's instructions that it was given by. */
  instructions?: string;
}

/** An answer of the AI's as its activity gives it. */
export type TestedAnswer = AiAnswer & { spent?: Spent; escalation?: Escalation; unsent?: string };

/** What a worker of another version may give: an action that this code doesn't know, such as a wish to use tools. */
export type UnknownAnswer = { action: string; calls?: unknown; spent?: Spent };

const isKnown = (answer: TestedAnswer | UnknownAnswer): answer is TestedAnswer =>
  answer.action === 'reply' || answer.action === 'handoff';

const namesIn = (calls: unknown): string[] =>
  Array.isArray(calls)
    ? calls.map((call: { name?: unknown; tool?: unknown }) => String(call?.name ?? call?.tool ?? 'a tool'))
    : [];

const takenBy = ({ spent }: { spent?: Spent }): Pick<TestQuestionResult, 'spent'> =>
  spent ? { spent: { inputTokens: spent.inputTokens, outputTokens: spent.outputTokens, cost: spent.cost } } : {};

const ruleOf = ({ reason, why, as }: Escalation): string => `${why} (${reason}): ${as}`;

const NOTHING = { text: '', sources: [], confidence: null, rules: [], tools: [] };

/** What becomes of an answer on a channel: the same rules as of a customer's. */
export const testVerdict = (
  answer: TestedAnswer | UnknownAnswer,
  near: NearArticle[],
  channel: string,
  settings: PortalSettings,
): TestQuestionResult => {
  const outcome = 'tested' as const;
  if (!isKnown(answer)) {
    const reason = 'The AI wants to look something up with tools first. A test calls none.';
    return { ...NOTHING, outcome, would: 'no-answer', near, reason, tools: namesIn(answer.calls), ...takenBy(answer) };
  }
  const level = autonomyOn(settings, channelIdOf(channel));
  const notes = {
    near,
    tools: [],
    ...(answer.language === undefined ? {} : { language: answer.language }),
    ...(answer.instructions === undefined ? {} : { instructions: answer.instructions }),
    ...takenBy(answer),
  };
  const silent = level === 'off' || level === 'shadow' ? { would: 'nothing' as const } : null;
  if (answer.action === 'handoff') {
    const { reason, escalation, unsent: text = '' } = answer;
    const rules = escalation ? [ruleOf(escalation)] : [];
    return { ...NOTHING, outcome, would: 'handoff', reason, text, ...notes, rules, ...silent };
  }
  const { text, sources, confidence } = answer;
  const given = { outcome, text, sources, confidence, ...notes };
  const held = heldBack(answer, level, channel, settings);
  const rules = held === null ? [] : [ruleOf(held)];
  if (silent) return { ...given, rules, ...silent, reason: `The AI is set to ${level} on this channel.` };
  if (level === 'draft') return { ...given, rules, would: 'draft', reason: 'The AI is set to draft on this channel.' };
  if (held !== null) return { ...given, rules, would: held.as, reason: held.why };
  if (level === 'approve')
    return { ...given, rules, would: 'approve', reason: 'The AI is set to approve on this channel.' };
  return { ...given, rules, would: 'send' };
};
