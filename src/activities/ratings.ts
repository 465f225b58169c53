import type { PortalId, ThreadId } from '../hubspot/ids.ts';
import type { LastReply, RatingAsk } from '../sessions/ratings.ts';
import type { SessionStore } from '../sessions/store.ts';

interface OnThread {
  portalId: PortalId;
  threadId: ThreadId;
}

/** What stands for and against an ask for a rating. */
export interface RatingMatter {
  /** `null`: the AI has never answered there. */
  lastReply: LastReply | null;
  stopped: boolean;
  /** An agent has paused the AI on the thread. */
  paused: boolean;
}

/** Each a statement or two on the session store, and idempotent as that is. */
export interface RatingActivities {
  ratingMatter(thread: OnThread): Promise<RatingMatter>;
  /** Says whether this run may ask. */
  noteAsk(ask: RatingAsk): Promise<boolean>;
  withdrawAsk(ask: OnThread & { workflowId: string }): Promise<void>;
  /** The run that a message of this time (ms, HubSpot's clock) may answer; `null`: none. */
  openAsk(asked: OnThread & { at: number }): Promise<string | null>;
  noteRating(rated: OnThread & { workflowId: string; score: number }): Promise<void>;
}

export const createRatingActivities = (
  sessions: SessionStore,
  { isStopped = async () => false }: { isStopped?: (portalId: PortalId) => Promise<boolean> } = {},
): RatingActivities => ({
  async ratingMatter({ portalId, threadId }) {
    const lastReply = await sessions.lastReply(portalId, threadId);
    const { silenced } = await sessions.threadState(portalId, threadId, Date.now());
    return { lastReply, stopped: await isStopped(portalId), paused: silenced === 'paused' };
  },
  noteAsk: (ask) => sessions.noteAsk(ask),
  withdrawAsk: (ask) => sessions.withdrawAsk(ask),
  openAsk: ({ portalId, threadId, at }) => sessions.openAsk(portalId, threadId, at),
  noteRating: (rated) => sessions.noteRating(rated),
});
