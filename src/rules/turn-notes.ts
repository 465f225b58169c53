import type { AiAnswer, HandoffCause } from '../ai/backend.ts';
import { channelName } from '../hubspot/channels.ts';
import type { Message } from '../hubspot/conversation.ts';
import type { TurnNotes } from '../sessions/store.ts';
import type { Post } from './replying/what-to-post.ts';

/** A question that is longer says no more of what was asked for. In characters. */
const LONGEST_QUESTION = 500;

/** Handoffs because of these are gaps: something was asked, and nothing that the AI knows answers it. */
const GAPS: readonly HandoffCause[] = ['no-answer', 'unclear', 'unsure', 'ai-decided'];

/**
 * Why a message went to agents, from the closed set. An answer goes there too where a rule of the business holds it
 * back, or where it lacks what it needs.
 */
export const causeOf = (answer: AiAnswer, { escalation }: Pick<Post, 'escalation'>): HandoffCause => {
  if (escalation) return escalation.reason.startsWith('rule-') ? 'rule' : 'unsure';
  return answer.action === 'handoff' ? (answer.cause ?? 'ai-decided') : 'unsure';
};

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
export const turnNotes = (
  answer: AiAnswer,
  post: Pick<Post, 'outcome' | 'escalation'>,
  burst: readonly Message[],
): TurnNotes => {
  const times = burst.map(({ createdAt }) => Date.parse(createdAt));
  const newest = burst.at(-1);
  const common = {
    channel: channelName(newest?.channelId ?? null),
    askedAt: Math.min(...times),
    newestAt: Math.max(...times),
    ...(answer.language === undefined ? {} : { language: answer.language }),
  };
  if (post.outcome !== 'handed-off' && answer.action === 'reply') {
    const { sources, confidence, asksBack } = answer;
    return { ...common, sources, ...(confidence === null ? {} : { confidence }), ...(asksBack ? { asksBack } : {}) };
  }
  const cause = causeOf(answer, post);
  const nearest = answer.action === 'handoff' ? answer.nearest : answer.sources[0];
  const question = post.outcome === 'handed-off' && GAPS.includes(cause) ? wordsOf(burst) : '';
  return {
    ...common,
    cause,
    sources: nearest ? [nearest] : [],
    ...(question === '' ? {} : { question }),
  };
};
