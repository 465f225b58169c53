import { durationWords } from '../rules/duration.ts';
import type { Erased } from './erased.ts';
import type { RunType } from './run-type.ts';

export interface ExpireSessionsInput {
  /** Sessions without activity for so long are deleted, in ms. */
  retentionMs: number;
}

export interface ExpireSessionsResult extends Erased {
  outcome: 'expired';
  /** There were more than one run deletes; the next one goes on. */
  reason?: string;
}

/** One run each time that the schedule of this workflow ID fires; Temporal adds the time to it. */
export const expireSessionsRun = {
  type: 'expireSessions',
  title: 'Delete sessions',
  about: ({ retentionMs }: ExpireSessionsInput) => ({ detail: `without activity for ${durationWords(retentionMs)}` }),
  workflowId: (_input: object, taskQueue: string) => `session-retention:${taskQueue}`,
  example: { retentionMs: 7_776_000_000 },
} as const satisfies RunType<ExpireSessionsInput, [taskQueue: string]>;
