import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID } from '../support/simulator.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

describe('Assist Mode', () => {
  const product = useProduct(temporal, { ASSIST_MODE: 'true' });

  it.each([
    ['the AI', AI_ACTOR_ID],
    ['an agent', AGENT_ID],
    ['nobody', null],
  ])('drafts as an internal comment on a thread owned by %s, and sends nothing', async (_, assignedTo) => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', assignedTo });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'drafted', reason: 'Assist Mode' });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT', text: 'AI draft (Assist Mode):\n\nYou asked: Where is my order?' },
    ]);
    expect(product.simulator.thread(asked.threadId).assignedTo ?? null).toBe(assignedTo);
  });

  it('hands over by a comment, and nothing else', async () => {
    const { simulator } = product;
    product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a refund', aiSessionId: null });
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!', assignedTo: AGENT_ID });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    expect(product.postedBy(asked.threadId).map(({ type }) => type)).toEqual(['COMMENT']);
    expect(simulator.thread(asked.threadId).assignedTo).toBe(AGENT_ID);
    expect(simulator.tickets()).toEqual([]);
  });
});

describe('in shadow mode', () => {
  const ANSWER = 'Standard shipping takes 2 to 4 working days.';

  // All the time that the AI has: on a busy machine an agent's message takes more than one second of it.
  const product = useProduct(temporal, { AUTONOMY: 'shadow', UNASSIGNED_THREADS: 'claim', ATTENTION_AFTER: '5s' });
  beforeEach(() => {
    product.ai.answer = () => reply(ANSWER);
  });

  const ask = (assignedTo: string | null = AGENT_ID) =>
    product.simulator.customerWrites({ channel: 'chat', text: 'How long does shipping take?', assignedTo });
  const answers = (threadId: string, text: string) =>
    product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text });
  const storyOf = (written: WrittenIds) => detailsOf(temporal.client.workflow.getHandle(product.workflowIdOf(written)));
  const pairOf = async ({ threadId }: WrittenIds) =>
    (await product.sessions.shadowPairs(1)).filter((pair) => pair.threadId === threadId);

  const DRAFTED = { outcome: 'drafted', reason: 'shadow mode' };

  it.each([
    ['an agent', AGENT_ID],
    ['the AI', AI_ACTOR_ID],
    ['nobody', null],
  ])('a thread of %s’s gets a draft that nobody sees, and stays as it is', async (_, assignedTo) => {
    const asked = ask(assignedTo);
    expect(await product.resultOf(asked)).toEqual(DRAFTED);
    expect(product.postedBy(asked.threadId)).toEqual([]);
    expect(product.simulator.thread(asked.threadId).assignedTo ?? null).toBe(assignedTo);
    expect(product.ai.asked.filter(({ threadId }) => threadId === asked.threadId)).toHaveLength(1);
    expect(await pairOf(asked)).toMatchObject([{ action: 'reply', words: ANSWER, human: '' }]);
  });

  it('what an agent then writes stands beside the draft, and the run of that message says how alike they are', async () => {
    const asked = ask();
    await product.resultOf(asked);
    const written = answers(asked.threadId, `Hi Kim,\n${ANSWER}`);
    expect(await product.resultOf(written)).toMatchObject({ outcome: 'skipped' });
    expect(await pairOf(asked)).toMatchObject([{ human: `Hi Kim,\n${ANSWER}` }]);
    expect(await storyOf(written)).toMatch(/an agent's answer and the AI's draft are alike: 0\.\d\d/);
  });

  it('an agent who is quicker than the AI is compared with it all the same', async () => {
    product.ai.answer = async ({ threadId }) => {
      await product.resultOf(answers(threadId, 'I have refunded your order'));
      return reply(ANSWER);
    };
    const asked = ask();
    expect(await product.resultOf(asked)).toEqual(DRAFTED);
    expect(await pairOf(asked)).toMatchObject([{ words: ANSWER, human: 'I have refunded your order' }]);
    expect(await storyOf(asked)).toContain("an agent's answer and the AI's draft are different: 0.00");
  });

  it('a handoff is kept too, and is no comment', async () => {
    product.ai.answer = (): AiAnswer => ({ action: 'handoff', reason: 'wants a refund', aiSessionId: null });
    const asked = ask();
    expect(await product.resultOf(asked)).toEqual(DRAFTED);
    expect(product.postedBy(asked.threadId)).toEqual([]);
    const written = answers(asked.threadId, 'Of course');
    await product.resultOf(written);
    expect(await storyOf(written)).toContain('an agent answered what the AI would have handed off');
  });

  it.each([
    ['is away', new Error('away')],
    ['refuses for good', new AiRefused('The AI refused the key: correct it')],
  ])('an AI that %s leaves no word on the thread', async (_, error) => {
    product.ai.answer = () => Promise.reject(error);
    const asked = ask();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'needs-attention' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it('nobody speaks for the AI on the thread’s session', async () => {
    const asked = ask();
    await product.resultOf(asked);
    await product.resultOf(answers(asked.threadId, 'Mine'));
    const again = product.simulator.customerWrites({ threadId: asked.threadId, text: 'Thanks. And to Norway?' });
    expect(await product.resultOf(again)).toEqual(DRAFTED);
    const { portalId, threadId } = { portalId: product.config.portals[0]?.settings.portalId, threadId: asked.threadId };
    if (portalId === undefined) throw new Error('no portal');
    const session = await product.sessions.open({
      portalId,
      threadId: threadId as ThreadId,
      contactId: null,
      ticketId: null,
      channelId: null,
    });
    expect(session.mode).toBe('human');
  });
});
