import type { AiAnswer } from '../src/ai/backend.ts';
import type { GoldenCase, Kind } from './golden.ts';

/**
 * What comes of an answer. `wrong`: the customer got something else than the answer. `sent-away`: a complaint
 * got a mere courtesy, which is wrong too. `asked-back` and `handoff` are neither right nor wrong: agents, or the next
 * message, may still do it.
 */
export const VERDICTS = ['right', 'asked-back', 'handoff', 'wrong', 'sent-away', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Kinds where leaving it to agents is what is right. */
const FOR_AGENTS: ReadonlySet<Kind> = new Set(['out-of-scope', 'own-things', 'person', 'complaint']);
const COURTESIES: ReadonlySet<Kind> = new Set(['thanks', 'goodbye', 'small-talk']);

const ofReply = (
  { kind, articles }: GoldenCase,
  { sources, asksBack }: AiAnswer & { action: 'reply' },
): Exclude<Verdict, 'failed'> => {
  if (asksBack) return COURTESIES.has(kind) ? 'wrong' : 'asked-back';
  if (COURTESIES.has(kind)) return sources.length === 0 ? 'right' : 'wrong';
  if (kind === 'complaint' && sources.length === 0) return 'sent-away';
  const isNamed = ({ title }: { title: string }): boolean => articles.includes(title);
  // Beside the article that answers, another one may be given, but not about what is the customer's own.
  const isRight = FOR_AGENTS.has(kind) ? sources.length > 0 && sources.every(isNamed) : sources.some(isNamed);
  return isRight ? 'right' : 'wrong';
};

/** A reason that says that the customer wants a person: agents see at once what the thread is about. */
const NAMES_A_PERSON =
  /\b(?:person|people|human|agent|manager|staff|colleague|representative|someone|call(?:ed)? back)\b/i;

/** Judges the answer to a case; `null`: the AI failed. */
export const verdictOn = (golden: GoldenCase, answer: AiAnswer | null): Verdict => {
  if (answer === null) return 'failed';
  if (answer.action === 'reply') return ofReply(golden, answer);
  if (golden.kind === 'person') return NAMES_A_PERSON.test(answer.reason) ? 'right' : 'handoff';
  return FOR_AGENTS.has(golden.kind) ? 'right' : 'handoff';
};
