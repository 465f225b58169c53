import { afterAll, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AskForRatingResult } from '../../src/runs/ask-for-rating.ts';
import { eventually } from '../support/eventually.ts';
import { useProduct } from '../support/product.ts';
import { startReceiver } from '../support/receiver.ts';
import { AGENT_ID, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const receiver = await startReceiver();
afterAll(() => receiver.close());
const temporal = useTemporal();
const product = useProduct(temporal, {
  ...{ CSAT: 'true', CSAT_DELAY: '0s' },
  ...{ NOTIFY_URL: receiver.url, NOTIFY_FORMAT: 'slack', NOTIFY_EVENTS: 'csat' },
});

const writes = (changes: Partial<Parameters<typeof product.simulator.customerWrites>[0]> = {}): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', ...changes });

const some = <T>(what: string, find: () => T | undefined | Promise<T | undefined>): Promise<T> =>
  eventually(async () => {
    const found = await find();
    if (found === undefined) throw new Error(`there is no ${what}`);
    return found;
  });

/** The newest run that asks about a thread, once there are so many. */
const runOf = (threadId: string, number = 1) =>
  some(`run ${number} about thread ${threadId}`, async () => {
    const query = `WorkflowType = 'askForRating' AND HubSpotThreadId = '${threadId}'`;
    const runs: string[] = [];
    for await (const { workflowId } of temporal.client.workflow.list({ query })) runs.push(workflowId);
    return runs.length === number ? runs[0] : undefined;
  });
const resultOf = (workflowId: string) =>
  temporal.client.workflow.getHandle(workflowId).result() as Promise<AskForRatingResult>;
/** The words of the question. */
const question = (threadId: string, words: string) =>
  some('question', () => {
    const said = product.postedBy(threadId).map((item) => ('text' in item ? item.text : ''));
    return said.find((text) => text.includes(words));
  });

/** A conversation that the AI has answered and an agent has closed. */
const closed = async (changes: Parameters<typeof writes>[0] = {}): Promise<string> => {
  const asked = writes(changes);
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  product.simulator.closeThread(asked.threadId);
  return asked.threadId;
};

describe('a customer is asked once how good the help was', () => {
  it('by a link in an email, which only counts when it is posted', async () => {
    const threadId = await closed({ channel: 'email' });
    const text = await question(threadId, '/rate/');
    const link = new URL(/https:\/\/\S+\/rate\/[^\s)>]+/.exec(text)?.[0] ?? '');
    expect(link.origin).toBe(new URL(product.config.webhookPublicUrl).origin);
    const url = `${product.apiUrl}${link.pathname}${link.search}`;
    const post = async (to = url) =>
      (await fetch(to, { method: 'POST', body: new URLSearchParams({ score: '4' }) })).status;
    // As a mail scanner does.
    for (let times = 0; times < 3; times += 1) expect((await fetch(url)).status).toBe(200);
    expect(await post(url.replace(/[^/]+\?/, '00000000-0000-4000-8000-000000000000?'))).toBe(404);
    expect(await post(url.replace(/-\d+\//, '-1/'))).toBe(404);
    expect(await post()).toBe(200);
    const workflowId = await runOf(threadId);
    expect(await resultOf(workflowId)).toEqual({ outcome: 'rated', score: 4 });
    expect(await post()).toBe(404);
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(attributes).toMatchObject({ Outcome: 'rated', Channel: 'email', HubSpotThreadId: threadId });
    expect((await product.sessions.ratingCounts(0)).find(({ channel }) => channel === 'email')).toEqual({
      ...{ portalId: PORTAL_ID, channel: 'email', asked: 1, answered: 1, sum: 4, good: 1 },
    });
    expect(await some('notification', () => receiver.received[0])).toMatchObject({
      text: expect.stringContaining('4 of 5'),
    });
  });

  it('by a number in a chat, to which nobody answers', async () => {
    const threadId = await closed();
    await question(threadId, 'from 1 (poor) to 5');
    const posted = product.postedBy(threadId).length;
    const asked = product.ai.asked.length;
    expect(await product.resultOf(writes({ threadId, text: '⭐⭐⭐⭐⭐' }))).toEqual({
      outcome: 'skipped',
      reason: 'rating',
    });
    expect(await resultOf(await runOf(threadId))).toEqual({ outcome: 'rated', score: 5 });
    expect([product.postedBy(threadId).length, product.ai.asked.length]).toEqual([posted, asked]);
    // Rated once: the next number is a message as every other.
    expect(await product.resultOf(writes({ threadId, text: '1' }))).toMatchObject({ outcome: 'replied' });
  });

  it('and is answered as always while nobody has rated; a number is the answer to what was asked last', async () => {
    const threadId = await closed();
    await question(threadId, 'from 1 (poor) to 5');
    expect(await product.resultOf(writes({ threadId, text: 'One more thing' }))).toMatchObject({ outcome: 'replied' });
    expect(await product.resultOf(writes({ threadId, text: '3' }))).toMatchObject({ outcome: 'replied' });
  });

  it('or not at all where the AI has not answered, or was asked to be silent', async () => {
    const { threadId } = writes({ assignedTo: AGENT_ID });
    product.simulator.closeThread(threadId);
    expect(await resultOf(await runOf(threadId))).toEqual({ outcome: 'not-asked', reason: 'not-answered' });
    const asked = writes();
    await product.resultOf(asked);
    await product.stops.stop('all', 'the test');
    product.simulator.closeThread(asked.threadId);
    expect(await resultOf(await runOf(asked.threadId))).toEqual({ outcome: 'not-asked', reason: 'stopped' });
    await product.stops.release('all');
  });

  it('and no second time about the same answer, nor after the wait', async () => {
    const [portal] = product.config.portals;
    const csat = portal?.settings.csat;
    Object.assign(portal?.settings ?? {}, { csat: { ...csat, waitMs: 200 } });
    const threadId = await closed();
    const first = await runOf(threadId);
    expect(await resultOf(first)).toEqual({ outcome: 'not-rated', reason: 'no-answer' });
    Object.assign(portal?.settings ?? {}, { csat });
    product.simulator.openThread(threadId);
    product.simulator.closeThread(threadId);
    expect(await resultOf(await runOf(threadId, 2))).toEqual({ outcome: 'not-asked', reason: 'asked-already' });
    expect(await product.resultOf(writes({ threadId, text: '5' }))).toMatchObject({ outcome: 'replied' });
  });
});
