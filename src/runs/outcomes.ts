/** A person has to look at one of these: a closed set, the values of the `NeedsAttention` search attribute. */
export const ATTENTION_CAUSES = [
  'ai-failed',
  'hubspot-failed',
  'database-failed',
  'post-refused',
  'delivery-failed',
  'handoff-incomplete',
  'not-picked-up',
  'answer-loop',
] as const;
export type AttentionCause = (typeof ATTENTION_CAUSES)[number];

/** A `replyToMessage` run ends in one of these ways. */
export const OUTCOMES = ['replied', 'drafted', 'handed-off', 'skipped', 'needs-attention'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** An open `replyToMessage` run has this in place of an outcome while its draft waits for an agent's decision. */
export const AWAITS_APPROVAL = 'awaits-approval';
