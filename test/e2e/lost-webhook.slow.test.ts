import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { useProduct } from '../support/product.ts';
import { useTemporal } from '../support/temporal.ts';

const PORTAL = String(100_000_000 + Math.floor(Math.random() * 100_000_000));

const temporal = useTemporal();
const product = useProduct(temporal, { HUBSPOT_PORTAL_ID: PORTAL, CATCH_UP_INTERVAL: '1m' }, { portalId: PORTAL });

beforeAll(() => product.simulator.setWebhookUrl(null));

const runsOf = async (query: string): Promise<number> =>
  (await temporal.client.workflow.count(`TaskQueue="${product.taskQueue}" AND ${query}`)).count;

it('is made up for within the interval, by a look of the worker that no run is needed for', async () => {
  const asked: WrittenIds = product.simulator.customerWrites({ text: 'Where is my order?', agoMs: 2 * 60_000 });
  while (product.postedBy(asked.threadId).length === 0) await delay(200);
  expect(await temporal.client.workflow.getHandle(`catch-up:${PORTAL}`).result()).toMatchObject({ started: 1 });
  // The schedule's own run is hours away.
  expect(await runsOf('WorkflowType="catchUpPortals"')).toBe(0);
});
