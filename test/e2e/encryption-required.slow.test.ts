import { afterEach, describe, expect, it } from '@jest/globals';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { retentionScheduleId } from '../../src/temporal/schedules.ts';
import { eventually } from '../support/eventually.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const PAYLOAD_KEYS = newPayloadKey(new Date());
const temporal = useTemporal();
const product = useProduct(
  temporal,
  { PAYLOAD_KEYS, PAYLOAD_ENCRYPTION: 'required', DELIVERY_CHECK: '100ms', SESSION_RETENTION: '1d' },
  // The event of a reply would check its delivery.
  { behaviour: { echo: 'none' } },
);
const codec = createPayloadCodec(readPayloadKeys(PAYLOAD_KEYS) ?? []);
const { stranger } = temporal;
const { namespace } = temporal.settings;

const history = async (workflowId: string) =>
  (await stranger.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
const inputOf = async (workflowId: string): Promise<Payload[]> =>
  (await history(workflowId))[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];

/** Starts a run as someone who can write to Temporal would, past every codec; it is terminated after the test. */
const startRaw = async (payloads: Payload[]): Promise<string> => {
  const workflowId = uniqueName('raw');
  await stranger.workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    workflowType: { name: 'replyToMessage' },
    taskQueue: { name: product.taskQueue },
    input: { payloads },
    requestId: workflowId,
  });
  started.push(workflowId);
  return workflowId;
};
const started: string[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((workflowId) => stranger.workflow.getHandle(workflowId).terminate()));
});

/** The places beside the encrypted payloads, wherever they are. */
const placesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const place = (value as Payload).metadata?.['encryption-place'];
  if (place) return [Buffer.from(place).toString()];
  return Object.values(value).flatMap(placesIn);
};

/** Why the run's first decision can't be taken. */
const refusalOf = (workflowId: string): Promise<string> =>
  eventually(async () => {
    const failed = (await history(workflowId)).find((event) => event.workflowTaskFailedEventAttributes);
    if (!failed) throw new Error('No task has failed yet');
    const { encodedAttributes } = failed.workflowTaskFailedEventAttributes?.failure ?? {};
    const [opened] = await codec.decode(encodedAttributes ? [encodedAttributes] : []);
    return Buffer.from(opened?.data ?? []).toString();
  });

const answered = async (): Promise<string> => {
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  return product.workflowIdOf(asked);
};

describe('with PAYLOAD_ENCRYPTION=required, the product', () => {
  const echo = product.ai.answer;
  afterEach(() => {
    product.ai.answer = echo;
  });

  it('answers, tries again, and checks the delivery in a child', async () => {
    let attempts = 0;
    product.ai.answer = async (question, signal) => {
      attempts += 1;
      if (attempts === 1) throw new AiUnavailable('Away');
      return await echo(question, signal);
    };
    const asked = product.simulator.customerWrites({ channel: 'email', text: 'Where is my order?' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const [posted] = product.postedBy(asked.threadId);
    const check = `message:${PORTAL_ID}:${asked.threadId}-${posted?.id}`;
    expect(await product.resultOfRun(check)).toEqual({ outcome: 'delivered' });
  });

  it('hands off in a child, whose result comes back', async () => {
    product.ai.answer = () => ({ action: 'handoff', reason: 'Unsure', aiSessionId: null });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'A person, please' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
  });

  it('binds each payload of a history to its run, or to the child that it is for', async () => {
    product.ai.answer = () => ({ action: 'handoff', reason: 'Unsure', aiSessionId: null });
    const asked = product.simulator.customerWrites({ channel: 'email', text: 'A person, please' });
    await product.resultOf(asked);
    const workflowId = product.workflowIdOf(asked);
    const childrenOf = async (id: string) =>
      (await history(id)).flatMap(
        (event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? [],
      );
    const children = await childrenOf(workflowId);
    expect(children).not.toEqual([]);
    for (const id of [workflowId, ...children]) {
      const places = placesIn(await history(id));
      const right = [id, ...(await childrenOf(id))].map((own) => JSON.stringify({ namespace, workflowId: own }));
      expect(places.length).toBeGreaterThan(3);
      expect(places.filter((place) => !right.includes(place))).toEqual([]);
    }
  });

  it('runs what a schedule starts, under ids that the schedule didn’t give, one after the other', async () => {
    const schedule = product.client.schedule.getHandle(retentionScheduleId(product.taskQueue));
    for (const count of [1, 2]) {
      await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
      const runs = await eventually(async () => {
        const { recentActions } = (await schedule.describe()).info;
        if (recentActions.length < count) throw new Error('It has not run yet');
        return recentActions;
      });
      const { workflow } = runs.at(-1)?.action ?? {};
      const handle = product.client.workflow.getHandle(workflow?.workflowId ?? '', workflow?.firstExecutionRunId);
      expect(workflow?.workflowId).not.toBe(retentionScheduleId(product.taskQueue));
      expect(await handle.result()).toBeDefined();
    }
    expect((await schedule.describe()).action).toMatchObject({ args: [{ retentionMs: 86_400_000 }] });
  });
});

describe('a run', () => {
  it('is refused that someone starts in clear text', async () => {
    const data = Buffer.from(JSON.stringify({ portalId: PORTAL_ID, threadId: '1', messageId: 'm' }));
    const workflowId = await startRaw([{ metadata: { encoding: Buffer.from('json/plain') }, data }]);
    expect(await refusalOf(workflowId)).toMatch(/PAYLOAD_ENCRYPTION is required/);
  });

  it('is refused whose input was taken from another run', async () => {
    const from = await answered();
    const workflowId = await startRaw(await inputOf(from));
    expect(await refusalOf(workflowId)).toMatch(/someone who can write to Temporal's database moved it/);
  });
});
