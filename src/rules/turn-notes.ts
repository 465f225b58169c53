import type { AiAnswer, HandoffCause } from '../ai/backend.ts';
import { channelName } from '../hubspot/channels.ts';
import type { Message } from '../hubspot/conversation.ts';
import type { Turn, TurnNotes } from '../sessions/store.ts';

/** A question that is longer says no more of what was asked for. In characters. */
const LONGEST_QUESTION = 500;

/** Handoffs because of these are gaps: something was asked, and nothing that the AI knows answers it. */
const GAPS: readonly HandoffCause[] = ['no-answer', 'unclear', 'ai-decided'];

/** Why a handoff was one, from the closed set. */
export const causeOf = (answer: Extract<AiAnswer, { action: 'handoff' }>): HandoffCause => answer.cause ?? 'ai-decided';

const wordsOf = (burst: readonly Message[]): string => {
  const texts = burst.map(({ text, subject }) => text.trim() || (subject ?? '').trim());
  return texts
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, LONGEST_QUESTION);
};

/**
 * What reports on outcomes ask of a turn. The customer's words are in it only where nobody could answer them, and only
 * their beginning.
 */
export const turnNotes = (answer: AiAnswer, outcome: Turn['outcome'], burst: readonly Message[]): TurnNotes => {
  const times = burst.map(({ createdAt }) => Date.parse(createdAt));
  const newest = burst.at(-1);
  const common = {
    channel: channelName(newest?.channelId ?? null),
    askedAt: Math.min(...times),
    newestAt: Math.max(...times),
    ...(answer.language === undefined ? {} : { language: answer.language }),
  };
  if (answer.action === 'reply') {
    const { sources, confidence, asksBack } = answer;
    return { ...common, sources, ...(confidence === null ? {} : { confidence }), ...(asksBack ? { asksBack } : {}) };
  }
  const cause = causeOf(answer);
  const question = outcome === 'handed-off' && GAPS.includes(cause) ? wordsOf(burst) : '';
  return {
    ...common,
    cause,
    sources: answer.nearest ? [answer.nearest] : [],
    ...(question === '' ? {} : { question }),
  };
};
