import type { AiAnswer } from '../../ai/backend.ts';
import type { Escalation, EscalationAction } from './escalation.ts';

/**
 * What an answer needs where nothing is set: an AI that is less sure is more likely wrong than right, by its own word.
 */
export const LEAST_CONFIDENCE = 0.5;

/** What an answer needs to go to the customer without anyone's look. */
export interface Sureness {
  /** 0 to 1. By channel, by its name, and for all others under `default`; 0 or absent: any. */
  minConfidence: Readonly<Record<string, number>>;
  /** Whether it has to name an article, by the same; absent: no. */
  needsSources: Readonly<Record<string, boolean>>;
  /** What becomes of one that lacks it. */
  otherwise: EscalationAction;
}

/** The value of the channel, else that of all others. */
const of = <Value>(byChannel: Readonly<Record<string, Value>>, channel: string): Value | undefined =>
  Object.hasOwn(byChannel, channel) ? byChannel[channel] : byChannel.default;

/** `0.7`, never `0.70000001`; rounded down, so that too little never looks like enough. */
const shown = (confidence: number): string => String(Math.floor(confidence * 100) / 100);

/**
 * Why an answer isn't sure enough to be sent; `null` where it is. One that says no confidence is not measured by it. A
 * courtesy or a clarifying question claims nothing, so it needs neither.
 */
export const whyNotSure = (
  answer: AiAnswer,
  channel: string,
  { minConfidence, needsSources, otherwise }: Sureness,
): Escalation | null => {
  if (answer.action !== 'reply' || answer.asksBack || answer.claims === 'nothing') return null;
  const needed = of(minConfidence, channel) ?? 0;
  if (answer.confidence !== null && !(answer.confidence >= needed)) {
    const why = `the AI's confidence in its answer is ${shown(answer.confidence)}, and ${channel} needs ${needed}`;
    return { as: otherwise, reason: 'low-confidence', why };
  }
  const isSourced = answer.sources.length > 0 || answer.claims === 'what-its-sources-say';
  return of(needsSources, channel) && !isSourced
    ? { as: otherwise, reason: 'no-source', why: 'the AI names no article that it answered from' }
    : null;
};
