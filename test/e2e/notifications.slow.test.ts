import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { CustomerMessage } from '../../dev/simulator/simulator.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import type { NotifyResult } from '../../src/runs/notify.ts';
import { eventually } from '../support/eventually.ts';
import { reply, useProduct } from '../support/product.ts';
import { type Received, startReceiver } from '../support/receiver.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const receiver = await startReceiver();
afterAll(() => receiver.close());

const temporal = useTemporal();
const product = useProduct(temporal, {
  NOTIFY_URL: receiver.url,
  NOTIFY_SECRET: SECRET,
  TEMPORAL_UI_URL: 'http://ui.example',
  OPS_TOKEN: 'b6cd21f0b6d84e9da36c7d2e1f0a9b8c',
  LLM_INPUT_PRICE: '3',
  LLM_OUTPUT_PRICE: '15',
  AI_DAILY_BUDGET: '0.004',
  HANDOFF_PICK_UP: '1s',
});
const { ai } = product;
const echo = ai.answer;
beforeEach(() => {
  ai.answer = echo;
  receiver.received.length = 0;
  receiver.answers.length = 0;
});
const asks = (changes: Partial<CustomerMessage> = {}) =>
  product.simulator.customerWrites({ channel: 'chat', text: 'My card 4000 0000 was charged twice!', ...changes });
const handsOff = () => {
  ai.answer = () => ({
    ...{ action: 'handoff', reason: 'charged twice on 4000 0000', cause: 'asks-for-person', aiSessionId: null },
    ...{ language: 'de', sentiment: 'negative' },
  });
};

const body = ({ text, headers }: Received) =>
  new Webhook(SECRET).verify(text, headers as Record<string, string>) as { type: string; data: { reason: string } };
const notifiedOf = (type: string) => receiver.received.map(body).filter((notified) => notified.type === type);
const firstOf = (type: string) =>
  eventually(async () => {
    const [first] = notifiedOf(type);
    if (!first) throw new Error(`nobody was notified of ${type}`);
    return first;
  });
const resultOf = (event: string, about: string) =>
  product.resultOfRun<NotifyResult>(`notify:${PORTAL_ID}:${event}:${about}`);

describe('people outside are notified, by signed webhooks', () => {
  it('of a handoff and of nobody who comes, without a word of the customer', async () => {
    handsOff();
    const asked = asks();
    const { threadId, messageId } = asked;
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    expect(await resultOf('handoff', `${threadId}-${messageId}`)).toEqual({ outcome: 'notified' });
    expect(await firstOf('handoff')).toMatchObject({
      data: {
        ...{ portalId: PORTAL_ID, threadId, messageId, channel: 'live chat', reason: 'asks-for-person' },
        ...{ language: 'de', sentiment: 'negative', waitedSeconds: expect.any(Number) },
        links: {
          thread: `https://app.hubspot.com/live-messages/${PORTAL_ID}/inbox/${threadId}`,
          run: expect.stringContaining(product.workflowIdOf(asked)),
          ops: expect.stringMatching(/\/ops$/),
        },
      },
    });
    expect(await firstOf('not-picked-up')).toMatchObject({ data: { threadId, reason: 'not-picked-up' } });
    expect(notifiedOf('needs-attention')).toEqual([]);
    expect(receiver.received.map(({ text }) => text).join()).not.toMatch(/4000|charged/);
  });

  it('once, however often the thread is handed over', async () => {
    handsOff();
    const asked = asks();
    await product.resultOf(asked);
    await resultOf('handoff', `${asked.threadId}-${asked.messageId}`);
    const again = { portalId: PORTAL_ID, threadId: asked.threadId, messageId: asked.messageId, reason: 'again' };
    const { taskQueue } = product;
    await temporal.client.workflow.execute('handOff', { workflowId: uniqueName('again'), taskQueue, args: [again] });
    expect(notifiedOf('handoff')).toHaveLength(1);
  });

  it('of a run that needs attention, though it ends at once', async () => {
    ai.answer = () => {
      throw new AiRefused('the AI refuses the key');
    };
    const asked = asks();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'needs-attention' });
    const about = `${asked.threadId}-${asked.messageId}:ai-failed`;
    expect(await resultOf('needs-attention', about)).toEqual({ outcome: 'notified' });
    expect(await firstOf('needs-attention')).toMatchObject({
      data: { reason: 'ai-failed', detail: 'the AI refuses the key', channel: 'live chat' },
    });
  });

  it('of the day’s budget, once a day', async () => {
    ai.answer = () => ({ ...reply('Tomorrow.'), usage: { inputTokens: 1_000, outputTokens: 100 } });
    for (let runs = 0; runs < 3; runs += 1) await product.resultOf(asks());
    const day = new Date().toISOString().slice(0, 10);
    expect(await resultOf('budget', `daily-${day}`)).toEqual({ outcome: 'notified' });
    expect(notifiedOf('budget')).toHaveLength(1);
  });
});

it('a receiver that is away holds no run up, and is notified as soon as it says', async () => {
  receiver.answers.push({ event: 'handoff', status: 503, headers: { 'retry-after': '1' } });
  handsOff();
  const asked = asks();
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
  expect(await resultOf('handoff', `${asked.threadId}-${asked.messageId}`)).toEqual({ outcome: 'notified' });
  const tries = receiver.received.filter((received) => body(received).type === 'handoff');
  expect(tries).toHaveLength(2);
  expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

it('a receiver that is gone ends the notification, and says so', async () => {
  receiver.answers.push({ event: 'handoff', status: 410 });
  handsOff();
  const asked = asks();
  await product.resultOf(asked);
  expect(await resultOf('handoff', `${asked.threadId}-${asked.messageId}`)).toEqual({
    outcome: 'refused',
    reason: expect.stringContaining('410'),
  });
});

it('a stop of the AI is made known when it begins and when it ends', async () => {
  await product.stops.stop('all', 'night shift');
  const [{ at } = { at: new Date() }] = await product.stops.list();
  await product.restartWorker();
  expect(await firstOf('stopped')).toMatchObject({ data: { reason: 'stop-begun', portalId: PORTAL_ID } });
  await product.stops.release('all');
  // The worker looks for stops every 15 s.
  const ended = await eventually(async () => {
    const found = notifiedOf('stopped').find(({ data }) => data.reason === 'stop-ended');
    if (!found) throw new Error('nobody was notified that the stop has ended');
    return found;
  });
  expect(ended).toMatchObject({ data: { portalId: PORTAL_ID } });
  expect(await resultOf('stopped', `all-${at.getTime()}-ended`)).toEqual({ outcome: 'notified' });
  expect(receiver.received.map(({ text }) => text).join()).not.toContain('night shift');
  expect(await resultOf('stopped', `all-${at.getTime()}-begun`)).toEqual({ outcome: 'notified' });
});
