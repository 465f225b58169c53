import { describe, expect, it } from '@jest/globals';
import { msToTs } from '@temporalio/common/lib/time.js';
import { pino } from 'pino';
import type { MessageId, PortalId, ThreadId, TicketId } from '../../src/hubspot/ids.ts';
import { type PlannedStart, planned, plannedReply } from '../../src/runs/planned-start.ts';
import { PORTAL_ID, THREAD_ID, TICKET_ID } from '../../src/runs/search-attributes.ts';
import { syncTicketPropertyRun } from '../../src/runs/sync-ticket-property.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const portalId = '62515' as PortalId;
const reply = (): PlannedStart =>
  plannedReply({ portalId, threadId: '987' as ThreadId, messageId: uniqueName('m') as MessageId });

const sync = (portal = portalId): PlannedStart => {
  const input = {
    portalId: portal,
    ticketId: '1846' as TicketId,
    propertyName: 'hs_ticket_priority',
    propertyValue: 'HIGH',
    occurredAt: 1_700_000_000_000,
  };
  return planned(syncTicketPropertyRun, input, uniqueName('e'));
};

describe('createRunStarter', () => {
  const { client, settings } = useTemporal();
  // Nobody polls it: the runs stay where they started.
  const taskQueue = uniqueName('starts');
  const starter = createRunStarter(client, taskQueue);

  it('starts an event once and calls it a duplicate from then on, also when its run is over', async () => {
    const planned = reply();
    expect(await starter.start(planned)).toBe('started');
    expect(await starter.start(planned)).toBe('duplicate');
    await client.workflow.getHandle(planned.workflowId).terminate();
    expect(await starter.start(planned)).toBe('duplicate');
  });

  it('starts exactly one run for a hundred simultaneous starts of one event', async () => {
    const planned = reply();
    const results = await Promise.all(Array.from({ length: 100 }, () => starter.start(planned)));
    expect(results.filter((result) => result === 'started')).toHaveLength(1);
    expect(results.filter((result) => result === 'duplicate')).toHaveLength(99);
  });

  it('gives a reply its input, a summary, what it can be found by, and its place in the queue', async () => {
    const planned = reply();
    await starter.start(planned);
    const handle = client.workflow.getHandle(planned.workflowId);
    const run = await handle.describe();
    expect(run.type).toBe('replyToMessage');
    expect(run.taskQueue).toBe(taskQueue);
    expect(run.typedSearchAttributes.get(PORTAL_ID)).toBe('62515');
    expect(run.typedSearchAttributes.get(THREAD_ID)).toBe('987');
    expect(await run.staticSummary()).toMatch(/^Reply · portal 62515 · thread 987 · message m-\w+$/);
    expect(run.priority).toMatchObject({ priorityKey: 1, fairnessKey: 'portal-62515' });
    expect(run.memo ?? {}).toEqual({});
  });

  it('lets a ticket’s property wait behind the replies', async () => {
    const planned = sync();
    await starter.start(planned);
    const run = await client.workflow.getHandle(planned.workflowId).describe();
    expect(run.type).toBe('syncTicketProperty');
    expect(run.typedSearchAttributes.get(TICKET_ID)).toBe('1846');
    expect(await run.staticSummary()).toBe('Ticket · portal 62515 · ticket 1846 · hs_ticket_priority');
    expect(run.priority).toMatchObject({ priorityKey: 5, fairnessKey: 'portal-62515' });
  });

  it('lets a run of bulk, and bulk itself, begin later, behind live messages', async () => {
    const planned = reply();
    await starter.start(planned, { beginsInMs: 90_000 });
    const bulk = uniqueName('bulk');
    await starter.dispatch(bulk, [reply(), reply()], 60_000);
    for (const [workflowId, seconds, priorityKey] of [
      [planned.workflowId, 90, 3],
      [bulk, 60, 1],
    ] as const) {
      const handle = client.workflow.getHandle(workflowId);
      const [first] = (await handle.fetchHistory()).events ?? [];
      const delay = first?.workflowExecutionStartedEventAttributes?.firstWorkflowTaskBackoff;
      expect(Number(delay?.seconds)).toBe(seconds);
      expect((await handle.describe()).priority).toMatchObject({ priorityKey, fairnessKey: 'portal-62515' });
    }
  });

  it('keeps the summary within the Web UI’s 200 bytes', async () => {
    const planned = plannedReply({ portalId, threadId: '987' as ThreadId, messageId: 'x'.repeat(200) as MessageId });
    await starter.start(planned);
    const run = await client.workflow.getHandle(planned.workflowId).describe();
    expect(Buffer.byteLength((await run.staticSummary()) ?? '')).toBeLessThanOrEqual(200);
  });

  it('dispatches a delivery as one run, and the same delivery as a duplicate', async () => {
    const workflowId = uniqueName('delivery');
    const starts = [reply(), sync()];
    expect(await starter.dispatch(workflowId, starts)).toBe('started');
    expect(await starter.dispatch(workflowId, starts)).toBe('duplicate');
    const run = await client.workflow.getHandle(workflowId).describe();
    expect(run.type).toBe('dispatchDelivery');
    expect(await run.staticSummary()).toBe('Delivery · portal 62515 · 2 events');
    expect(run.typedSearchAttributes.get(PORTAL_ID)).toBe('62515');
  });

  it('names no single portal for a delivery of several', async () => {
    const workflowId = uniqueName('delivery');
    await starter.dispatch(workflowId, [sync(), sync('77' as PortalId)]);
    const run = await client.workflow.getHandle(workflowId).describe();
    expect(await run.staticSummary()).toBe('Delivery · 2 portals · 2 events');
    expect(run.typedSearchAttributes.get(PORTAL_ID)).toBeUndefined();
  });

  it('starts without search attributes where the namespace lacks them, once, and says so', async () => {
    const namespace = uniqueName('bare');
    await client.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1d') });
    const bare = createClient(plainSettings(settings.address, namespace), []);
    const logged: string[] = [];
    try {
      const logger = pino({}, { write: (line: string) => logged.push(line) });
      const planned = reply();
      expect(await createRunStarter(bare, taskQueue, logger).start(planned)).toBe('started');
      expect(await createRunStarter(bare, taskQueue, logger).start(planned)).toBe('duplicate');
      expect(logged.join('')).toContain('npm run setup');
    } finally {
      await bare.connection.close();
    }
  });

  it('throws what Temporal refuses for another reason', async () => {
    const planned = { ...reply(), workflowId: 'x'.repeat(1001) };
    await expect(starter.start(planned)).rejects.toThrow();
  });
});
