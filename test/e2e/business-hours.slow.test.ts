import { expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { HandOffResult } from '../../src/runs/hand-off.ts';
import type { WatchPickUpInput, WatchPickUpResult } from '../../src/runs/watch-pick-up.ts';
import { useProduct } from '../support/product.ts';
import { AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

/** Open on one day of the week alone, which is days away. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const day = (new Date().getUTCDay() + 3) % 7;

const temporal = useTemporal();
const product = useProduct(temporal, {
  BUSINESS_HOURS: `${DAYS[day]} 09:00-17:00`,
  HANDOFF_OUT_OF_HOURS: 'stay',
  HANDOFF_ASSIGN_TO: 'A-9',
  HANDOFF_PICK_UP: '0s',
});

const asksInTheNight = async (): Promise<WrittenIds> => {
  product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a refund', aiSessionId: null });
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'I want a refund' });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
  return asked;
};
const textsOn = ({ threadId }: WrittenIds) =>
  product.postedBy(threadId).map((item) => [item.type, 'text' in item ? item.text : '']);

it('tells the customer at night when agents are back, and leaves the thread with the AI until then', async () => {
  const asked = await asksInTheNight();
  const name = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 10, 29 + day));
  expect(textsOn(asked)).toEqual([
    [
      'COMMENT',
      expect.stringContaining(`Outside of business hours, which begin ${name} 09:00 (UTC). Until then the AI`),
    ],
    ['MESSAGE', expect.stringContaining(`They are back on ${name} 09:00, and will get back to you here.`)],
  ]);
  const handedOff = await product.resultOfRun<HandOffResult>(
    `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`,
  );
  expect(handedOff).toMatchObject({ owner: AI_ACTOR_ID });

  // The AI is not silent.
  product.ai.answer = () => ({ action: 'reply', text: 'In Ghent.', sources: [], confidence: 1, aiSessionId: null });
  const next = product.simulator.customerWrites({ channel: 'chat', text: 'Where are you?', threadId: asked.threadId });
  expect(await product.resultOf(next)).toMatchObject({ outcome: 'replied' });

  // The run that waits for agents is there, with what it has to do then.
  const waiting = product.client.workflow.getHandle(`pick-up:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`);
  const { currentDetails } = await waiting.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('waiting for business hours, which begin');
  await waiting.terminate();
});

it('hands over what has waited when business hours begin', async () => {
  const asked = await asksInTheNight();
  await product.client.workflow.getHandle(`pick-up:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`).terminate();
  const input = {
    ...{ portalId: PORTAL_ID, threadId: asked.threadId, messageId: asked.messageId, assignedTo: null, ticketId: null },
    handOver: { at: Date.now() + 100, to: 'A-9', silences: true },
  } as WatchPickUpInput;
  const watch = async () => {
    const workflowId = uniqueName('pick-up');
    const run = { workflowId, taskQueue: product.taskQueue, args: [input] };
    return (await product.client.workflow.execute('watchPickUp', run)) as WatchPickUpResult;
  };
  expect(await watch()).toEqual({ outcome: 'handed-over' });
  expect(product.simulator.thread(asked.threadId).assignedTo).toBe('A-9');
  const next = product.simulator.customerWrites({ channel: 'chat', text: 'Hello?', threadId: asked.threadId });
  expect(await product.resultOf(next)).toMatchObject({ outcome: 'skipped' });
  // Nothing is done where an agent has come before.
  expect(await watch()).toMatchObject({ outcome: 'picked-up', reason: 'A-9 owns it' });
});
