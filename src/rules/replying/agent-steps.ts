import type { CallOutcome, FinishedCall, NO_TOOL, WantedCall } from '../../ai/steps.ts';
import type { Autonomy } from '../speaking/autonomy.ts';

/** No answer takes more steps, whatever a backend thinks of its own bound. */
export const MOST_STEPS = 12;

/** In characters: what all calls of an answer gave, which each later step of it sends again. */
export const LONGEST_RESULTS = 60_000;

/** How far the AI may go by itself just now. */
export interface Leave {
  level: Autonomy;
  /** It may not send by itself: the budget is spent, or a rule holds the answer back. */
  onlyDrafts: boolean;
}

/** What becomes of a call: it is made, an agent is asked before, or it came to something without being made. */
export type Verdict = { does: 'call' | 'ask-agent' } | { does: 'nothing'; outcome: CallOutcome };

const NOTHING_CHANGES = 'the AI is on trial here, so nothing is changed';

/**
 * Decides on a call that a model wants. What only reads runs by itself. What changes something runs by itself only
 * where the business says that it may (`safe`), and the AI may send answers by itself; nobody changes anything where
 * nobody sees the AI at work.
 */
export const verdictOn = (call: Pick<WantedCall, 'rule' | 'outcome'>, { level, onlyDrafts }: Leave): Verdict => {
  if (call.outcome) return { does: 'nothing', outcome: call.outcome };
  if (call.rule === 'reads') return { does: 'call' };
  if (level === 'shadow' || level === 'off') return { does: 'nothing', outcome: { ok: false, why: NOTHING_CHANGES } };
  const asksFirst = call.rule === 'approve' || level === 'draft' || onlyDrafts;
  return { does: asksFirst ? 'ask-agent' : 'call' };
};

const lengthOf = (outcome: CallOutcome): number => ('found' in outcome ? 0 : JSON.stringify(outcome).length);

/** In place of what a call gave: JSON that is cut in its middle says something else. */
const NO_ROOM = '[left out: too much was looked up before]';

/**
 * Outcomes of one step, as far as there is room for them beside those of the steps before: each as a whole or not at
 * all. Articles have room of their own.
 */
export const withinRoom = (
  outcomes: readonly CallOutcome[],
  before: readonly Pick<FinishedCall, 'outcome'>[],
): CallOutcome[] => {
  let left = LONGEST_RESULTS - before.reduce((sum, { outcome }) => sum + lengthOf(outcome), 0);
  return outcomes.map((outcome) => {
    if ('found' in outcome || !outcome.ok) return outcome;
    const length = lengthOf(outcome);
    if (length > left) return { ok: true, text: NO_ROOM };
    left -= length;
    return outcome;
  });
};

/** A model's own look-ups, as people read of them. */
const OWN_LOOKS: Record<string, string> = {
  searchKnowledge: 'search the articles',
  readCustomer: "read the customer's properties",
  readTicket: "read the ticket's properties",
};

/** The name of a call of a tool that there isn't: {@link NO_TOOL}, of which rules may import the type alone. */
const NONE: typeof NO_TOOL = 'none';

/** Why a call failed of which nobody knows whether it took effect. */
export const UNKNOWN = 'nobody knows whether it was done';

/** A call in the Temporal Web UI: by the tool's name alone. Its input may hold a customer's words. */
export const callInWords = (name: string): string => OWN_LOOKS[name] ?? `call ${name}`;

/** What a model wants, for the run's story. */
export const wishesInWords = (calls: readonly Pick<WantedCall, 'name'>[]): string =>
  [...new Set(calls.map(({ name }) => (name === NONE ? 'call what is no tool' : callInWords(name))))].join(', ');

const calledInWords = ({ name, rule, outcome }: FinishedCall): string => {
  if (!outcome.ok) return `${name} (${outcome.why})`;
  return rule === 'reads' ? name : `${name} (done)`;
};

/** What was called of the business's tools, as agents read of it. */
export const callsInWords = (calls: readonly FinishedCall[]): string[] => [
  ...new Set(calls.filter(({ name }) => name !== NONE && !Object.hasOwn(OWN_LOOKS, name)).map(calledInWords)),
];

/** Of calls that were to change something: those that did, and those of which nobody knows. */
export const changesInWords = (calls: readonly FinishedCall[]): string[] =>
  callsInWords(calls.filter(({ outcome }) => outcome.ok || outcome.why === UNKNOWN));
