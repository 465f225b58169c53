import type { ActorId } from '../../hubspot/ids.ts';

/**
 * Why an answer was held back: a closed set, the values of the `EscalationReason` search attribute. `rule-…`: an
 * escalation rule holds, by the condition that says most.
 */
export const ESCALATION_REASONS = [
  'low-confidence',
  'no-source',
  'rule-words',
  'rule-topic',
  'rule-sentiment',
  'rule-property',
  'rule-language',
  'rule-channel',
] as const;
export type EscalationReason = (typeof ESCALATION_REASONS)[number];

/**
 * What becomes of it instead. `handoff`: the thread goes to agents. `draft`: an internal comment. `approve`: the same,
 * and an agent's word sends it.
 */
export const ESCALATION_ACTIONS = ['handoff', 'draft', 'approve'] as const;
export type EscalationAction = (typeof ESCALATION_ACTIONS)[number];

/** An answer is held back, for this reason. Plain data: it goes into the run's history. */
export interface Escalation {
  as: EscalationAction;
  reason: EscalationReason;
  /** The same in a line for agents. No customer's words. */
  why: string;
  /** Who gets the thread that is handed over; absent: as the portal has it. */
  assignTo?: ActorId;
}

/** The one that lets the AI do less; of two alike the first. `null`: it may do as much as it may elsewhere. */
export const stricterOf = (first: Escalation | null, second: Escalation | null): Escalation | null => {
  if (first === null || second === null) return first ?? second;
  return ESCALATION_ACTIONS.indexOf(second.as) < ESCALATION_ACTIONS.indexOf(first.as) ? second : first;
};
