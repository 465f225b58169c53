import { expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { PUBLIC_URL, useProduct } from '../support/product.ts';
import { AGENT_ID } from '../support/simulator.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
// The echo of a reply has a run of its own, which reads that message.
const product = useProduct(temporal, {}, { behaviour: { echo: 'none' } });

/** HubSpot's rate limit is kept by activities, each of which is one to three calls. */
const callsFor = async (written: WrittenIds): Promise<string[]> => {
  const { simulator } = product;
  const before = simulator.calls.length;
  expect(await product.resultOf(written)).toMatchObject({ outcome: 'replied' });
  return simulator.calls.slice(before).map(({ method, path }) => `${method} ${path.replace(/\?.*$/, '')}`);
};

/** Without an event, and so without a run. */
const unannounced = async (write: () => void): Promise<void> => {
  product.simulator.setWebhookUrl(null);
  write();
  await product.simulator.settle();
  product.simulator.setWebhookUrl(PUBLIC_URL, `${product.apiUrl}${WEBHOOK_PATH}`);
};

it('a new message costs six calls, on a thread with 5,000 messages too', async () => {
  const { simulator } = product;
  const short = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
  const calls = await callsFor(short);
  const thread = '/conversations/v3/conversations/threads/ID';
  const messages = `${thread}/messages`;
  expect(calls.map((call) => call.replace(/\d{6,}/, 'ID').replace(/messages\/\w+/, 'messages/ID'))).toEqual([
    `GET ${messages}/ID`,
    // The look before the AI is asked, and the one right before the post: one of them goes stale while the AI thinks.
    expect.stringMatching('GET'),
    expect.stringMatching('GET'),
    expect.stringMatching('GET'),
    expect.stringMatching('GET'),
    `POST ${messages}`,
  ]);

  await unannounced(() => {
    const { threadId } = short;
    for (let n = 0; n < 2_500; n += 1) {
      simulator.customerWrites({ threadId, text: `Question ${n}` });
      simulator.agentWrites(threadId, { actorId: AGENT_ID, text: `Answer ${n}` });
    }
  });
  const asked = simulator.customerWrites({ threadId: short.threadId, text: 'And now?' });
  expect(await callsFor(asked)).toHaveLength(6);
  const { transcript, leftOut } = product.ai.asked.at(-1) ?? {};
  expect(transcript?.at(-1)).toMatchObject({ from: 'agent', text: 'Answer 2499' });
  expect(leftOut).toEqual({ questions: 0, lines: 0, older: true });
  const run = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  expect(await detailsOf(run)).toContain('the AI gets only the newest messages of a long thread');
});
