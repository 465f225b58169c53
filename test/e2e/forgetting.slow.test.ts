import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ContactId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ForgetResult } from '../../src/runs/erased.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);
const portalId = PORTAL_ID as PortalId;

const echo = product.ai.answer;
beforeEach(() => {
  // The event of a reply comes so early that a run looks what it is about.
  product.simulator.behaviour.echo = 'before-answer';
  product.ai.answer = echo;
});

let events = 0;
/** HubSpot says that something was deleted for good. */
const deleted = async (subscriptionType: string, objectId: string): Promise<number> => {
  events += 1;
  await product.simulator.sendEvents([
    { eventId: events, portalId: Number(PORTAL_ID), occurredAt: Date.now(), subscriptionType, objectId },
  ]);
  return events;
};
const untilFound = async (workflowId: string): Promise<void> => {
  for (;;) {
    for await (const run of temporal.client.workflow.list({ query: `WorkflowId="${workflowId}"` })) {
      if (run.workflowId === workflowId) return;
    }
    await delay(50);
  }
};
const untilGone = async (workflowId: string): Promise<void> => {
  for (;;) {
    try {
      await temporal.client.workflow.getHandle(workflowId).describe();
      await delay(50);
    } catch (error) {
      expect(error).toBeInstanceOf(WorkflowNotFoundError);
      return;
    }
  }
};
const turnsOf = (threadId: string) => product.sessions.recentTurns(portalId, threadId as ThreadId);

describe('conversation.privacyDeletion', () => {
  it('erases what is held of the thread, its histories too, and says how much', async () => {
    const kept = product.simulator.customerWrites({ channel: 'chat', text: 'Of someone else' });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Forget me' });
    for (const written of [kept, asked]) {
      await product.resultOf(written);
      await untilFound(product.workflowIdOf(written));
    }
    const event = await deleted('conversation.privacyDeletion', asked.threadId);
    const workflowId = `forget-thread:${PORTAL_ID}:${asked.threadId}-${event}`;
    expect(await product.resultOfRun<ForgetResult>(workflowId)).toEqual({
      outcome: 'forgotten',
      threads: 1,
      sessions: 1,
      properties: 0,
      turns: 1,
      drafts: 0,
      // The message's, and that of the reply's event.
      runs: 2,
    });
    await untilGone(product.workflowIdOf(asked));
    expect(await turnsOf(asked.threadId)).toEqual([]);
    expect(await turnsOf(kept.threadId)).toHaveLength(1);
    await temporal.client.workflow.getHandle(product.workflowIdOf(kept)).describe();

    const again = await temporal.client.workflow.execute('forgetThread', {
      workflowId: uniqueName('forget-by-hand'),
      taskQueue: product.taskQueue,
      args: [{ portalId, threadId: Number(asked.threadId) }],
    });
    expect(again).toMatchObject({ sessions: 0, turns: 0 });
    await temporal.client.workflow.getHandle(workflowId).describe();
  });

  it('ends a run that is still going', async () => {
    product.ai.answer = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Forget me at once' });
    while (!product.ai.asked.some(({ questions }) => questions.includes('Forget me at once'))) await delay(50);
    await untilFound(product.workflowIdOf(asked));
    const event = await deleted('conversation.privacyDeletion', asked.threadId);
    const result = await product.resultOfRun<ForgetResult>(`forget-thread:${PORTAL_ID}:${asked.threadId}-${event}`);
    expect(result).toMatchObject({ sessions: 1, runs: 1 });
    await untilGone(product.workflowIdOf(asked));
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });
});

describe('contact.privacyDeletion', () => {
  it('erases what is held of every thread of the contact', async () => {
    const contactId = '90210';
    const threads = ['One', 'Two'].map((text) =>
      product.simulator.customerWrites({ channel: 'chat', text, contactId }),
    );
    for (const written of threads) {
      await product.resultOf(written);
      await untilFound(product.workflowIdOf(written));
    }
    const event = await deleted('contact.privacyDeletion', contactId);
    const result = await product.resultOfRun<ForgetResult>(`forget-contact:${PORTAL_ID}:${contactId}-${event}`);
    expect(result).toMatchObject({ outcome: 'forgotten', threads: 2, sessions: 2, turns: 2, runs: 4 });
    expect(await product.sessions.findByContact(portalId, contactId as ContactId)).toEqual([]);
    for (const written of threads) await untilGone(product.workflowIdOf(written));
  });

  it('is done at once where nothing is held', async () => {
    const event = await deleted('contact.privacyDeletion', '4');
    expect(await product.resultOfRun(`forget-contact:${PORTAL_ID}:4-${event}`)).toMatchObject({ threads: 0, runs: 0 });
  });
});

describe('expireSessions', () => {
  it('deletes sessions without activity, and says how many', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Long ago' });
    await product.resultOf(asked);
    await delay(10);
    const expire = (retentionMs: number) =>
      temporal.client.workflow.execute('expireSessions', {
        workflowId: uniqueName('expire'),
        taskQueue: product.taskQueue,
        args: [{ retentionMs }],
      });
    expect(await expire(86_400_000)).toEqual({ outcome: 'expired', sessions: 0, properties: 0, turns: 0, drafts: 0 });
    expect(await turnsOf(asked.threadId)).toHaveLength(1);
    expect(await expire(1)).toMatchObject({ outcome: 'expired', sessions: expect.any(Number) });
    expect(await turnsOf(asked.threadId)).toEqual([]);
  });
});
