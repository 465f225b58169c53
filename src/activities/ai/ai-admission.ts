import { hash } from 'node:crypto';
import { activityInfo, log, metricMeter } from '@temporalio/activity';
import type { AiAnswer, ReplyRequest } from '../../ai/backend.ts';
import { AiRefused, AiUnavailable, AiUnreadable } from '../../ai/errors.ts';
import { costOf, type Prices } from '../../ai/prices.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { type AiLimit, callsReason, ceilingReason } from '../../rules/speaking/ai-limits.ts';
import { utcDay } from '../../rules/utc-day.ts';
import type { SessionStore } from '../../sessions/store.ts';
import type { AiCallLimits, AskedCall } from '../../sessions/usage.ts';

/** Each portal's AI may do this much; `null`: anything. */
export type AiLimitsOf = (portalId: PortalId) => AiCallLimits | null;

/** In place of an answer: the AI was not asked. */
export type Limited = Extract<AiAnswer, { action: 'handoff' }> & { limit: AiLimit };

/** The limits are kept by these. */
export interface AdmissionOptions {
  sessions: SessionStore;
  prices: Prices | null;
  limitsOf: AiLimitsOf;
  /** The most tokens that an AI writes in one call. */
  maxOutputTokens: number;
}

/** A call that may be made. Each of the three ends it; none of them throws. */
export interface AdmittedCall {
  /** It has an answer, and what that took is recorded elsewhere or not known. */
  answered(isRecorded: boolean): Promise<void>;
  /**
   * It has none. Whatever may have cost something counts, also what was broken off. `isRecorded`: some of it is known.
   */
  failed(error: unknown, isRecorded: boolean): Promise<void>;
}

/** The same for the same attempt, however often it is recorded. */
export const callIdOfAttempt = (): string => {
  const { workflowExecution, activityId, attempt } = activityInfo();
  return `${workflowExecution?.runId}:${activityId}:${attempt}`;
};

/** Names someone, or something, so that nobody can be recognised by it. */
export const hashed = (portalId: PortalId, who: string): string =>
  hash('sha256', `${portalId} ${who}`, 'base64url').slice(0, 22);

/**
 * For whom a call is, by hashes: the contact, the address that the message came from, and the thread, whoever writes
 * there.
 */
export const askersOf = ({
  portalId,
  threadId,
  contactId,
  contact,
}: Pick<ReplyRequest, 'portalId' | 'threadId' | 'contactId'> & {
  contact: Pick<ReplyRequest['contact'], 'email'>;
}): AskedCall['askers'] => {
  const known = [
    ...(contactId === null ? [] : [`contact ${contactId}`]),
    // A request that an earlier version built has the address as its sender spelt it.
    ...(contact.email === null ? [] : [`address ${contact.email.trim().toLowerCase()}`]),
    `thread ${threadId}`,
  ].map((who) => hashed(portalId, who));
  return known as [string, ...string[]];
};

/** A token is rarely shorter, in any language that is written in letters. */
const CHARACTERS_PER_TOKEN = 3;
/** Rules, tools, the business's instructions, and what is found in the articles. */
const OTHER_TOKENS = 15_000;
/** Of a file that comes along: at most four are read. */
const FILE_TOKENS = 7_000;
const MOST_FILES = 4;
/** Three searches and the answer. */
const STEPS = 4;

/** Which step of an answer is asked for; absent: all of them in one go. */
export type StepAsked = 'first' | 'later';

/** A later step is no call of anyone's: the first one was counted. */
const nobody = (portalId: PortalId, callId: string): [string] => [hashed(portalId, `step ${callId}`)];

/** Estimates what one step of the answer may cost, in millionths. */
const costOfStep = (
  request: object & Pick<ReplyRequest, 'attachments'>,
  prices: Prices,
  maxOutputTokens: number,
): number => {
  const files = Math.min(request.attachments.length, MOST_FILES);
  const inputTokens = JSON.stringify(request).length / CHARACTERS_PER_TOKEN + OTHER_TOKENS + files * FILE_TOKENS;
  return costOf({ inputTokens: Math.round(inputTokens), outputTokens: maxOutputTokens }, prices);
};

/** Another call is about to end. */
const BUSY_MS = 1_000;
/** The answer is there, and the attempt has little time left. */
const SETTLE_WITHIN_MS = 3_000;

/** Says whether an AI that gave no answer can have cost something: it was at work when it was broken off. */
const mayHaveCost = (error: unknown): boolean =>
  error instanceof AiUnavailable ? error.wasAtWork : !(error instanceof AiRefused || error instanceof AiUnreadable);

/**
 * Lets this attempt's call of the AI through, or says why not (see {@link SessionStore.admitAiCall}). A store that is
 * away keeps it from being asked: nobody knows then what is spent.
 * @throws {AiUnavailable} where calls at work hold what is left of the ceiling; and the driver's error
 */
export const createAdmission = ({ sessions, prices, limitsOf, maxOutputTokens }: AdmissionOptions) => {
  const warned = new Map<PortalId, string>();

  const refused = (request: ReplyRequest, limit: AiLimit, reason: string): Limited => {
    const { portalId, aiSessionId } = request;
    metricMeter
      .createCounter('threadkeeper_ai_limited_total', 'run', 'Messages for which the AI was not asked, by limit')
      .add(1, { portal: portalId, limit });
    const day = utcDay(Date.now());
    if (limit === 'ceiling' && warned.get(portalId) !== day) {
      warned.set(portalId, day);
      log.warn("Today's ceiling for the AI is spent: every message goes to agents", { portalId, day });
    }
    return { action: 'handoff', reason, cause: 'limit', aiSessionId, limit };
  };

  const ending = async (portalId: PortalId, end: () => Promise<void>): Promise<void> => {
    try {
      await withDeadline(end(), SETTLE_WITHIN_MS);
    } catch (error) {
      log.warn('The result of a call of the AI could not be noted: it counts as one that broke off', {
        portalId,
        err: error,
      });
    }
  };

  return async (request: ReplyRequest, which?: StepAsked): Promise<AdmittedCall | Limited> => {
    const { portalId } = request;
    const limits = limitsOf(portalId);
    if (limits === null) return { answered: async () => undefined, failed: async () => undefined };
    const callId = callIdOfAttempt();
    const at = Date.now();
    const { ceiling, callsPerHour } = limits;
    const step = ceiling === null || prices === null ? 0 : costOfStep(request, prices, maxOutputTokens);
    const askers = which === 'later' ? nobody(portalId, callId) : askersOf(request);
    const held = which === undefined ? step * STEPS : step;
    const call = { callId, portalId, askers, at, day: utcDay(at), held, ifLost: step };
    const admission = await sessions.admitAiCall(call, limits);
    switch (admission) {
      case 'over-ceiling':
        return refused(request, 'ceiling', ceilingReason(ceiling ?? 0));
      case 'over-calls':
        return refused(request, 'calls', callsReason(callsPerHour));
      case 'busy':
        throw new AiUnavailable("Calls at work may take what is left of the day's ceiling: waiting for them", {
          retryAfterMs: BUSY_MS,
        });
      case 'admitted':
        return {
          answered: (isRecorded) =>
            isRecorded ? Promise.resolve() : ending(portalId, () => sessions.settleAiCall(callId, 0)),
          failed: (error, isRecorded) =>
            ending(portalId, async () => {
              if (mayHaveCost(error)) await sessions.settleAiCall(callId, step);
              else if (isRecorded) return;
              else if (error instanceof AiUnreadable) await sessions.settleAiCall(callId, 0);
              else await sessions.releaseAiCall(callId);
            }),
        };
    }
  };
};
