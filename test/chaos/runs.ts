import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { OUTCOME, SKIP_REASON } from '../../src/runs/search-attributes.ts';

/** One workflow run, as Temporal lists it. */
export interface Run {
  workflowId: string;
  runId: string;
  type: string;
  /** `COMPLETED`, `RUNNING`, `FAILED`, … */
  status: string;
  outcome: string | null;
  skipReason: string | null;
}

/** Every run, open or closed. */
export const listRuns = async (client: Client): Promise<Run[]> => {
  const runs: Run[] = [];
  for await (const { workflowId, runId, type, status, typedSearchAttributes } of client.workflow.list()) {
    const outcome = typedSearchAttributes.get(OUTCOME) ?? null;
    const skipReason = typedSearchAttributes.get(SKIP_REASON) ?? null;
    runs.push({ workflowId, runId, type, status: status.name, outcome, skipReason });
  }
  return runs;
};

const LOOK_MS = 1_000;
/** Temporal's list follows what happens by a moment: nothing is over before it has been seen so twice. */
const SAME_LOOKS = 3;

/**
 * Waits until every webhook is delivered and no run is open, which is seen several times in a row, since the end of a
 * run has an echo that starts another. Gives up after `patienceMs`.
 * @throws {Error} when `signal` aborts
 */
export const untilNothingIsOpen = async (
  { client, simulator, onOpen }: { client: Client; simulator: Simulator; onOpen: (open: number) => void },
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const settled = new AbortController();
  const patience = sleep(patienceMs, 'over', { signal: AbortSignal.any([signal, settled.signal]) });
  try {
    for (let looks = 0, known = -1; looks < SAME_LOOKS; ) {
      if ((await Promise.race([simulator.settle(), patience])) === 'over') return;
      if ((await Promise.race([sleep(LOOK_MS, undefined, { signal }), patience])) === 'over') return;
      const { count: all } = await client.workflow.count();
      const { count: open } = await client.workflow.count("ExecutionStatus = 'Running'");
      onOpen(open);
      looks = open === 0 && all === known ? looks + 1 : 0;
      known = all;
    }
  } finally {
    settled.abort();
    await patience.catch(() => undefined);
  }
};
