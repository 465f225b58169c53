import type { Prices } from '../ai/prices.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { Environment } from './environment.ts';

/** Gives what tokens cost, or what is missing to know it, a line each. */
export const readPrices = (
  env: Environment,
  wrong: ReadonlySet<unknown>,
  portals: Pick<PortalSettings, 'aiDailyBudgetMillionths' | 'aiDailyCeilingMillionths'>[],
): Prices | null | string[] => {
  const { LLM_INPUT_PRICE: input, LLM_OUTPUT_PRICE: output } = env;
  if (input !== undefined && output !== undefined) return { input, output };
  if (wrong.has('LLM_INPUT_PRICE') || wrong.has('LLM_OUTPUT_PRICE')) return null;
  if (input !== undefined) return ['LLM_OUTPUT_PRICE is missing: LLM_INPUT_PRICE is set'];
  if (output !== undefined) return ['LLM_INPUT_PRICE is missing: LLM_OUTPUT_PRICE is set'];
  const limits = [
    ['aiDailyBudgetMillionths', 'AI_DAILY_BUDGET', 'aiDailyBudget'],
    ['aiDailyCeilingMillionths', 'AI_DAILY_CEILING', 'aiDailyCeiling'],
  ] as const;
  const blind = limits.flatMap(([setting, variable, field]) => {
    if (portals.every((portal) => portal[setting] === undefined)) return [];
    const name = env.PORTALS_FILE === undefined ? variable : `${field} of PORTALS_FILE`;
    return [`${name} needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows what is spent`];
  });
  return blind.length === 0 ? null : blind;
};
