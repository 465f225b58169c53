import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage, WrittenIds } from '../../dev/simulator/simulator.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { type Product, reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
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

describe('a customer who comes back to a thread that an agent closed', () => {
  const telling = useProduct(temporal);
  const answering = useProduct(temporal, { CLOSED_THREADS: 'answer' });
  const commentsOn = (by: Product, threadId: string) =>
    by
      .postedBy(threadId)
      .filter(({ type }) => type === 'COMMENT')
      .map((item) => ('text' in item ? item.text : ''));
  const CAME_BACK = expect.stringContaining('the customer came back to a thread that was closed');
  const again = (by: Product, threadId: string, text = 'How do I return an item?') =>
    by.simulator.customerWrites({ threadId, text });

  /** The AI has handed the thread over; an agent has answered and closed it. `takenBy`: who has taken it before. */
  const handedOver = async (by: Product, takenBy: string | null, channel: 'chat' | 'email' = 'chat') => {
    by.ai.answer = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null });
    const asked = by.simulator.customerWrites({ channel, text: 'A person, please' });
    expect(await by.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    const { threadId } = asked;
    if (takenBy) by.simulator.assign(threadId, takenBy);
    by.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Done' });
    for (const { id, threadIds } of by.simulator.tickets())
      if (threadIds.includes(threadId)) by.simulator.setTicketProperty(id, 'hs_pipeline_stage', '4');
    by.simulator.closeThread(threadId, AGENT_ID);
    await by.simulator.settle();
    by.ai.answer = ({ questions }) => reply(questions.join(' | '));
    return threadId;
  };

  it.each([
    ['that nobody owns', null, 'chat'],
    ['that the agent owns', AGENT_ID, 'chat'],
    ['of mails', null, 'email'],
  ] as const)('%s is not met with silence: agents are told once, with a new ticket', async (_, owner, channel) => {
    const threadId = await handedOver(telling, owner, channel);
    const before = telling.simulator.tickets().length;
    const back = again(telling, threadId);
    expect(await telling.resultOf(back)).toMatchObject({ outcome: 'handed-off', postedMessageId: expect.any(String) });
    expect(commentsOn(telling, threadId)).toEqual([expect.any(String), CAME_BACK]);
    expect(telling.simulator.tickets()).toHaveLength(before + 1);
    expect(telling.simulator.thread(threadId).assignedTo ?? null).toBe(owner);
    const reason = owner === null ? 'unassigned' : 'owned-by-human';
    expect(await telling.resultOf(again(telling, threadId, 'Hello?'))).toEqual({ outcome: 'skipped', reason });
    expect(commentsOn(telling, threadId)).toHaveLength(2);
  });

  it('is met by a comment alone where the AI never had a part in the thread', async () => {
    const { simulator } = telling;
    const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Hello' });
    simulator.closeThread(threadId, AGENT_ID);
    await simulator.settle();
    const before = simulator.tickets().length;
    expect(await telling.resultOf(again(telling, threadId))).toMatchObject({ outcome: 'handed-off' });
    expect(commentsOn(telling, threadId)).toEqual([CAME_BACK]);
    expect(simulator.tickets()).toHaveLength(before);
  });

  it('is the agent’s again once they have answered', async () => {
    const threadId = await handedOver(telling, AGENT_ID);
    await telling.resultOf(again(telling, threadId));
    telling.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'It goes so' });
    const thanks = again(telling, threadId, 'And where to?');
    expect(await telling.resultOf(thanks)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(commentsOn(telling, threadId)).toHaveLength(2);
  });

  it.each([null, AGENT_ID])('is answered by the AI where that is set (owner: %s)', async (owner) => {
    const threadId = await handedOver(answering, owner);
    const back = again(answering, threadId);
    expect(await answering.resultOf(back)).toMatchObject({ outcome: 'replied' });
    expect(answering.simulator.thread(threadId).assignedTo).toBe(AI_ACTOR_ID);
    expect(answering.postedBy(threadId).at(-1)).toMatchObject({ type: 'MESSAGE', text: 'How do I return an item?' });
  });

  it('is told to agents where the AI was to answer, but is paused there', async () => {
    const threadId = await handedOver(answering, AGENT_ID);
    await answering.sessions.silence({
      portalId: PORTAL_ID as PortalId,
      threadId: threadId as ThreadId,
      why: 'paused',
      at: Date.now(),
    });
    expect(await answering.resultOf(again(answering, threadId))).toMatchObject({ outcome: 'handed-off' });
    expect(answering.simulator.thread(threadId).assignedTo).toBe(AGENT_ID);
  });
});
