import type { RunType } from './run-type.ts';

export interface CatchUpPortalsInput {
  /** Its place among the batches of portals, from 0 on. */
  batch: number;
}

export interface CatchUpPortalsResult {
  outcome: 'checked';
  /** Portals that were looked at. The others were not due. */
  portals: number;
  /** Portals with threads on which a customer may wait: each has its `catchUp` run. */
  withNews: number;
  /** Portals that could not be looked at; the next run tries again, from where they were. */
  failed: number;
}

/** The IDs of the schedules of one task queue begin with it, and so do the workflow IDs of their runs. */
export const catchUpPortalsIds = (taskQueue: string): string => `catch-ups:${taskQueue}:`;

/** One run each time that the schedule of this workflow ID fires; Temporal adds the time to it. */
export const catchUpPortalsRun = {
  type: 'catchUpPortals',
  title: 'Catch up portals',
  about: ({ batch }: CatchUpPortalsInput) => ({ detail: `batch ${batch}` }),
  workflowId: ({ batch }: CatchUpPortalsInput, taskQueue: string) => `${catchUpPortalsIds(taskQueue)}${batch}`,
  example: { batch: 0 },
} as const satisfies RunType<CatchUpPortalsInput, [taskQueue: string]>;
