import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { NEEDS_ATTENTION } from '../../src/runs/search-attributes.ts';
import { createRunOverview } from '../../src/temporal/run-overview.ts';
import { eventually } from '../support/eventually.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
// HubSpot announces nothing of ours: what checks a delivery is a run of its own then.
const product = useProduct(
  temporal,
  { DELIVERY_CHECK: '300ms', QUIET_PERIOD: '700ms' },
  { behaviour: { echo: 'none' } },
);
/** Soon at the end of its patience with an AI, which is also all the time that a busy machine has for an answer. */
const impatient = useProduct(temporal, { ATTENTION_AFTER: '3s' });

const echo = product.ai.answer;
beforeEach(() => {
  for (const { ai, simulator } of [product, impatient]) {
    ai.answer = echo;
    simulator.faults.clear();
    simulator.behaviour.undeliverable = null;
  }
});

const handleOf = (workflowId: string) => temporal.client.workflow.getHandle(workflowId);
const attentionOf = async (workflowId: string): Promise<string | undefined> =>
  (await handleOf(workflowId).describe()).typedSearchAttributes.get(NEEDS_ATTENTION);
/** What the desk knows of why it fails. */
const failureOf = async (workflowId: string): Promise<string | undefined> => {
  const { runs } = await createRunOverview(temporal.client, impatient.taskQueue).needingAttention();
  return runs.find((run) => run.workflowId === workflowId)?.failure;
};
const chat = (by = product, changes: object = {}) =>
  by.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', ...changes });

describe('a run whose HubSpot fails for long', () => {
  it('says that it needs attention while it goes on trying, and no more once it is answered', async () => {
    impatient.simulator.faults.add({ kind: 'status', status: 503, times: 1000 });
    const asked = chat(impatient);
    const workflowId = impatient.workflowIdOf(asked);
    await impatient.simulator.settle();
    let attention: string | undefined;
    while (attention === undefined) attention = await attentionOf(workflowId);
    expect(attention).toBe('hubspot-failed');
    await eventually(async () => expect(await failureOf(workflowId)).toBe('HubSpotUnavailable'));
    expect((await handleOf(workflowId).describe()).status.name).toBe('RUNNING');
    impatient.simulator.faults.clear();
    expect(await impatient.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(await attentionOf(workflowId)).toBeUndefined();
  });
});

describe('a run whose token HubSpot refuses', () => {
  it('says so to those who look after it, and goes on once the token is good', async () => {
    impatient.simulator.faults.add({ kind: 'status', status: 401, times: 1000 });
    const asked = chat(impatient);
    const workflowId = impatient.workflowIdOf(asked);
    await impatient.simulator.settle();
    await eventually(async () => expect(await failureOf(workflowId)).toBe('HubSpotUnauthorized'));
    impatient.simulator.faults.clear();
    await handleOf(workflowId).terminate('its next try is a minute away');
  });
});

describe('a run whose AI fails for its whole deadline', () => {
  it('hands over to agents, and is found by its search attribute', async () => {
    impatient.ai.answer = () => {
      throw new AiUnavailable('The AI is away');
    };
    const asked = chat(impatient);
    expect(await impatient.resultOf(asked)).toMatchObject({ outcome: 'needs-attention', reason: 'The AI is away' });
    expect(await attentionOf(impatient.workflowIdOf(asked))).toBe('ai-failed');
    expect(impatient.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT', text: expect.stringContaining('The AI is away') },
    ]);
  });

  it('can be run again by hand, and answers then', async () => {
    impatient.ai.answer = () => {
      throw new AiUnavailable('The AI is away');
    };
    const asked = chat(impatient);
    await impatient.resultOf(asked);
    impatient.ai.answer = echo;
    const again = await temporal.client.workflow.execute('replyToMessage', {
      workflowId: impatient.workflowIdOf(asked),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      taskQueue: impatient.taskQueue,
      args: [{ portalId: PORTAL_ID, threadId: asked.threadId, messageId: asked.messageId, anyAge: true }],
    });
    expect(again).toMatchObject({ outcome: 'replied' });
  });

  it('answers a message that was young enough when it came, however late it is retried', async () => {
    impatient.ai.answer = () => {
      throw new AiUnavailable('The AI is away');
    };
    const youngForMs = 20_000;
    const tooOldAt = Date.now() + youngForMs;
    const asked = chat(impatient, { agoMs: 24 * 60 * 60_000 - youngForMs });
    const workflowId = impatient.workflowIdOf(asked);
    expect(await impatient.resultOf(asked)).toMatchObject({ outcome: 'needs-attention' });
    impatient.ai.answer = echo;
    await sleep(tooOldAt - Date.now() + 1_000);
    const { runId } = await handleOf(workflowId).describe();
    const overview = createRunOverview(temporal.client, impatient.taskQueue);
    await eventually(async () => expect(await overview.repeat(workflowId, runId)).toBe('repeated'));
    expect(await impatient.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  });
});

describe('a reply that HubSpot takes and can’t deliver', () => {
  it('becomes a handoff, once, and needs attention', async () => {
    product.simulator.behaviour.undeliverable = 'Mailbox of "kim@example.com" is full';
    const asked = product.simulator.customerWrites({ channel: 'email', text: 'Hi' });
    const { postedMessageId } = await product.resultOf(asked);
    const check = `message:${PORTAL_ID}:${asked.threadId}-${postedMessageId}`;
    const reason = 'HubSpot could not deliver the reply: Mailbox of "…" is full';
    expect(await product.resultOfRun(check)).toEqual({ outcome: 'handed-off', reason });
    expect(await attentionOf(check)).toBe('delivery-failed');
    const comments = () => product.postedBy(asked.threadId).filter(({ type }) => type === 'COMMENT');
    expect(comments()).toMatchObject([{ text: expect.stringContaining(reason) }]);
    await temporal.client.workflow.execute('checkDelivery', {
      workflowId: uniqueName('again'),
      taskQueue: product.taskQueue,
      args: [{ portalId: PORTAL_ID, threadId: asked.threadId, messageId: postedMessageId }],
    });
    expect(comments()).toHaveLength(1);
  });

  it('is left alone once it is delivered, and never asked about on live chat', async () => {
    const mail = product.simulator.customerWrites({ channel: 'email', text: 'Hi' });
    const { postedMessageId } = await product.resultOf(mail);
    expect(await product.resultOfRun(`message:${PORTAL_ID}:${mail.threadId}-${postedMessageId}`)).toEqual({
      outcome: 'delivered',
    });
    const asked = chat();
    const { postedMessageId: inChat } = await product.resultOf(asked);
    await expect(handleOf(`message:${PORTAL_ID}:${asked.threadId}-${inChat}`).describe()).rejects.toThrow(/not found/i);
  });
});

describe('a burst of chat messages', () => {
  it('costs one call of the AI and gets one reply, by the run of its newest message', async () => {
    const first = chat(product, { text: 'Hello' });
    const { threadId } = first;
    const rest = ['Are', 'you', 'there', '?'].map((text) => product.simulator.customerWrites({ threadId, text }));
    const results = await Promise.all([first, ...rest].map((written) => product.resultOf(written)));
    expect(results.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      ...Array(4).fill('superseded'),
      'replied',
    ]);
    expect(product.ai.asked.filter((request) => request.threadId === threadId)).toHaveLength(1);
    expect(product.postedBy(threadId)).toMatchObject([{ text: 'You asked: Hello | Are | you | there | ?' }]);
  });
});
