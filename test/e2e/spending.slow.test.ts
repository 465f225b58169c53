import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { AI_COST, AI_TOKENS } from '../../src/runs/search-attributes.ts';
import { eventually } from '../support/eventually.ts';
import { reply, useProduct } from '../support/product.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

const PRICES = { LLM_INPUT_PRICE: '3', LLM_OUTPUT_PRICE: '15' };

const temporal = useTemporal();
const product = useProduct(temporal, { ...PRICES, AI_DAILY_BUDGET: '0.004' });
/** Costs 0.00315. */
const answering = () => {
  product.ai.answer = () => ({ ...reply('It ships tomorrow.'), usage: { inputTokens: 1_000, outputTokens: 10 } });
};
const ask = () => product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });

it('a run says what the AI took, also to whoever searches for it', async () => {
  answering();
  const asked = ask();
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  const { typedSearchAttributes } = await handle.describe();
  expect([AI_TOKENS, AI_COST].map((key) => typedSearchAttributes.get(key as typeof AI_TOKENS))).toEqual([
    1_010, 0.00315,
  ]);
  expect(await detailsOf(handle)).toContain(
    'the AI read 1,000 and wrote 10 tokens, cost 0.00315, this thread 0.00315 so far',
  );
});

it('a day’s budget that is spent turns answers into drafts, from the next run on', async () => {
  const spending = ask();
  expect(await product.resultOf(spending)).toMatchObject({ outcome: 'replied' });
  const asked = ask();
  const reason = "today's budget for the AI, 0.004, is spent";
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'drafted', reason });
  expect(product.postedBy(asked.threadId)).toMatchObject([
    { type: 'COMMENT', text: `AI draft (${reason}):\n\nIt ships tomorrow.` },
  ]);
  const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  expect(await detailsOf(handle)).toContain(`${reason}: a draft at most`);
});

it('an AI that tells of no tokens costs nothing', async () => {
  product.ai.answer = () => reply('It ships tomorrow.');
  const asked = ask();
  await product.resultOf(asked);
  const { typedSearchAttributes } = await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).describe();
  expect(typedSearchAttributes.get(AI_TOKENS)).toBeUndefined();
});

const CEILING = '0.02';
const capped = useProduct(temporal, { ...PRICES, AI_DAILY_CEILING: CEILING, LLM_MAX_OUTPUT_TOKENS: '256' });
const CEILING_REASON = "today's ceiling for the AI, 0.02, is spent: it is not asked again before midnight UTC";

it('a day’s ceiling that is spent hands every message over, however many come at once, and the AI is not asked', async () => {
  let [asked, spent, together, most] = [0, 0, 0, 0];
  capped.ai.answer = async () => {
    asked += 1;
    together += 1;
    most = Math.max(most, together);
    await delay(50);
    together -= 1;
    spent += 3_150;
    return { ...reply('It ships tomorrow.'), usage: { inputTokens: 1_000, outputTokens: 10 } };
  };
  const written = Array.from({ length: 20 }, () =>
    capped.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' }),
  );
  const results = await Promise.all(written.map((one) => eventually(() => capped.resultOf(one))));
  // What is spent when the last one is let through is below the ceiling.
  expect(spent).toBeLessThan(20_000 + 3_150);
  expect(asked).toBe(7);
  expect(most).toBe(1);
  expect(results.filter(({ outcome }) => outcome === 'replied')).toHaveLength(7);
  const handedOff = results.flatMap((result, index) => (result.outcome === 'handed-off' ? [written[index]] : []));
  expect(handedOff).toHaveLength(13);
  for (const one of handedOff) {
    const posts = capped.postedBy(one?.threadId ?? '');
    const comments = posts.filter(({ type }) => type === 'COMMENT');
    expect(comments).toMatchObject([
      {
        text: expect.stringContaining(CEILING_REASON),
        richText: expect.stringContaining(`<!-- threadkeeper:limit-ceiling.${one?.messageId} -->`),
      },
    ]);
  }
});

const perHour = useProduct(temporal, {
  MAX_AI_CALLS_PER_HOUR: '3',
  AUTONOMY: 'draft, email=shadow',
});
const CALLS_REASON = /^the AI has been asked 3 times within an hour for this contact/;

it('a contact’s hour counts drafts too, on all of their threads; then agents hear of it once on each', async () => {
  const { simulator } = perHour;
  const write = (threadId?: string) =>
    simulator.customerWrites({ channel: 'chat', text: 'Hello?', ...(threadId ? { threadId } : { contactId: '4711' }) });
  const first = write();
  const results = [await perHour.resultOf(first)];
  for (let n = 0; n < 2; n += 1) results.push(await perHour.resultOf(write(first.threadId)));
  expect(results.map(({ outcome }) => outcome)).toEqual(['drafted', 'drafted', 'drafted']);
  const calls = perHour.ai.asked.length;
  for (const threadId of [first.threadId, write().threadId]) {
    const results = [];
    for (let n = 0; n < 2; n += 1) results.push(await perHour.resultOf(write(threadId)));
    expect(results).toMatchObject([
      { outcome: 'handed-off', reason: expect.stringMatching(CALLS_REASON) },
      { outcome: 'handed-off', reason: expect.stringMatching(CALLS_REASON) },
    ]);
    const told = perHour
      .postedBy(threadId)
      .filter((post) => 'text' in post && post.text.includes('times within an hour for this contact'));
    expect(told).toHaveLength(1);
  }
  expect(perHour.ai.asked).toHaveLength(calls);
  // Another contact is none of theirs.
  const other = simulator.customerWrites({ channel: 'chat', text: 'Hello?', contactId: '4712' });
  expect(await perHour.resultOf(other)).toMatchObject({ outcome: 'drafted' });
});

it('a burst that is too long goes to the AI with its newest messages, and the run says what is missing', async () => {
  const simulator = perHour.simulator;
  const first = simulator.customerWrites({ channel: 'chat', text: '0'.repeat(3_900), assignedTo: null });
  perHour.ai.answer = async ({ threadId }) => {
    if (threadId === first.threadId && last === undefined)
      last = Array.from({ length: 20 }, (_, n) =>
        simulator.customerWrites({ threadId, text: `${n + 1} `.padEnd(3_900, 'x') }),
      ).at(-1);
    return reply('Noted.');
  };
  let last: ReturnType<typeof simulator.customerWrites> | undefined;
  await perHour.resultOf(first);
  if (last === undefined) throw new Error('nothing was asked');
  expect(await perHour.resultOf(last)).toMatchObject({ outcome: 'drafted' });
  const { questions = [], leftOut } = perHour.ai.asked.at(-1) ?? {};
  expect(questions.at(-1)).toMatch(/^20 x/);
  expect(questions.join('').length).toBeLessThan(32_000);
  expect(leftOut).toEqual({ questions: 21 - questions.length, lines: 0 });
  const handle = temporal.client.workflow.getHandle(perHour.workflowIdOf(last));
  expect(await detailsOf(handle)).toContain(
    `too long for the AI, left out: ${21 - questions.length} of the customer’s unanswered messages, the oldest`,
  );
});
