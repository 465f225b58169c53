import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ScheduleOverlapPolicy, WorkflowNotFoundError } from '@temporalio/client';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { CatchUpResult } from '../../src/runs/catch-up.ts';
import type { CatchUpPortalsResult } from '../../src/runs/catch-up-portals.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import { catchUpScheduleId } from '../../src/temporal/catch-up-schedules.ts';
import { eventually } from '../support/eventually.ts';
import { PUBLIC_URL, useProduct } from '../support/product.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const MINUTE = 60_000;
const PORTAL = String(100_000_000 + Math.floor(Math.random() * 100_000_000));

const temporal = useTemporal();
const product = useProduct(
  temporal,
  {
    HUBSPOT_PORTAL_ID: PORTAL,
    CATCH_UP_INTERVAL: '24h',
    MAX_MESSAGE_AGE: '2h',
    // A thread that was handed over stays the AI's, and shows no answer of it.
    AFTER_HANDOFF: 'answer',
    HANDOFF_MESSAGE: 'none',
  },
  { portalId: PORTAL },
);
const schedule = temporal.client.schedule.getHandle(catchUpScheduleId(product.taskQueue, 0));

// Only the tests trigger it.
beforeAll(() => schedule.pause());

const deliverWebhooks = (deliver: boolean): void =>
  product.simulator.setWebhookUrl(deliver ? PUBLIC_URL : null, `${product.apiUrl}/webhooks/hubspot`);
beforeEach(() => deliverWebhooks(false));

const runOf = ({ threadId, messageId }: WrittenIds) =>
  temporal.client.workflow.getHandle<() => Promise<ReplyToMessageResult>>(`message:${PORTAL}:${threadId}-${messageId}`);

const runOfPortal = temporal.client.workflow.getHandle(`catch-up:${PORTAL}`);

/** Triggers the schedule, as a person would, and waits for its run, and for that of the portal. */
const check = async (): Promise<{ workflowId: string; looked: CatchUpPortalsResult; result: CatchUpResult }> => {
  const before = (await schedule.describe()).info.recentActions.length;
  await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
  for (;;) {
    const { recentActions } = (await schedule.describe()).info;
    if (recentActions.length > before) {
      const workflowId = recentActions.at(-1)?.action.workflow.workflowId ?? '';
      const looked: CatchUpPortalsResult = await temporal.client.workflow.getHandle(workflowId).result();
      return { workflowId, looked, result: await runOfPortal.result() };
    }
    await delay(50);
  }
};

describe('a run of the catch-up schedule', () => {
  it('ends with a look where nobody waits', async () => {
    await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
    const looked = await eventually(async () => {
      const { recentActions } = (await schedule.describe()).info;
      return await temporal.client.workflow.getHandle(recentActions[0]?.action.workflow.workflowId ?? '').result();
    });
    expect(looked).toEqual({ outcome: 'checked', portals: 1, withNews: 0, failed: 0 });
    await expect(runOfPortal.describe()).rejects.toThrow(WorkflowNotFoundError);
  });

  let waitedBefore: WrittenIds;
  let tooOld: WrittenIds;

  it('has a message answered whose webhook never came, but not those from before the schedule was made', async () => {
    tooOld = product.simulator.customerWrites({ text: 'Hello?', agoMs: 121 * MINUTE });
    waitedBefore = product.simulator.customerWrites({ text: 'Anybody?', agoMs: 15 * MINUTE });
    const asked = product.simulator.customerWrites({ text: 'Where is my order?', agoMs: 5 * MINUTE });
    const { workflowId, looked, result } = await check();
    expect(workflowId).toMatch(new RegExp(`^catch-ups:${product.taskQueue}:0-20`));
    expect(looked).toEqual({ outcome: 'checked', portals: 1, withNews: 1, failed: 0 });
    expect(result).toMatchObject({ outcome: 'checked', threads: 1, started: 1 });
    expect(await runOf(asked).result()).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(asked.threadId)).toMatchObject([{ text: 'You asked: Where is my order?' }]);
    await expect(runOf(waitedBefore).describe()).rejects.toThrow(WorkflowNotFoundError);
  });

  let passedOver: WrittenIds;

  it('goes on where the one before has ended, also in a worker that starts anew', async () => {
    await product.restartWorker();
    passedOver = product.simulator.customerWrites({ text: 'In what has been checked', agoMs: 20 * MINUTE });
    const asked = product.simulator.customerWrites({ text: 'After it', agoMs: 2 * MINUTE });
    expect((await check()).result).toMatchObject({ threads: 1, started: 1 });
    expect(await runOf(asked).result()).toMatchObject({ outcome: 'replied' });
    const { typedSearchAttributes } = await runOfPortal.describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(attributes).toMatchObject({ HubSpotPortalId: PORTAL, Outcome: 'checked' });
  });

  it('starts nothing for a message that has its run, even where HubSpot shows no answer', async () => {
    deliverWebhooks(true);
    product.simulator.behaviour.stripHtmlComments = true;
    product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
    const asked = product.simulator.customerWrites({ text: 'A human, please', agoMs: 2 * MINUTE });
    await product.simulator.settle();
    expect(await runOf(asked).result()).toMatchObject({ outcome: 'handed-off' });
    expect((await check()).result).toMatchObject({ threads: 1, started: 0 });
    expect(product.postedBy(asked.threadId)).toHaveLength(1);
  });

  it('looks as far back as messages are answered where someone starts it by hand', async () => {
    const byHand = await temporal.client.workflow.execute('catchUp', {
      workflowId: uniqueName('catch-up-by-hand'),
      taskQueue: product.taskQueue,
      args: [{ portalId: PORTAL }],
    });
    expect(byHand).toMatchObject({ threads: 3, started: 2 });
    for (const asked of [waitedBefore, passedOver]) {
      expect(await runOf(asked).result()).toMatchObject({ outcome: 'handed-off' });
    }
    await expect(runOf(tooOld).describe()).rejects.toThrow(WorkflowNotFoundError);
    expect((await check()).result).toMatchObject({ threads: 1, started: 0 });
  });
});
