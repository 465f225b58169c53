import { describe, expect, it } from '@jest/globals';
import { portalId } from '../api/support.ts';
import { limitRateEverywhere } from '../support/rate-limit.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';
import { giveOut } from './fixtures/give-out.ts';

const [LOUD, QUIET] = [portalId('1'), portalId('2')];

const temporal = useTemporal();

describe('a backlog and one slot', () => {
  it('posts come before what replies read, and that before ticket properties', async () => {
    const order = await giveOut(
      temporal,
      [
        { portalId: LOUD, kind: 'sync', count: 3 },
        { portalId: LOUD, kind: 'read', count: 3 },
        { portalId: LOUD, kind: 'post', count: 3 },
      ],
      { slots: 1 },
    );
    expect(order.map(({ kind }) => kind)).toEqual([
      ...['post', 'post', 'post'],
      ...['read', 'read', 'read'],
      ...['sync', 'sync', 'sync'],
    ]);
  });

  it('forty calls of one portal hold up no other', async () => {
    const order = await giveOut(
      temporal,
      [
        { portalId: LOUD, kind: 'read', count: 40 },
        { portalId: QUIET, kind: 'read', count: 5 },
      ],
      { slots: 1 },
    );
    expect(order).toHaveLength(45);
    // In turn, more or less: a share is kept over a while, not from call to call.
    expect(order.slice(0, 15).filter(({ portalId }) => portalId === QUIET)).toHaveLength(5);
  });
});

describe('a limit for each portal', () => {
  /** Four a second. */
  const limitedQueue = async (): Promise<string> => {
    const taskQueue = uniqueName('limited');
    const { namespace } = temporal.settings;
    expect(await limitRateEverywhere(temporal.client.connection, { namespace, taskQueue }, 4)).toEqual([]);
    return taskQueue;
  };

  it('holds one portal to its rate, and no other up', async () => {
    const taskQueue = await limitedQueue();
    const order = await giveOut(
      temporal,
      [
        { portalId: LOUD, kind: 'read', count: 16 },
        { portalId: QUIET, kind: 'read', count: 2 },
      ],
      { slots: 50, taskQueue },
    );
    const loud = order.filter((call) => call.portalId === LOUD);
    // A second's worth goes at once; the other eleven wait for 250 ms each.
    expect((loud.at(-1)?.at ?? 0) - (loud[0]?.at ?? 0)).toBeGreaterThan(2_000);
    expect(order.slice(0, 9).filter((call) => call.portalId === QUIET)).toHaveLength(2);
  });

  it('is for all calls of a portal together, whatever their urgency; less urgent ones of others pass', async () => {
    const taskQueue = await limitedQueue();
    const order = await giveOut(
      temporal,
      [
        { portalId: LOUD, kind: 'post', count: 8 },
        { portalId: LOUD, kind: 'read', count: 2 },
        { portalId: QUIET, kind: 'sync', count: 2 },
      ],
      { slots: 50, taskQueue },
    );
    expect(order.slice(0, 9).filter((call) => call.portalId === QUIET)).toHaveLength(2);
    expect(order.at(-1)).toMatchObject({ portalId: LOUD, kind: 'read' });
  });
});
