import type { Prices } from '../ai/prices.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { Environment } from './environment.ts';

/** What tokens cost, or what is missing to know it, a line each. */
export const readPrices = (
  env: Environment,
  wrong: ReadonlySet<unknown>,
  portals: Pick<PortalSettings, 'aiDailyBudgetMillionths'>[],
): Prices | null | string[] => {
  const { LLM_INPUT_PRICE: input, LLM_OUTPUT_PRICE: output } = env;
  if (input !== undefined && output !== undefined) return { input, output };
  if (wrong.has('LLM_INPUT_PRICE') || wrong.has('LLM_OUTPUT_PRICE')) return null;
  if (input !== undefined) return ['LLM_OUTPUT_PRICE is missing: LLM_INPUT_PRICE is set'];
  if (output !== undefined) return ['LLM_INPUT_PRICE is missing: LLM_OUTPUT_PRICE is set'];
  const hasBudget = portals.some(({ aiDailyBudgetMillionths }) => aiDailyBudgetMillionths !== undefined);
  if (!hasBudget) return null;
  const setting = env.PORTALS_FILE === undefined ? 'AI_DAILY_BUDGET' : 'aiDailyBudget of PORTALS_FILE';
  return [`${setting} needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows what is spent`];
};
