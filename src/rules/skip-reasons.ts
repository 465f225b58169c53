/**
 * The AI said nothing for one of these reasons. A closed set: the same words in the run's result, the `SkipReason`
 * search attribute, the metric label and docs/skip-reasons.md.
 */
export const SKIP_REASONS = [
  'comment',
  'outgoing',
  'sender-is-bot',
  'sender-is-agent',
  'ai-marker',
  'owned-by-human',
  'unassigned',
  'superseded',
  'human-replied',
  'stopped',
  'paused',
  'handed-off',
  'skipped-by-agent',
  'empty-message',
  'message-not-found',
  'too-old',
  'rating',
  'channel-off',
  'ai-limit',
  'answer-loop',
  'answered-elsewhere',
  'thread-spam',
  'thread-archived',
  'ticketing-disabled',
  'empty-value',
  'no-session',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
