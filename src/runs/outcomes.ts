/** What a person has to look at: a closed set, the values of the `NeedsAttention` search attribute. */
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

/** How a `replyToMessage` run can end. */
export const OUTCOMES = ['replied', 'drafted', 'handed-off', 'skipped', 'needs-attention'] as const;
export type Outcome = (typeof OUTCOMES)[number];
