import type { AiAnswer } from './backend.ts';

/** An answer needs this to go to the customer without anyone's look. */
export interface Sureness {
  /** By channel, 0 to 1, and for all others under `*`; 0 or absent: any. */
  minConfidence: Readonly<Record<string, number>>;
  /** A reply has to name an article. */
  needsSources: boolean;
}

/**
 * Says why an answer isn't sure enough to be sent, in a line for agents; `null` where it is. An answer that says no
 * confidence is not held to one. A courtesy or a clarifying question claims nothing, so it needs neither.
 */
export const whyNotSure = (
  answer: AiAnswer,
  channel: string,
  { minConfidence, needsSources }: Sureness,
): string | null => {
  if (answer.action !== 'reply' || answer.asksBack) return null;
  const needed = minConfidence[channel] ?? minConfidence['*'] ?? 0;
  if (answer.confidence !== null && answer.confidence < needed) {
    return `the AI is sure by ${answer.confidence}, not by ${needed}`;
  }
  const claims = answer.confidence !== null || answer.sources.length > 0;
  return needsSources && claims && answer.sources.length === 0 ? 'the AI names no article that it answered from' : null;
};
