import { log, metricMeter } from '@temporalio/activity';
import type { ReplyRequest } from '../../ai/backend.ts';
import { costOf, type Prices, type Spent, type TokenUsage } from '../../ai/prices.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { utcDay } from '../../rules/utc-day.ts';
import type { SessionStore } from '../../sessions/store.ts';
import { callIdOfAttempt } from './ai-admission.ts';

/** The answer is there, and the attempt has little time left: another one would be another call of the AI. */
const RECORD_WITHIN_MS = 3_000;

/** No call takes more; a number beyond it is an AI's mistake, and would spoil every sum. */
const MOST_TOKENS = 1_000_000_000;

const whole = (tokens: number): number => Math.min(Math.round(tokens), MOST_TOKENS);

const count = ({ portalId }: ReplyRequest, { inputTokens, outputTokens }: TokenUsage, cost: number | null): void => {
  const tokens = metricMeter.createCounter('threadkeeper_ai_tokens_total', 'token', 'Tokens that the AI took');
  tokens.add(inputTokens, { portal: portalId, kind: 'input' });
  tokens.add(outputTokens, { portal: portalId, kind: 'output' });
  if (cost === null) return;
  // The SDK's counters hold whole numbers only.
  metricMeter
    .createCounter('threadkeeper_ai_cost_millionths_total', '', 'What the AI cost, in millionths of the currency')
    .add(cost, { portal: portalId });
};

/**
 * Counts what this attempt's call of the AI took, on the metrics page and in the session store. A store that is away
 * costs the record, not the answer.
 */
export const noteUsage = async (
  request: ReplyRequest,
  reported: TokenUsage,
  prices: Prices | null,
  sessions: SessionStore,
): Promise<Spent> => {
  const usage = { inputTokens: whole(reported.inputTokens), outputTokens: whole(reported.outputTokens) };
  const cost = prices && costOf(usage, prices);
  count(request, usage, cost);
  const { portalId, threadId } = request;
  try {
    const call = { callId: callIdOfAttempt(), portalId, threadId, day: utcDay(Date.now()), ...usage, cost };
    const { cost: threadCost } = await withDeadline(sessions.recordAiCall(call), RECORD_WITHIN_MS);
    return { ...usage, cost, threadCost: cost === null ? null : threadCost };
  } catch (error) {
    log.warn('What the AI took could not be recorded', { portalId, threadId, err: error });
    return { ...usage, cost, threadCost: null };
  }
};
