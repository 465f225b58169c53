import type { Source } from '../ai/backend.ts';
import type { PortalId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface TestQuestionInput {
  portalId: PortalId;
  /** By its name, such as `email`. */
  channel: string;
  question: string;
  /** Who asks, as they say. */
  by?: string;
}

/** An article that is near to a question, and how probable it is that it answers: 0 to 1. */
export interface NearArticle extends Source {
  score: number;
}

/** What a customer would have got. Nobody has got it. */
export interface TestQuestionResult {
  outcome: 'tested';
  /**
   * `send`: the AI would send its answer. `approve`, `draft`: agents would get it. `handoff`: they would get the thread.
   * `nothing`: nobody would get anything. `no-answer`: the AI gave none in time.
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

/** One run for each question that an operator tries: nothing is posted, no conversation is counted. */
export const testQuestionRun = {
  type: 'testQuestion',
  title: 'Test question',
  about: ({ portalId, channel }: TestQuestionInput) => ({ portalId, detail: channel }),
  workflowId: ({ portalId }: TestQuestionInput, id: string) => `test:${portalId}:${id}`,
  urgency: 'reply',
  example: { portalId: '62515', channel: 'live chat', question: 'How long does shipping take?' },
} as const satisfies RunType<TestQuestionInput, [id: string]>;
