import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage, WrittenIds } from '../../src/simulator/simulator.ts';
import { useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

describe('what stood on a thread when it was closed', () => {
  const product = useProduct(temporal);
  const asks = (changes: Partial<CustomerMessage> = {}): WrittenIds =>
    product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order 4711?', ...changes });
  const asked = () => product.ai.asked.at(-1);

  /** An agent owned the thread, and dealt with it on the phone. */
  const settled = async (changes: Partial<CustomerMessage> = {}): Promise<string> => {
    const first = asks({ assignedTo: AGENT_ID, ...changes });
    expect(await product.resultOf(first)).toMatchObject({ outcome: 'skipped', reason: 'owned-by-human' });
    return first.threadId;
  };

  it.each(['chat', 'email', 'messenger'] as const)(
    'is not asked again, but stays in the transcript, on %s',
    async (channel) => {
      const threadId = await settled({ channel });
      product.simulator.closeThread(threadId, AGENT_ID);
      product.simulator.assign(threadId, AI_ACTOR_ID);
      const later = asks({ threadId, text: 'How do I reset my password?' });
      expect(await product.resultOf(later)).toMatchObject({ outcome: 'replied' });
      expect(asked()).toMatchObject({
        questions: ['How do I reset my password?'],
        transcript: [{ from: 'customer', text: 'Where is my order 4711?' }],
      });
    },
  );

  it('is not asked again by a burst after it, whose messages are all answered', async () => {
    const threadId = await settled();
    product.simulator.closeThread(threadId);
    product.simulator.assign(threadId, AGENT_ID);
    const second = asks({ threadId, text: 'Hello, me again' });
    await product.simulator.settle();
    await temporal.client.workflow.getHandle(product.workflowIdOf(second)).result();
    product.simulator.assign(threadId, AI_ACTOR_ID);
    await product.resultOf(asks({ threadId, text: 'How do I reset my password?' }));
    expect(asked()?.questions).toEqual(['Hello, me again', 'How do I reset my password?']);
  });

  it('counts by the last of several closings', async () => {
    const threadId = await settled();
    product.simulator.closeThread(threadId, AGENT_ID);
    await product.resultOf(asks({ threadId, text: 'Still not here' }));
    product.simulator.closeThread(threadId, AGENT_ID);
    product.simulator.assign(threadId, AI_ACTOR_ID);
    await product.resultOf(asks({ threadId, text: 'How do I reset my password?' }));
    expect(asked()?.questions).toEqual(['How do I reset my password?']);
  });

  it('is still open where an agent closed the thread by mistake, and opened it again', async () => {
    const threadId = await settled();
    product.simulator.closeThread(threadId, AGENT_ID);
    product.simulator.openThread(threadId, AGENT_ID);
    product.simulator.assign(threadId, AI_ACTOR_ID);
    await product.resultOf(asks({ threadId, text: 'Hello?' }));
    expect(asked()?.questions).toEqual(['Where is my order 4711?', 'Hello?']);
  });
});
