import { beforeEach, expect, it } from '@jest/globals';
import type { CustomerMessage } from '../../dev/simulator/simulator.ts';
import type { HandOffResult } from '../../src/runs/hand-off.ts';
import { eventually } from '../support/eventually.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';
import { messageEvent } from '../support/webhook-events.ts';

const temporal = useTemporal();
const product = useProduct(temporal, { DELIVERY_CHECK: '500ms', EMAIL_DELAY: '0s' });
const echo = product.ai.answer;

/** HubSpot announces what we post: before its answer to the POST is out, or once a run looks after the delivery. */
const ORDERS = ['the event', 'the look'] as const;
type First = (typeof ORDERS)[number];

beforeEach(() => {
  product.ai.answer = echo;
  product.simulator.behaviour.undeliverable = null;
  product.simulator.behaviour.stripHtmlComments = false;
});

const asks = (changes: Partial<CustomerMessage> = {}) =>
  product.simulator.customerWrites({ channel: 'email', text: 'How do I return an item?', ...changes });
const runOf = (threadId: string, messageId: string) =>
  temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`);

/** The order that a test wants is set before the customer writes. */
const begins = (first: First) => {
  product.simulator.behaviour.echo = first === 'the event' ? 'before-answer' : 'none';
};

/** What looks after this message of ours, once HubSpot has announced it. */
const lookAfter = async (first: First, threadId: string, messageId: string | undefined) => {
  const ids = { threadId, messageId: messageId ?? '' };
  const run = runOf(threadId, ids.messageId);
  const { type } = await eventually(() => run.describe());
  expect(type).toBe(first === 'the event' ? 'replyToMessage' : 'checkDelivery');
  if (first === 'the look') {
    const { body } = await product.simulator.sendEvents([messageEvent(ids)]);
    expect(body).toMatchObject({ accepted: 0, duplicate: 1 });
  }
  await expect(
    temporal.client.workflow.getHandle(`sent:${PORTAL_ID}:${threadId}-${messageId}`).describe(),
  ).rejects.toThrow(/not found/i);
  return run;
};

const attributesOf = async (run: ReturnType<typeof runOf>) => {
  const { typedSearchAttributes } = await run.describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
};
const comments = (threadId: string) =>
  product.postedBy(threadId).flatMap((item) => (item.type === 'COMMENT' && 'text' in item ? [item.text] : []));

it.each(ORDERS)('a reply that HubSpot can’t deliver is handed to agents, once, where %s comes first', async (first) => {
  begins(first);
  product.simulator.behaviour.undeliverable = 'mailbox full';
  const asked = asks();
  const { postedMessageId } = await product.resultOf(asked);
  const run = await lookAfter(first, asked.threadId, postedMessageId);
  const reason = 'HubSpot could not deliver the reply: mailbox full';
  expect(await run.result()).toEqual({ outcome: 'handed-off', reason });
  const found = await attributesOf(run);
  expect(found).toMatchObject({ Outcome: 'handed-off', NeedsAttention: 'delivery-failed' });
  expect(found).not.toHaveProperty('SkipReason');
  expect(comments(asked.threadId)).toEqual([expect.stringContaining(reason)]);
});

it.each(ORDERS)('a reply that arrives is looked at, and left alone, where %s comes first', async (first) => {
  begins(first);
  const asked = asks();
  const { postedMessageId } = await product.resultOf(asked);
  const run = await lookAfter(first, asked.threadId, postedMessageId);
  const delivered = { outcome: 'delivered' };
  expect(await run.result()).toEqual(first === 'the event' ? { outcome: 'skipped', reason: 'outgoing' } : delivered);
  const path = `/threads/${asked.threadId}/messages/${postedMessageId}`;
  expect(product.simulator.calls.filter(({ path: called }) => called.includes(path)).length).toBe(
    first === 'the event' ? 2 : 1,
  );
  expect(comments(asked.threadId)).toEqual([]);
});

it.each([
  ['the event', false],
  ['the look', false],
  ['the event', true],
  ['the look', true],
] as const)(
  'a notice that does not arrive is told to agents, where %s comes first; key stripped: %s',
  async (first, stripped) => {
    begins(first);
    product.simulator.behaviour.stripHtmlComments = stripped;
    product.simulator.behaviour.undeliverable = 'mailbox full';
    product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null });
    const asked = asks();
    await product.resultOf(asked);
    const handoff = `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`;
    const { toldMessageId } = await product.resultOfRun<HandOffResult>(handoff);
    const run = await lookAfter(first, asked.threadId, toldMessageId);
    expect(await run.result()).toMatchObject({ outcome: 'handed-off', reason: expect.stringContaining('the notice') });
    expect(await attributesOf(run)).toMatchObject({ NeedsAttention: 'delivery-failed' });
    expect(comments(asked.threadId)).toEqual([
      expect.any(String),
      expect.stringContaining('The customer does not know that someone will answer'),
    ]);
  },
);

it('a reply whose event has a run that ended without a look is looked after by another', async () => {
  begins('the look');
  product.simulator.behaviour.undeliverable = 'mailbox full';
  // HubSpot answers only when a run of the event's has come to nothing.
  const nothing = Promise.withResolvers<void>();
  product.simulator.faults.add({ kind: 'held', until: nothing.promise, match: { method: 'POST', path: /messages$/ } });
  const asked = asks();
  const [posted] = await eventually(async () => {
    const found = product.postedBy(asked.threadId);
    expect(found).toHaveLength(1);
    return found;
  });
  const { workflowId } = runOf(asked.threadId, posted?.id ?? '');
  const options = { workflowId, taskQueue: product.taskQueue, args: [{}] };
  await expect(temporal.client.workflow.execute('replyToMessage', options)).rejects.toThrow();
  nothing.resolve();
  const { postedMessageId } = await product.resultOf(asked);
  expect(postedMessageId).toBe(posted?.id);
  const late = temporal.client.workflow.getHandle(`sent:${PORTAL_ID}:${asked.threadId}-${postedMessageId}`);
  expect(await late.result()).toMatchObject({ outcome: 'handed-off' });
});
