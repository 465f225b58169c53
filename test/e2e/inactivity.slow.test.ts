import { describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { WatchInactivityResult } from '../../src/runs/watch-inactivity.ts';
import { type Product, useProduct } from '../support/product.ts';
import { AGENT_ID, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const reminding = useProduct(temporal, { INACTIVITY_AFTER: '500ms' });
const closing = useProduct(temporal, { INACTIVITY_AFTER: '500ms', INACTIVITY_CLOSE: 'true' });
const patient = useProduct(temporal, { INACTIVITY_AFTER: '24h', INACTIVITY_CLOSE: 'true', INACTIVITY_MESSAGE: 'none' });

const asks = ({ simulator }: Product, threadId?: string): WrittenIds =>
  simulator.customerWrites({ channel: 'chat', text: 'Hi', ...(threadId ? { threadId } : {}) });
const answered = async (product: Product, threadId?: string): Promise<WrittenIds> => {
  const asked = asks(product, threadId);
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  return asked;
};
const idOf = ({ threadId, messageId }: WrittenIds) => `inactivity:${PORTAL_ID}:${threadId}-${messageId}`;
const endOf = (product: Product, asked: WrittenIds) => product.resultOfRun<WatchInactivityResult>(idOf(asked));
const textsOn = (product: Product, { threadId }: WrittenIds) =>
  product.postedBy(threadId).map((item) => ('text' in item ? item.text : ''));
/** The run that waits is asked to look, as anyone may by hand. */
const touch = (product: Product, asked: WrittenIds) =>
  product.client.workflow.getHandle(idOf(asked)).signal('threadChanged');

describe('a customer who does not reply', () => {
  it('gets one message, and the thread stays open', async () => {
    const asked = await answered(reminding);
    expect(await endOf(reminding, asked)).toEqual({ outcome: 'reminded', reason: 'no reply within 500ms' });
    expect(textsOn(reminding, asked)).toEqual([
      'You asked: Hi',
      expect.stringContaining('Did this answer your question?'),
    ]);
    expect(reminding.simulator.thread(asked.threadId).status).toBe('OPEN');
    // What the customer writes then is answered as ever.
    await answered(reminding, asked.threadId);
  });

  it('gets it once, also where HubSpot takes it and its answer is lost', async () => {
    const { simulator } = reminding;
    const asked = asks(reminding);
    const path = new RegExp(asked.threadId);
    // The first post is the answer.
    simulator.faults.add({ kind: 'commit-then-fail', match: { route: 'postMessage', path }, skip: 1 });
    expect(await reminding.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(await endOf(reminding, asked)).toMatchObject({ outcome: 'reminded' });
    expect(textsOn(reminding, asked)).toHaveLength(2);
    const posts = simulator.calls.filter((call) => call.method === 'POST' && path.test(call.path));
    expect(posts.map(({ status }) => status)).toEqual([201, 500]);
  });

  it('has the thread closed after it, and opens it again', async () => {
    const asked = await answered(closing);
    expect(await endOf(closing, asked)).toEqual({ outcome: 'closed', reason: 'no reply within 500ms' });
    expect(textsOn(closing, asked).at(-1)).toContain('we are closing this conversation');
    expect(closing.simulator.thread(asked.threadId).status).toBe('CLOSED');
    const again = asks(closing, asked.threadId);
    expect(closing.simulator.thread(asked.threadId).status).toBe('OPEN');
    expect(await closing.resultOf(again)).toMatchObject({ outcome: 'replied' });
  });

  it('is left alone where an operator has stopped the AI', async () => {
    const asked = asks(closing);
    // As soon as the answer is there: nobody is waited for long here.
    const stopped = new Promise<unknown>((resolve, reject) => {
      const done = closing.simulator.on(() => {
        if (closing.postedBy(asked.threadId).length === 0) return;
        done();
        closing.stops.stop('all', 'Kim').then(resolve, reject);
      });
    });
    expect(await closing.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    await stopped;
    expect(await endOf(closing, asked)).toEqual({ outcome: 'left-alone', reason: 'an operator has stopped the AI' });
    expect(closing.simulator.thread(asked.threadId).status).toBe('OPEN');
    await closing.stops.release('all');
  });
});

describe('the wait for a customer', () => {
  it('ends with the next message, whose own answer begins another', async () => {
    const asked = await answered(patient);
    const next = await answered(patient, asked.threadId);
    const left = { outcome: 'left-alone', reason: 'someone has written since' };
    expect(await endOf(patient, asked)).toEqual(left);
    const second = patient.client.workflow.getHandle(idOf(next));
    expect((await second.describe()).status.name).toBe('RUNNING');
    await second.terminate();
  });

  it.each<[string, (threadId: string) => void, string]>([
    ['a person’s', (threadId) => patient.simulator.assign(threadId, AGENT_ID), `${AGENT_ID} owns the thread`],
    ['closed', (threadId) => patient.simulator.closeThread(threadId), 'the thread is closed'],
  ])('ends on a thread that is %s', async (_, change, reason) => {
    const asked = await answered(patient);
    change(asked.threadId);
    await touch(patient, asked);
    expect(await endOf(patient, asked)).toEqual({ outcome: 'left-alone', reason });
    expect(textsOn(patient, asked)).toHaveLength(1);
  });

  it('goes on where nobody has come, whoever asks it to look', async () => {
    const asked = await answered(patient);
    await touch(patient, asked);
    const waiting = patient.client.workflow.getHandle(idOf(asked));
    const { currentDetails } = await waiting.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('waiting for the customer’s reply, until');
    expect((await waiting.describe()).status.name).toBe('RUNNING');
    await waiting.terminate();
  });
});
