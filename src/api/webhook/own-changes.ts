import type { Logger } from 'pino';
import { withDeadline } from '../../lib/deadline.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { modeUnder } from '../../rules/speaking/owner-gate.ts';
import type { PlannedStart } from '../../runs/planned-start.ts';
import type { OwnChanges } from '../../sessions/own-changes.ts';
import type { NotedMode } from '../../sessions/store.ts';
import type { IgnoreReason } from './plan.ts';

/** The session database, as far as the API looks there for what our own runs have done. */
export interface OwnNotes extends Pick<OwnChanges, 'takeMessages' | 'takeAssignment'> {
  /** As in the session store: notes who speaks on a thread, and gives the run that asks the AI there. */
  noteMode(noted: NotedMode): Promise<string | null>;
}

/** Those of the starts that nobody needs, by their workflow IDs: the event is about what a run of ours has done. */
export type FindOwn = (
  starts: readonly PlannedStart[],
  portals: ReadonlyMap<string, Pick<PortalSettings, 'aiActorId'>>,
) => Promise<ReadonlyMap<string, IgnoreReason>>;

/** A look takes a few ms. HubSpot waits for the answer, and without the look nothing is lost. */
const LOOK_MS = 1_000;
/** After a look that failed nobody looks for so long: a database that is away is not to delay each delivery. */
const PAUSE_MS = 10_000;

const NONE: ReadonlyMap<string, IgnoreReason> = new Map();

type OfType<Type extends PlannedStart['type']> = Extract<PlannedStart, { type: Type }>;

/**
 * Finds the events about posts and assignments of our own, of which no run would do anything. Where the look fails, or
 * takes too long, there are none: their runs find out by themselves.
 */
export const createFindOwn = (
  notes: OwnNotes | null,
  { logger, clock = Date.now, lookMs = LOOK_MS }: { logger: Logger; clock?: () => number; lookMs?: number },
): FindOwn => {
  if (notes === null) return async () => NONE;
  let pausedUntil = 0;

  /** The run of the event would note the same, and signal a run that asks the AI, but for the one that knows. */
  const isOwnAssignment = async (
    { input }: OfType<'noticeOwnerChange'>,
    { aiActorId }: Pick<PortalSettings, 'aiActorId'>,
  ): Promise<boolean> => {
    const { portalId, threadId, assignedTo: owner, occurredAt: at } = input;
    const own = await notes.takeAssignment({ portalId, threadId, owner, at });
    if (own === null) return false;
    const mode = modeUnder(owner, aiActorId);
    const asking = await notes.noteMode({ portalId, threadId, mode, at });
    return mode === 'ai' || asking === null || asking === own.knownTo;
  };

  const look: FindOwn = async (starts, portals) => {
    const found = new Map<string, IgnoreReason>();
    const messages = starts.flatMap((start) => {
      if (start.type !== 'replyToMessage' && start.type !== 'followCommand') return [];
      const { input, workflowId } = start;
      return 'messageId' in input ? [{ workflowId, ...input }] : [];
    });
    const taken = await notes.takeMessages(messages);
    for (const { workflowId, messageId } of messages) if (taken.has(messageId)) found.set(workflowId, 'own-post');
    for (const start of starts) {
      if (start.type !== 'noticeOwnerChange') continue;
      const portal = portals.get(start.input.portalId);
      if (portal && (await isOwnAssignment(start, portal))) found.set(start.workflowId, 'own-assignment');
    }
    return found;
  };

  return async (starts, portals) => {
    if (clock() < pausedUntil) return NONE;
    try {
      return await withDeadline(look(starts, portals), lookMs);
    } catch (error) {
      pausedUntil = clock() + PAUSE_MS;
      // A database's message may repeat what is stored.
      logger.warn({ error: (error as Error).name }, 'Which events are about our own posts could not be looked up');
      return NONE;
    }
  };
};
