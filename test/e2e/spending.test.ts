import { expect, it } from '@jest/globals';
import { AI_COST, AI_TOKENS } from '../../src/runs/search-attributes.ts';
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
    'the AI read 1,000 and wrote 10 tokens, cost 0.00315; this thread 0.00315 so far',
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
