import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { createConversations, type MessageRun, type MessageRuns } from '../../src/temporal/conversations.ts';
import { createRunWords } from '../../src/temporal/run-words.ts';
import { type ModelServer, modelSays, type Reaction, startModelServer } from '../support/model-server.ts';
import { Product } from '../support/product.ts';
import { type Shop, shopTools, startShop } from '../support/shop.ts';
import { AGENT_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = new Product(temporal);
const shadowing = new Product(temporal);
const drafting = new Product(temporal);
let model: ModelServer;
let shop: Shop;

beforeAll(async () => {
  [model, shop] = await Promise.all([startModelServer(), startShop()]);
  const settings = {
    ...{ AI_BACKEND: 'openai-compatible', LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'scripted', LLM_API_KEY: '' },
    KNOWLEDGE_DIR: 'knowledge',
  };
  const toolbox = shopTools(shop.url);
  const ways = { configuredAi: true, toolboxOf: () => toolbox } as const;
  await product.start(settings, {}, ways);
  await shadowing.start({ ...settings, AUTONOMY: 'shadow' }, {}, ways);
  await drafting.start({ ...settings, ASSIST_MODE: 'true' }, {}, ways);
});
afterAll(async () => {
  await Promise.all([product.stop(), shadowing.stop(), drafting.stop()]);
  await Promise.all([model.close(), shop.close()]);
});
beforeEach(() => {
  model.calls.length = 0;
  shop.requests.length = 0;
  shop.cancelled.clear();
  shop.react = () => 'answer';
});

const uses = (...tools: string[]): Reaction => ({
  uses: tools.map((tool) => ({ tool, input: { order: '10234' } })),
});

/** The model calls these tools first, all at once, and then says this. */
const calling = (tools: string[], answer: Parameters<typeof modelSays>[0]): void => {
  model.script = ({ toolResults }) => (toolResults.length === 0 ? uses(...tools) : modelSays(answer));
};

const ask = (by = product, text = 'Please cancel my order 10234'): WrittenIds =>
  by.simulator.customerWrites({ channel: 'chat', text });
const runOf = (asked: WrittenIds, by = product) => temporal.client.workflow.getHandle(by.workflowIdOf(asked));
const posted = (asked: WrittenIds, by = product) =>
  by.postedBy(asked.threadId).map((item) => ('text' in item ? item.text : ''));

/** The comment in which the AI asks whether it may call something. */
const askedFor = async (asked: WrittenIds, by = product): Promise<string> => {
  while (posted(asked, by).length === 0) await delay(20);
  return posted(asked, by)[0] ?? '';
};
const decide = (asked: WrittenIds, decision: object, by = product) =>
  runOf(asked, by).executeUpdate('decideDraft', { args: [decision] });

describe('the calls that a model wants', () => {
  it('are steps of the run, by name and without a word of their input', async () => {
    model.script = ({ toolResults }) =>
      toolResults.length === 0
        ? {
            uses: [
              { tool: 'order_status', input: { order: '10234' } },
              { tool: 'searchKnowledge', input: { queries: ['returns'] } },
              { tool: 'what the customer wrote', input: {} },
            ],
          }
        : modelSays({ text: 'It shipped on Monday.' });
    const asked = ask(product, 'Where is my order 10234?');
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(model.calls[1]?.toolResults).toEqual([
      '{"status":"shipped on Monday"}',
      expect.stringContaining('article-'),
      '{"failed":"there is no such tool"}',
    ]);
    const handle = runOf(asked);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('the AI wants to call order_status, search the articles, call what is no tool');
    expect(currentDetails).not.toMatch(/10234|what the customer wrote/);
  });

  it('are shown to agents where the AI hands over all the same', async () => {
    calling(['order_status'], { action: 'handoff', reason: 'it is lost' });
    const asked = ask();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    expect(posted(asked)[0]).toContain('The AI called: order_status');
  });

  it('fail where their system stays away, and the model hears of it', async () => {
    shop.react = () => 'fail';
    calling(['order_status'], { text: 'I can’t see it just now.' });
    expect(await product.resultOf(ask())).toMatchObject({ outcome: 'replied' });
    expect(shop.requests).toHaveLength(4);
    expect(model.calls[1]?.toolResults).toEqual(['{"failed":"it is not available now"}']);
  });

  it('are broken off when a human takes over', async () => {
    const reached = Promise.withResolvers<void>();
    shop.react = () => {
      reached.resolve();
      return 'hang';
    };
    calling(['order_status'], { text: 'never' });
    const asked = ask();
    await reached.promise;
    product.simulator.assign(asked.threadId, AGENT_ID);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(posted(asked)).toEqual([]);
    expect(model.calls).toHaveLength(1);
  });
});

/** What waits for an agent, once that is so: Temporal's list follows what happens by a moment. */
const drafts = async (is: (found: MessageRuns) => boolean): Promise<MessageRun[]> => {
  for (;;) {
    const found = await createConversations(product.client, product.taskQueue).drafts();
    if (is(found)) return found.runs;
    await delay(50);
  }
};

describe('a call that changes something', () => {
  it('waits until an agent has seen exactly what would be called, and agreed', async () => {
    calling(['cancel_order'], { text: 'Your order is cancelled.' });
    const asked = ask();
    const comment = await askedFor(asked);
    expect(comment).toContain(`POST ${shop.url}/orders/10234/cancel`);
    expect(comment).toContain('/ai send');
    expect(shop.requests).toEqual([]);
    const workflowId = product.workflowIdOf(asked);
    const [waiting] = await drafts(({ runs }) => runs.some((run) => run.workflowId === workflowId));
    const { wanted, answer } = await createRunWords(product.client)(workflowId, waiting?.runId ?? '');
    expect(wanted).toEqual([expect.stringMatching(/^cancel_order: POST .*\/orders\/10234\/cancel/)]);
    expect(answer).toBeNull();
    await expect(decide(asked, { decision: 'edit', text: 'x' })).rejects.toThrow();
    product.simulator.agentComments(asked.threadId, { actorId: AGENT_ID, text: '/ai send' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const key = expect.stringMatching(`^${product.workflowIdOf(asked)}/[0-9a-f]{16}$`);
    expect([...shop.cancelled]).toEqual([[key, '/orders/10234/cancel']]);
    expect(posted(asked).slice(1)).toEqual(['Your order is cancelled.']);
    await drafts(({ runs }) => runs.every((run) => run.workflowId !== workflowId));
  });

  it('is not made where an agent skips it, and the model hears of that', async () => {
    calling(['cancel_order'], { action: 'handoff', reason: 'an agent has to look' });
    const asked = ask();
    await askedFor(asked);
    expect(await decide(asked, { decision: 'skip' })).toEqual({
      outcome: 'not-called',
      reason: 'an agent decided against it',
    });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    expect(shop.requests).toEqual([]);
    expect(model.calls[1]?.toolResults).toEqual(['{"failed":"an agent decided against it"}']);
  });

  it('is no longer waited for once an agent takes the thread', async () => {
    calling(['cancel_order'], { text: 'never' });
    const asked = ask();
    await askedFor(asked);
    product.simulator.assign(asked.threadId, AGENT_ID);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(shop.requests).toEqual([]);
  });

  it('is made once where the business calls it safe, and never again in the same run', async () => {
    model.script = ({ toolResults }) =>
      toolResults.length < 2 ? uses('hold_order') : modelSays({ text: 'It is held back.' });
    const asked = ask();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(shop.requests).toHaveLength(1);
    expect(model.calls[2]?.toolResults).toEqual(['{"cancelled":true}', '{"cancelled":true}']);
  });

  it('is heard of by agents where the run ends in silence after it', async () => {
    model.script = ({ toolResults }) => (toolResults.length === 0 ? uses('hold_order') : 'hang');
    const asked = ask();
    while (model.calls.length < 2) await delay(20);
    product.simulator.assign(asked.threadId, AGENT_ID);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(posted(asked)).toEqual([expect.stringContaining('hold_order (done)')]);
  });

  it('is never made where nobody sees the AI at work', async () => {
    calling(['hold_order'], { text: 'It is not held back.' });
    expect(await shadowing.resultOf(ask(shadowing))).toMatchObject({ outcome: 'drafted' });
    expect(shop.requests).toEqual([]);
    expect(model.calls[1]?.toolResults[0]).toContain('nothing is changed');
  });

  it('waits for an agent, safe or not, where the AI only drafts', async () => {
    calling(['hold_order'], { text: 'It is held back.' });
    const asked = ask(drafting);
    expect(await askedFor(asked, drafting)).toContain('/orders/10234/hold');
    expect(await decide(asked, { decision: 'send' }, drafting)).toEqual({ outcome: 'called' });
    expect(await drafting.resultOf(asked)).toMatchObject({ outcome: 'drafted' });
    expect(shop.cancelled.size).toBe(1);
  });

  it('waits for an agent by a number of its own each time', async () => {
    model.script = ({ toolResults }) => {
      if (toolResults.length === 0) return uses('cancel_order');
      if (toolResults.length === 1) return { uses: [{ tool: 'cancel_order', input: { order: '7' } }] };
      return modelSays({ text: 'Both are cancelled.' });
    };
    const asked = ask();
    await askedFor(asked);
    expect(await decide(asked, { decision: 'send' })).toEqual({ outcome: 'called' });
    while (posted(asked).length < 2) await delay(20);
    expect(posted(asked)[1]).toContain('/orders/7/cancel');
    expect(await decide(asked, { decision: 'send' })).toEqual({ outcome: 'called' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(shop.cancelled.size).toBe(2);
  });
});
