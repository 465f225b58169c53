import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const PORTAL_ID = defineSearchAttributeKey('HubSpotPortalId', SearchAttributeType.KEYWORD);
export const THREAD_ID = defineSearchAttributeKey('HubSpotThreadId', SearchAttributeType.KEYWORD);
export const TICKET_ID = defineSearchAttributeKey('HubSpotTicketId', SearchAttributeType.KEYWORD);
/** The way in which a run ended: an `Outcome`, or another result of its type such as `synced`. */
export const OUTCOME = defineSearchAttributeKey('Outcome', SearchAttributeType.KEYWORD);
/** A `SkipReason` of the contract. */
export const SKIP_REASON = defineSearchAttributeKey('SkipReason', SearchAttributeType.KEYWORD);
/** What kept an answer of the AI's back: an `EscalationReason` of the contract. */
export const ESCALATION_REASON = defineSearchAttributeKey('EscalationReason', SearchAttributeType.KEYWORD);
/** The channel of the message by its name, such as `email`. */
export const CHANNEL = defineSearchAttributeKey('Channel', SearchAttributeType.KEYWORD);
/**
 * A person has to look at this run for this reason: an `AttentionCause` of the contract. Absent where nobody has to.
 */
export const NEEDS_ATTENTION = defineSearchAttributeKey('NeedsAttention', SearchAttributeType.KEYWORD);
/** Tokens that the AI read and wrote for this run. Absent where the AI doesn't say. */
export const AI_TOKENS = defineSearchAttributeKey('AiTokens', SearchAttributeType.INT);
/** The cost of those, in the prices' currency. Absent where no prices are set. */
export const AI_COST = defineSearchAttributeKey('AiCost', SearchAttributeType.DOUBLE);

/**
 * Runs are found by these. Each must be registered in the namespace before a run can carry it. Never encrypted, so no
 * customer's words and no address belong here.
 */
export const SEARCH_ATTRIBUTES = [
  PORTAL_ID,
  THREAD_ID,
  TICKET_ID,
  OUTCOME,
  SKIP_REASON,
  ESCALATION_REASON,
  CHANNEL,
  NEEDS_ATTENTION,
  AI_TOKENS,
  AI_COST,
] as const;
