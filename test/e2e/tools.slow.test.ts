import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import proto from '@temporalio/proto';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { Product } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';
import { startToolServer, type ToolServer } from '../support/tool-server.ts';

const product = new Product(useTemporal());
let model: ModelServer;
let shop: ToolServer;

beforeAll(async () => {
  [model, shop] = await Promise.all([startModelServer(), startToolServer()]);
  const settings = {
    ...{ AI_BACKEND: 'openai-compatible', LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'scripted', LLM_API_KEY: '' },
    ...{ KNOWLEDGE_DIR: 'knowledge', TOOLS_FILE: 'dev/demo/shop/tools.yaml' },
    ...{ DEMO_SHOP_URL: shop.url, DEMO_SHOP_TOKEN: 'shop-secret' },
  };
  await product.start(settings, {}, { configuredAi: true });
});
afterAll(async () => {
  await product.stop();
  await Promise.all([model.close(), shop.close()]);
});

const posted = (threadId: string) => product.postedBy(threadId).map((item) => ('text' in item ? item.text : ''));

it('looks an order up by the tool of the file, and answers from what may be seen of it', async () => {
  shop.answer = () => ({ json: { order: '10234', status: 'with the carrier', cardEndsWith: '4242' } });
  model.script = ({ toolResults }) =>
    toolResults.length === 0
      ? { uses: [{ tool: 'orderStatus', input: { order: '10234' } }] }
      : modelSays({ text: 'It is with the carrier.' });
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order 10234?' });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  expect(model.calls.at(-1)?.toolResults).toEqual(['{"order":"10234","status":"with the carrier"}']);
  expect(shop.requests).toMatchObject([{ path: '/orders/10234', headers: { authorization: 'Bearer shop-secret' } }]);
  expect(model.calls.map(({ body }) => body).join()).not.toContain('shop-secret');
});

it('shows an agent what a tool of the file would change, and changes it once they agree', async () => {
  shop.requests.length = 0;
  shop.answer = () => ({ json: { order: '10235', status: 'cancelled' } });
  model.script = ({ toolResults }) =>
    toolResults.length === 0
      ? { uses: [{ tool: 'cancelOrder', input: { order: '10235', reason: 'Ordered twice' } }] }
      : modelSays({ text: 'Your order is cancelled.' });
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Please cancel my order 10235' });
  while (posted(asked.threadId).length === 0) await delay(20);
  const [comment = ''] = posted(asked.threadId);
  expect(comment).toContain(`POST ${shop.url}/orders/10235/cancel`);
  expect(comment).toContain(`{"reason":"Ordered twice","thread":"${asked.threadId}"}`);
  expect(comment).not.toContain('shop-secret');
  expect(shop.requests).toEqual([]);
  product.simulator.agentComments(asked.threadId, { actorId: AGENT_ID, text: '/ai send' });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  expect(shop.requests).toMatchObject([
    { headers: { 'idempotency-key': expect.stringContaining(`${product.workflowIdOf(asked)}/`) } },
  ]);
});

/** Starts one more run of a message, as an operator or an agent may. */
const again = (asked: WrittenIds) =>
  product.client.workflow.start('replyToMessage', {
    workflowId: product.workflowIdOf(asked),
    taskQueue: product.taskQueue,
    args: [{ portalId: PORTAL_ID, ...asked }],
  });
/** Has a run of a message begin again from its first decision, as the desk's Retry does. */
const reset = async (asked: WrittenIds) => {
  const workflowId = product.workflowIdOf(asked);
  const { runId } = await product.client.workflow.getHandle(workflowId).describe();
  const { events } = await product.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const decision = events?.find(({ workflowTaskCompletedEventAttributes: completed }) => completed);
  await product.client.workflowService.resetWorkflowExecution({
    namespace: product.client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: decision?.eventId ?? null,
    requestId: `again-${runId}`,
    reason: 'a test',
    resetReapplyType: proto.temporal.api.enums.v1.ResetReapplyType.RESET_REAPPLY_TYPE_NONE,
  });
  return product.client.workflow.getHandle(workflowId);
};
const waitForComment = async ({ threadId }: WrittenIds, number: number): Promise<string> => {
  while (posted(threadId).length < number) await delay(20);
  return posted(threadId)[number - 1] ?? '';
};
const cancel = (order: string) => ({ tool: 'cancelOrder', input: { order, reason: 'Ordered twice' } });

