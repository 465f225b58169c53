import type { ActorId, PortalId, ThreadId } from '../../../src/hubspot/ids.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import type { Autonomy } from '../../../src/rules/speaking/autonomy.ts';
import { type OwnerSilence, whyAiMayNotSpeak } from '../../../src/rules/speaking/owner-gate.ts';
import type { OpenDatabase } from '../../../src/sessions/open-session-store.ts';
import { createSqlSessionStore } from '../../../src/sessions/sql-session-store.ts';
import { createStops } from '../../../src/sessions/stops.ts';
import type { Silence } from '../../../src/sessions/store.ts';
import type { Thread } from '../../simulator/simulator.ts';

/**
 * Why a customer who writes on a thread gets no answer from the AI: a skip reason of the product's, or a level of
 * autonomy at which the AI writes for agents alone.
 */
export type WhySilent = OwnerSilence | Silence | 'stopped' | Exclude<Autonomy, 'auto'>;

/** What only the database knows: `stopped`, or that the AI is paused on the thread or has handed it to agents. */
export type RecordedSilence = (threadId: string) => Promise<Silence | 'stopped' | null>;

/** Looks into the worker's database; while it is away, the last answer for the thread holds. Never throws. */
export const recordedSilence = ({ db, close }: OpenDatabase, portalId: PortalId): RecordedSilence => {
  const sessions = createSqlSessionStore(db, close);
  const stops = createStops(db);
  const last = new Map<string, Silence | 'stopped' | null>();
  return async (threadId) => {
    try {
      const { silenced } = await sessions.threadState(portalId, threadId as ThreadId, Date.now());
      last.set(threadId, (await stops.holds(portalId)) ? 'stopped' : silenced);
    } catch {
      // The worker has been killed, or starts.
    }
    return last.get(threadId) ?? null;
  };
};

/** Says why the AI would not answer a customer who writes on this thread now; `null` where it would. */
export const whySilent = (
  { assignedTo, spam, archived }: Pick<Thread, 'assignedTo' | 'spam' | 'archived'>,
  settings: PortalSettings,
  level: Autonomy,
  recorded: Silence | 'stopped' | null,
): WhySilent | null => {
  if (level === 'off') return 'off';
  const thread = { spam, archived, assignedTo: (assignedTo ?? null) as ActorId | null };
  const silence = whyAiMayNotSpeak(thread, settings, level);
  // The AI that hands a conversation over leaves it to nobody: that it did so says more.
  if (recorded === 'stopped' || silence === 'unassigned') return recorded ?? silence;
  return silence ?? recorded ?? (level === 'auto' ? null : level);
};
