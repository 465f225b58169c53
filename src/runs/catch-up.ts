import type { PortalId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface CatchUpInput {
  portalId: PortalId;
  /** Where the first run begins, ISO time; as far back as messages are answered, unless given. */
  since?: string;
  /** The next look at the portal begins where this run has ended. */
  advances?: boolean;
}

export interface CatchUpResult {
  outcome: 'checked';
  /** Threads that were read: a customer may wait there. */
  threads: number;
  /** Runs of messages that no webhook had announced. */
  started: number;
  /** Where the next look goes on: ISO time, by HubSpot's clock. */
  checkedUntil: string;
}

/** The workflow IDs of these runs begin with it, and so do the IDs of the schedules of earlier versions. */
export const CATCH_UP_IDS = 'catch-up:';

/** One run each time that a look at a portal finds news: one at a time, of the same workflow ID. */
export const catchUpRun = {
  type: 'catchUp',
  title: 'Catch up',
  about: ({ portalId }: CatchUpInput) => ({ portalId }),
  workflowId: ({ portalId }: CatchUpInput) => `${CATCH_UP_IDS}${portalId}`,
  example: { portalId: '62515' },
} as const satisfies RunType<CatchUpInput>;
