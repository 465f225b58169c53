import { describe, expect, it } from '@jest/globals';
import { AiRefused } from '../../src/ai/errors.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID } from '../support/simulator.ts';
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
});

describe('in the shadow', () => {
  const product = useProduct(temporal, { AUTONOMY: 'shadow' });

  it('asks the AI, whoever owns the thread, and posts nothing', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: AGENT_ID });
    expect(await product.resultOf(asked)).toEqual({ outcome: 'drafted', reason: 'shadow mode' });
    expect(product.ai.asked).toHaveLength(1);
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it('says nothing on the thread where the AI fails either', async () => {
    product.ai.answer = () => Promise.reject(new AiRefused('The AI refused the key: correct it'));
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'needs-attention' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });
});

describe('where the AI claims threads of nobody’s', () => {
  const product = useProduct(temporal, { UNASSIGNED_THREADS: 'claim' });

  it('takes the thread, then answers', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', assignedTo: null });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.simulator.thread(asked.threadId).assignedTo).toBe(AI_ACTOR_ID);
  });

  it('answers also where HubSpot offers no assignment', async () => {
    product.simulator.faults.add({ kind: 'status', status: 405, match: { method: 'PUT' } });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', assignedTo: null });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.simulator.thread(asked.threadId).assignedTo).toBeUndefined();
  });

  it('leaves a thread of an agent’s alone, also one taken while it thinks', async () => {
    const owned = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    expect(await product.resultOf(owned)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    product.ai.answer = async ({ threadId }) => {
      product.simulator.assign(threadId, AGENT_ID);
      return reply('too late');
    };
    const taken = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: null });
    expect(await product.resultOf(taken)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(product.postedBy(taken.threadId)).toEqual([]);
  });
});
