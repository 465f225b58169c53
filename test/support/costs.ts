import { setTimeout as delay } from 'node:timers/promises';
import { costOf } from '../../bench/actions.ts';
import type { Product } from './product.ts';

/** What came of one event, with all that follows. */
export interface Cost {
  /** By type, in the order of their names. */
  runs: Record<string, number>;
  actions: number;
  workflowTasks: number;
  hubspotCalls: number;
}

/** A run of this type sleeps for long, and is counted as far as it has come. */
const SLEEPS = 'watchPickUp';

/**
 * Does something in HubSpot that at least one run comes of, and counts what the product does because of it, until every
 * run has ended. To be used on a product of which nothing else is asked meanwhile.
 */
export const costOfAll = async (product: Product, happens: () => unknown): Promise<Cost> => {
  const { workflow } = product.client;
  const query = `TaskQueue = "${product.taskQueue}"`;
  const list = async () => {
    const found = [];
    for await (const run of workflow.list({ query })) found.push(run);
    return found;
  };
  /** Temporal lists runs a moment late: there are more than `known`. */
  const rest = async (known = -1) => {
    let found = await list();
    for (let quiet = 0; quiet < 5; ) {
      await delay(100);
      const again = await list();
      const rests = again.every(({ type, status }) => type === SLEEPS || status.name !== 'RUNNING');
      quiet = rests && again.length > known && again.length === found.length ? quiet + 1 : 0;
      found = again;
    }
    return found;
  };
  const before = new Set((await rest()).map(({ runId }) => runId));
  const callsBefore = product.simulator.calls.length;
  await happens();
  await product.simulator.settle();
  const found = await rest(before.size);
  const runs: Record<string, number> = {};
  const total = { actions: 0, workflowTasks: 0 };
  for (const { workflowId, runId, type } of found.sort((a, b) => a.type.localeCompare(b.type))) {
    if (before.has(runId)) continue;
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    const { actions, workflowTasks } = costOf(events ?? []);
    runs[type] = (runs[type] ?? 0) + 1;
    total.actions += actions;
    total.workflowTasks += workflowTasks;
  }
  return { runs, ...total, hubspotCalls: product.simulator.calls.length - callsBefore };
};
