import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { examine, type Finding } from '../../src/doctor/finding.ts';
import { payloadKeysCheck } from '../../src/doctor/payload-keys.ts';
import { boundCalls } from '../../src/temporal/bounded-calls.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { eventually } from '../support/eventually.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const { stranger, settings } = temporal;
const { namespace } = settings;
const keys = readPayloadKeys(newPayloadKey(new Date())) ?? [];

let client: Client;
beforeAll(() => {
  client = createClient(settings, keys);
});
afterAll(() => client.connection.close());

/** Starts a run that no worker takes up. */
const start = async (by: Client, taskQueue: string): Promise<string> => {
  const workflowId = uniqueName('waits');
  await by.workflow.start('replyToMessage', { workflowId, taskQueue, args: [{}] });
  return workflowId;
};
/** Looks once Temporal lists all of the queue's runs. */
const look = async (taskQueue: string, runs: number, required: boolean): Promise<Finding> => {
  await eventually(async () => {
    const { count } = await stranger.workflow.count(`TaskQueue = "${taskQueue}"`);
    if (count < runs) throw new Error('Not listed yet');
  });
  const calls = boundCalls(client.connection, 5_000);
  const service = client.connection.workflowService;
  const check = payloadKeysCheck({ service, calls, namespace, taskQueue }, keys, { required });
  return await examine({ ...check, whenSilent: '' }, 5_000);
};
const end = (...workflowIds: string[]) =>
  Promise.all(workflowIds.map((workflowId) => stranger.workflow.getHandle(workflowId).terminate()));

describe('the keys, tried on what Temporal holds', () => {
  it('are no help to an open run in clear text where encryption is required, which is named until it has ended', async () => {
    const taskQueue = uniqueName('keys');
    const [sealed, clear] = [await start(client, taskQueue), await start(stranger, taskQueue)];
    expect(await look(taskQueue, 2, false)).toMatchObject({ level: 'ok' });
    const found = await look(taskQueue, 2, true);
    expect(found).toMatchObject({ level: 'problem', remedy: expect.stringContaining('PAYLOAD_ENCRYPTION=optional') });
    expect(found.message).toContain(clear);
    expect(found.message).not.toContain(sealed);
    await end(clear);
    await eventually(async () => expect(await look(taskQueue, 2, true)).toMatchObject({ level: 'ok' }));
    await end(sealed);
  });

  it('find a payload that was moved from another run', async () => {
    const taskQueue = uniqueName('keys');
    const from = await start(client, taskQueue);
    const { events } = await stranger.workflow.getHandle(from).fetchHistory();
    const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input ?? null;
    const workflowId = uniqueName('moved');
    await stranger.workflowService.startWorkflowExecution({
      namespace,
      workflowId,
      workflowType: { name: 'replyToMessage' },
      taskQueue: { name: taskQueue },
      input,
      requestId: workflowId,
    });
    const { level, message } = await look(taskQueue, 2, false);
    expect(level).toBe('problem');
    expect(message).toMatch(new RegExp(`of workflow "${from}".* is in workflow "${workflowId}"`));
    await end(from, workflowId);
  });
});
