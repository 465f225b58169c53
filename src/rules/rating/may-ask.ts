import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn, speaksToCustomers } from '../speaking/autonomy.ts';
import type { RatingSettings } from './rating-settings.ts';

/** The customer is not asked for one of these reasons: a closed set, the `reason` of an `askForRating` run. */
export const NOT_ASKED_REASONS = [
  'csat-off',
  'not-answered',
  'asked-already',
  'stopped',
  'paused',
  'message-not-found',
  'open-again',
  'thread-spam',
  'thread-archived',
  'channel-off',
  'unsendable',
  'moved-on',
  'gave-up',
] as const;
export type NotAskedReason = (typeof NOT_ASKED_REASONS)[number];

/** Nobody remembers older help: an inbox that is tidied up asks no customer of last month. */
const MOST_AGE_MS = 14 * 24 * 60 * 60_000;

/** Says whether a portal asks for ratings at all. */
export const asksForRatings = <Settings extends Pick<PortalSettings, 'csat'>>(
  settings: Settings,
): settings is Settings & { csat: RatingSettings } => settings.csat !== undefined;

/**
 * Says why the customer is not asked about this closed conversation; `null`: they are. `answered`: the message to which
 * the AI replied last, at `repliedAt` (ms).
 */
export const whyNotAsk = (
  { thread, closings = [] }: Conversation,
  answered: Message,
  settings: PortalSettings,
  { repliedAt, now }: { repliedAt: number; now: number },
): NotAskedReason | null => {
  if (thread.spam) return 'thread-spam';
  if (thread.archived) return 'thread-archived';
  if (thread.status !== 'CLOSED') return 'open-again';
  if (!speaksToCustomers(autonomyOn(settings, answered.channelId))) return 'channel-off';
  // A thread is not a matter: what the AI said before an earlier closing is not what was closed now.
  const since = closings.filter((at) => Date.parse(at) > Date.parse(answered.createdAt));
  return since.length > 1 || now - repliedAt > MOST_AGE_MS ? 'not-answered' : null;
};
