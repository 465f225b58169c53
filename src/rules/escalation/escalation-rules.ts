import type { ActorId } from '../../hubspot/ids.ts';
import { isLanguage } from '../handoff/handoff-settings.ts';
import type { Escalation, EscalationAction, EscalationReason } from './escalation.ts';
import { folded, phraseFinder } from './phrases.ts';
import type { Sentiment } from './sentiment.ts';

/** A record of HubSpot that a rule may look at. */
export const RULE_RECORDS = ['contact', 'ticket'] as const;
export type RuleRecord = (typeof RULE_RECORDS)[number];

/** When a rule holds: all of what is there has to be so, and of each list one. */
export interface RuleConditions {
  /** See {@link phraseFinder}. */
  words?: string[];
  /** Names of {@link EscalationRules.topics}, or {@link KNOWN_TOPICS}. */
  topics?: string[];
  /** How the customer feels. */
  sentiment?: Sentiment[];
  /** Values by internal names of properties. `*`: any value; `> 5`, `>= 5`, `< 5`, `<= 5`: a number. */
  contact?: Record<string, string[]>;
  ticket?: Record<string, string[]>;
  /** BCP 47 tags; one without a region is for all regions. */
  languages?: string[];
  /** The message is in none of these; no rule where its language isn't known. */
  languagesOtherThan?: string[];
  /** By their names. */
  channels?: string[];
}

export interface EscalationRule {
  /** For people: the run's story has it. */
  name: string;
  when: RuleConditions;
  do: EscalationAction;
  /** Who gets the thread; only with `handoff`. */
  assignTo?: ActorId;
}

/** When a portal's AI is not asked, or its answer is not sent by itself. The first rule that holds counts. */
export interface EscalationRules {
  /** Named lists of words. */
  topics: Record<string, string[]>;
  rules: EscalationRule[];
}

/** Topics that are known by more than words: a wish for a person, and a question about an own order or account. */
export const KNOWN_TOPICS = ['asks-for-person', 'own-thing'] as const;
export type KnownTopic = (typeof KNOWN_TOPICS)[number];

type Values = Readonly<Record<string, string>>;

/** What the rules look at. */
export interface RuleFacts {
  /** What the customer wrote since anyone last answered. */
  text: string;
  isAbout(topic: KnownTopic): boolean;
  /** By its name. */
  channel: string;
  /** `null`: not known. */
  language: string | null;
  sentiment: Sentiment | null;
  /** The values of its properties; `null`: there is no such record; absent: it has not been read yet. */
  contact?: Values | null;
  ticket?: Values | null;
}

/** The rule that holds, what has to be read before it is known, or `null`: none holds. */
export type Verdict = { held: Escalation } | { needs: RuleRecord } | null;

const COMPARISON = /^(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)$/;

const isValue = (wanted: string, given: string): boolean => {
  if (wanted === '*') return true;
  const [, sign, bound] = COMPARISON.exec(wanted) ?? [];
  if (sign === undefined) return folded(given).trim() === folded(wanted).trim();
  const number = given.trim() === '' ? Number.NaN : Number(given);
  if (sign === '>=') return number >= Number(bound);
  if (sign === '<=') return number <= Number(bound);
  return sign === '>' ? number > Number(bound) : number < Number(bound);
};

/** HubSpot puts several choices of one property side by side, with semicolons. */
const hasValue = (given: string | undefined, wanted: readonly string[]): boolean =>
  given !== undefined &&
  given.trim() !== '' &&
  [given, ...given.split(';')].some((one) => wanted.some((value) => isValue(value, one)));

/** The condition that says most of why a rule holds comes first. */
const REASONS: [keyof RuleConditions, EscalationReason][] = [
  ['words', 'rule-words'],
  ['topics', 'rule-topic'],
  ['sentiment', 'rule-sentiment'],
  ['contact', 'rule-property'],
  ['ticket', 'rule-property'],
  ['languages', 'rule-language'],
  ['languagesOtherThan', 'rule-language'],
  ['channels', 'rule-channel'],
];

const reasonOf = ({ when }: EscalationRule): EscalationReason =>
  REASONS.find(([condition]) => when[condition] !== undefined)?.[1] ?? 'rule-channel';

const escalationBy = (rule: EscalationRule): Escalation => ({
  as: rule.do,
  reason: reasonOf(rule),
  why: `the escalation rule “${rule.name}” holds`,
  ...(rule.assignTo === undefined ? {} : { assignTo: rule.assignTo }),
});

/** The properties that the rules ask for of a record. */
export const propertiesOf = ({ rules }: EscalationRules, record: RuleRecord): string[] => [
  ...new Set(rules.flatMap(({ when }) => Object.keys(when[record] ?? {}))),
];

/**
 * Reads rules once, and says then of each message which of them holds first. A record is asked for only where a rule
 * holds but for it.
 */
export const escalationBook = ({ topics, rules }: EscalationRules): ((facts: RuleFacts) => Verdict) => {
  const finders = new Map(Object.entries(topics).map(([name, words]) => [name, phraseFinder(words)]));
  const book = rules.map((rule) => ({ rule, hasWords: phraseFinder(rule.when.words ?? []) }));

  return (facts) => {
    const text = folded(facts.text);
    const isTopic = (name: string): boolean =>
      finders.get(name)?.(text) ??
      ((KNOWN_TOPICS as readonly string[]).includes(name) && facts.isAbout(name as KnownTopic));
    const isIn = (languages: readonly string[]): boolean =>
      facts.language !== null && languages.some((language) => isLanguage(facts.language ?? undefined, language));

    for (const { rule, hasWords } of book) {
      const { words, sentiment, languages, languagesOtherThan, channels, topics: named } = rule.when;
      if (channels && !channels.includes(facts.channel)) continue;
      if (words && !hasWords(text)) continue;
      if (named && !named.some(isTopic)) continue;
      if (sentiment && (facts.sentiment === null || !sentiment.includes(facts.sentiment))) continue;
      if (languages && !isIn(languages)) continue;
      if (languagesOtherThan && (facts.language === null || isIn(languagesOtherThan))) continue;
      const unread = RULE_RECORDS.find((record) => rule.when[record] && facts[record] === undefined);
      if (unread) return { needs: unread };
      const holds = RULE_RECORDS.every((record) =>
        Object.entries(rule.when[record] ?? {}).every(([name, wanted]) => hasValue(facts[record]?.[name], wanted)),
      );
      if (holds) return { held: escalationBy(rule) };
    }
    return null;
  };
};
