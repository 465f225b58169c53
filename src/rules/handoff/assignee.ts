import type { ActorId } from '../../hubspot/ids.ts';
import type { HandoffReason } from './handoff-reason.ts';
import { type AssignRule, isLanguage } from './handoff-settings.ts';

/** The order in which rules are asked: what is worst for the customer first. */
const ORDER = ['sentiment', 'language', 'channel'] as const;

/**
 * Finds who gets a thread that is handed over, by the first rule that fits: sentiment, then language, then channel (by
 * its name), then the rule for all; `null` where none does.
 */
export const assigneeFor = (
  rules: readonly AssignRule[],
  { sentiment, language, channel }: Pick<HandoffReason, 'sentiment' | 'language'> & { channel: string },
): ActorId | null => {
  const fits = ({ by, is }: NonNullable<AssignRule['when']>): boolean => {
    switch (by) {
      case 'sentiment':
        return sentiment === is;
      case 'language':
        return isLanguage(language, is);
      case 'channel':
        return channel === is;
    }
  };
  for (const by of ORDER) {
    const rule = rules.find(({ when }) => when?.by === by && fits(when));
    if (rule) return rule.to;
  }
  return rules.find(({ when }) => when === null)?.to ?? null;
};
