import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);
const claiming = useProduct(temporal, { UNASSIGNED_THREADS: 'claim' });

const echo = product.ai.answer;
beforeEach(() => {
  for (const { ai, simulator } of [product, claiming]) {
    ai.answer = echo;
    simulator.behaviour.bareActorIds = false;
    simulator.faults.clear();
  }
});

/** An AI that thinks until it is told to stop, and says so. */
const thinkForLong = (by = product) => {
  const begun = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<void>();
  by.ai.answer = (_, signal) => {
    begun.resolve();
    return new Promise<AiAnswer>((_, reject) => {
      signal.addEventListener('abort', () => {
        broken.resolve();
        reject(signal.reason);
      });
    });
  };
  return { begun: begun.promise, broken: broken.promise };
};

const ask = (by = product) => by.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });

describe('an agent who comes while the AI thinks', () => {
  it.each([
    ['takes the thread', (threadId: string) => product.simulator.assign(threadId, AGENT_ID), 'owned-by-human'],
    [
      'takes the thread, and HubSpot names the owner by bare digits',
      (threadId: string) => {
        product.simulator.behaviour.bareActorIds = true;
        product.simulator.assign(threadId, AGENT_ID);
      },
      'owned-by-human',
    ],
    ['lets it go', (threadId: string) => product.simulator.assign(threadId, null), 'unassigned'],
    [
      'answers',
      (threadId: string) => product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'I have it' }),
      'human-replied',
    ],
  ])('and %s silences the run at once, and breaks off the call of the AI', async (_, act, reason) => {
    const thinking = thinkForLong();
    const asked = ask();
    await thinking.begun;
    act(asked.threadId);
    // Ends though the AI never answers.
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason });
    await thinking.broken;
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it('and only comments doesn’t disturb it', async () => {
    product.ai.answer = async (request, signal) => {
      product.simulator.agentComments(asked.threadId, { actorId: AGENT_ID, text: 'hm' });
      await product.simulator.settle();
      return echo(request, signal);
    };
    const asked = ask();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.ai.asked.filter(({ threadId }) => threadId === asked.threadId)).toHaveLength(1);
  });

  it('and gives the thread back at once has the AI asked again, and the customer answered', async () => {
    const thinking = thinkForLong();
    const asked = ask();
    await thinking.begun;
    product.ai.answer = echo;
    product.simulator.setWebhookUrl(null);
    product.simulator.assign(asked.threadId, AGENT_ID);
    product.simulator.assign(asked.threadId, AI_ACTOR_ID);
    product.simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
    // The event of the first change comes after the second one has happened.
    await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).signal('threadChanged');
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  });

  it('is not fooled into silence by hints without end', async () => {
    let asked: WrittenIds | undefined;
    product.ai.answer = async (request, signal) => {
      const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked as WrittenIds));
      await handle.signal('threadChanged');
      await delay(20);
      return echo(request, signal);
    };
    asked = ask();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(asked.threadId)).toHaveLength(1);
  });
});

describe('the event of a new owner', () => {
  it('is a run that says who owns the thread, and which run it told', async () => {
    const thinking = thinkForLong();
    const asked = ask();
    await thinking.begun;
    const workflowId = uniqueName('owner');
    const change = { portalId: PORTAL_ID, threadId: asked.threadId, assignedTo: AGENT_ID, occurredAt: Date.now() };
    product.simulator.setWebhookUrl(null);
    product.simulator.assign(asked.threadId, AGENT_ID);
    product.simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
    const notice = await temporal.client.workflow.execute('noticeOwnerChange', {
      workflowId,
      taskQueue: product.taskQueue,
      args: [change],
    });
    expect(notice).toEqual({
      outcome: 'noticed',
      reason: `${AGENT_ID} owns the thread, signalled ${product.workflowIdOf(asked)}`,
    });
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
  });

  it('of the AI’s own claim disturbs nobody', async () => {
    const asked = claiming.simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: null });
    claiming.ai.answer = async (request, signal) => {
      await claiming.simulator.settle();
      return echo(request, signal);
    };
    expect(await claiming.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(claiming.ai.asked.filter(({ threadId }) => threadId === asked.threadId)).toHaveLength(1);
  });
});

describe('an answer that another run gives meanwhile', () => {
  it('makes the AI think again rather than repeat it', async () => {
    // A customer who writes on and on: the run of the second message may answer though a third has come.
    const { simulator, ai } = product;
    const first = ask();
    expect(await product.resultOf(first)).toMatchObject({ outcome: 'replied' });
    ai.answer = async (request, signal) => {
      if (!request.transcript.some(({ text }) => text === 'An answer from elsewhere')) {
        simulator.setWebhookUrl(null);
        simulator.agentWrites(request.threadId, { actorId: AI_ACTOR_ID, text: 'An answer from elsewhere' });
        simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
      }
      return request.transcript.length > 3 ? reply('Anew') : echo(request, signal);
    };
    const second = simulator.customerWrites({ threadId: first.threadId, text: 'And my refund?' });
    expect(await product.resultOf(second)).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(first.threadId).at(-1)).toMatchObject({ text: expect.stringContaining('refund') });
    expect(ai.asked.filter(({ threadId }) => threadId === first.threadId)).toHaveLength(3);
  });
});

describe('where the AI claims threads of nobody’s', () => {
  it('takes the thread, then answers', async () => {
    const asked = claiming.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', assignedTo: null });
    expect(await claiming.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(claiming.simulator.thread(asked.threadId).assignedTo).toBe(AI_ACTOR_ID);
  });

  it('answers also where HubSpot offers no assignment', async () => {
    claiming.simulator.faults.add({ kind: 'status', status: 405, match: { method: 'PUT' } });
    const asked = claiming.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', assignedTo: null });
    expect(await claiming.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(claiming.simulator.thread(asked.threadId).assignedTo).toBeUndefined();
  });

  it('leaves a thread of an agent’s alone, also one taken while it thinks', async () => {
    const owned = claiming.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    expect(await claiming.resultOf(owned)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    claiming.ai.answer = async ({ threadId }) => {
      claiming.simulator.assign(threadId, AGENT_ID);
      return reply('too late');
    };
    const taken = claiming.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: null });
    expect(await claiming.resultOf(taken)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(claiming.postedBy(taken.threadId)).toEqual([]);
  });
});