it.each([
  ['was started', again, ['10236', '10237']],
  ['was reset', reset, ['10246', '10247']],
] as const)(
  'asks an agent anew where another run of the message, which %s, wants another call',
  async (_, repeat, [first, second]) => {
    let order: string = first;
    model.script = ({ toolResults }) =>
      toolResults.length === 0 ? { uses: [cancel(order)] } : modelSays({ text: 'Your order is cancelled.' });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Please cancel one of my orders' });
    expect(await waitForComment(asked, 1)).toContain(`/orders/${first}/cancel`);
    product.simulator.assign(asked.threadId, AGENT_ID);
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'skipped' });
    product.simulator.assign(asked.threadId, AI_ACTOR_ID);
    await product.simulator.settle();

    order = second;
    shop.requests.length = 0;
    const run = await repeat(asked);
    expect(await waitForComment(asked, 2)).toContain(`/orders/${second}/cancel`);
    await run.executeUpdate('decideDraft', { args: [{ decision: 'send' }] });
    expect(await run.result()).toMatchObject({ outcome: 'replied' });
    expect(shop.requests.map(({ path }) => path)).toEqual([`/orders/${second}/cancel`]);
  },
);

it('has another run of the message make the same change under the same key, whatever it looks up before', async () => {
  let uses: { tool: string; input: Record<string, string> }[][] = [[cancel('10238')]];
  let taken: string | null = null;
  model.script = ({ toolResults }) => {
    const next = uses[toolResults.length];
    if (next) return { uses: next };
    if (taken) product.simulator.assign(taken, AGENT_ID);
    return modelSays({ text: 'Your order is cancelled.' });
  };
  shop.requests.length = 0;
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Please cancel my order 10238' });
  taken = asked.threadId;
  await waitForComment(asked, 1);
  await product.client.workflow
    .getHandle(product.workflowIdOf(asked))
    .signal('decideDraft', { decision: 'send', by: AGENT_ID });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'skipped' });
  product.simulator.assign(asked.threadId, AI_ACTOR_ID);
  await product.simulator.settle();

  taken = null;
  uses = [[{ tool: 'orderStatus', input: { order: '10238' } }], [cancel('10238')]];
  const before = posted(asked.threadId).length;
  const run = await again(asked);
  await waitForComment(asked, before + 1);
  await run.executeUpdate('decideDraft', { args: [{ decision: 'send' }] });
  expect(await run.result()).toMatchObject({ outcome: 'replied' });
  const keys = shop.requests.flatMap(({ headers }) => headers['idempotency-key'] ?? []);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

it('has agents hear of what each run of a message has changed', async () => {
  let order = '10239';
  model.script = ({ toolResults }) => {
    if (toolResults.length === 0) return { uses: [cancel(order)] };
    product.simulator.assign(asked.threadId, AGENT_ID);
    return modelSays({ text: 'Your order is cancelled.' });
  };
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Please cancel two of my orders' });
  await waitForComment(asked, 1);
  const first = product.client.workflow.getHandle(product.workflowIdOf(asked));
  await first.signal('decideDraft', { decision: 'send', by: AGENT_ID });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'skipped' });
  expect(await waitForComment(asked, 2)).toContain('cancelOrder (done)');
  product.simulator.assign(asked.threadId, AI_ACTOR_ID);
  await product.simulator.settle();

  order = '10240';
  const run = await again(asked);
  expect(await waitForComment(asked, 3)).toContain('/orders/10240/cancel');
  await run.signal('decideDraft', { decision: 'send', by: AGENT_ID });
  expect(await run.result()).toMatchObject({ outcome: 'skipped' });
  expect(posted(asked.threadId)[3]).toContain('cancelOrder (done)');
});
