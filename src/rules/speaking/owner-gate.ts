import type { Thread } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import type { SessionMode } from '../../sessions/store.ts';
import type { PortalSettings } from '../settings.ts';
import type { SkipReason } from '../skip-reasons.ts';
import { type Autonomy, speaksToCustomers } from './autonomy.ts';

/** The skip reasons that the thread itself gives. */
export type OwnerSilence = Extract<SkipReason, 'thread-spam' | 'thread-archived' | 'owned-by-human' | 'unassigned'>;

/**
 * Says why the AI may not speak on this thread now, or `null` when it may. A human always wins (design promise 4);
 * where the AI only drafts for agents, the owner doesn't matter. A closed thread is answered: HubSpot reopens it.
 */
export const whyAiMayNotSpeak = (
  thread: Pick<Thread, 'spam' | 'archived' | 'assignedTo'>,
  settings: PortalSettings,
  level: Autonomy,
): OwnerSilence | null => {
  if (thread.spam) return 'thread-spam';
  if (thread.archived) return 'thread-archived';
  if (!speaksToCustomers(level) || thread.assignedTo === settings.aiActorId) return null;
  if (thread.assignedTo !== null) return 'owned-by-human';
  return settings.unassignedThreads === 'claim' ? null : 'unassigned';
};

/** Who owns a thread, for people: by name where it is known. */
export const ownerInWords = ({ assignedTo, ownerName }: Pick<Thread, 'assignedTo' | 'ownerName'>): string =>
  ownerName === undefined ? (assignedTo ?? 'nobody') : `${ownerName} (${assignedTo})`;

/** Says whether the AI has to take the thread first, so that agents see whose it is. */
export const mustClaim = (thread: Thread, settings: PortalSettings, level: Autonomy): boolean =>
  thread.assignedTo === null && speaksToCustomers(level) && settings.unassignedThreads === 'claim';

/** Says who speaks on a thread with this owner. */
export const modeUnder = (owner: ActorId | null, aiActorId: ActorId): SessionMode => {
  if (owner === null) return 'nobody';
  return owner === aiActorId ? 'ai' : 'human';
};
