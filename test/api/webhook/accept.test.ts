import { describe, expect, it } from '@jest/globals';
import { accept, deliveryWorkflowId, NotDurable } from '../../../src/api/webhook/accept.ts';
import { createBulkPacing } from '../../../src/api/webhook/bulk-pacing.ts';
import type { ThreadId, TicketId } from '../../../src/hubspot/ids.ts';
import { DeadlinePassed } from '../../../src/lib/deadline.ts';
import { type PlannedStart, plannedReply } from '../../../src/runs/planned-start.ts';
import { MemoryStarter, portalId } from '../support.ts';

const replies = (count: number, portal = '1'): PlannedStart[] =>
  Array.from({ length: count }, (_, at) =>
    plannedReply({ portalId: portalId(portal), threadId: `${at}` as ThreadId, messageId: 'm' as never }),
  );

const atOnce = createBulkPacing(0);

const accepting = (starts: readonly PlannedStart[], starter: MemoryStarter, deadlineMs = 4000, pacing = atOnce) => {
  const counted: string[] = [];
  const result = accept(starts, starter, {
    deadlineMs,
    pacing,
    onStart: (type, how) => counted.push(`${type} ${how}`),
  });
  return { result, counted };
};

describe('up to ten starts', () => {
  it('are made one by one', async () => {
    const starter = new MemoryStarter();
    const { result } = accepting(replies(10), starter);
    expect(await result).toEqual({ accepted: 10, duplicate: 0 });
    expect([...starter.runs.keys()]).toEqual(replies(10).map(({ workflowId }) => workflowId));
  });

  it('are made at the same time', async () => {
    const starter = new MemoryStarter();
    let waiting = 0;
    let allCame: () => void;
    const all = new Promise<void>((resolve) => {
      allCame = resolve;
    });
    starter.before = () => {
      waiting += 1;
      if (waiting === 10) allCame();
      return all;
    };
    expect(await accepting(replies(10), starter).result).toEqual({ accepted: 10, duplicate: 0 });
  });

  it('count those as duplicate that have a run already', async () => {
    const starter = new MemoryStarter();
    await accepting(replies(2), starter).result;
    const { result, counted } = accepting(replies(3), starter);
    expect(await result).toEqual({ accepted: 1, duplicate: 2 });
    expect(counted.sort()).toEqual(['replyToMessage duplicate', 'replyToMessage duplicate', 'replyToMessage started']);
  });

  it('may be none', async () => {
    expect(await accepting([], new MemoryStarter()).result).toEqual({ accepted: 0, duplicate: 0 });
  });
});

describe('more than ten starts', () => {
  it('are taken by one dispatch run, named by what it starts', async () => {
    const starter = new MemoryStarter();
    const { result, counted } = accepting(replies(11), starter);
    expect(await result).toEqual({ accepted: 11, duplicate: 0 });
    expect(starter.runs).toEqual(new Map([[deliveryWorkflowId(replies(11)), replies(11)]]));
    expect(counted).toEqual(['dispatchDelivery started']);
  });

  it('are made one by one where they are few of their portal: they would wait for the bulk', async () => {
    const [bulk, few] = [replies(99), replies(1, '2')];
    const starter = new MemoryStarter();
    const { result, counted } = accepting([...bulk, ...few], starter);
    expect(await result).toEqual({ accepted: 100, duplicate: 0 });
    expect([...starter.runs.values()]).toEqual(expect.arrayContaining([bulk, few[0]]));
    expect(counted.sort()).toEqual(['dispatchDelivery started', 'replyToMessage started']);
  });

  it('are taken by a dispatch run without the bulk where even the few are many', async () => {
    const [bulk, ...few] = [replies(30), replies(6, '2'), replies(6, '3')];
    const starter = new MemoryStarter();
    expect(await accepting([...bulk, ...few.flat()], starter).result).toEqual({ accepted: 42, duplicate: 0 });
    expect([...starter.runs.values()]).toEqual([few.flat(), bulk]);
  });

  it('share a dispatch run with no other portal’s bulk, and each portal’s is paced by itself', async () => {
    const [loud, other] = [replies(60), replies(12, '2')];
    const starter = new MemoryStarter();
    const pacing = createBulkPacing(6, () => 0);
    await accepting(loud, starter, 4000, pacing).result;
    await accepting([...other, ...replies(18, '3'), ...loud.slice(30)], starter, 4000, pacing).result;
    expect([...starter.runs.values()]).toEqual([loud, other, replies(18, '3'), loud.slice(30)]);
    expect(starter.beginsInMs).toEqual([0, 0, 0, 10_000]);
  });

  it('are duplicates, all of them, when that run is known', async () => {
    const starter = new MemoryStarter();
    await accepting(replies(11), starter).result;
    expect(await accepting(replies(11).reverse(), starter).result).toEqual({ accepted: 0, duplicate: 11 });
  });

  it('are taken by several when they are too much for one, and none is lost', async () => {
    const input = { portalId: portalId('1'), ticketId: '1' as TicketId, propertyName: 'content', occurredAt: 1 };
    const starts: PlannedStart[] = Array.from({ length: 100 }, (_, at) => ({
      type: 'syncTicketProperty',
      workflowId: `ticket:1:1-${at}:content@1`,
      input: { ...input, propertyValue: 'é'.repeat(65_536) },
    }));
    const starter = new MemoryStarter();
    expect(await accepting(starts, starter).result).toEqual({ accepted: 100, duplicate: 0 });
    const parts = [...starter.runs.values()];
    expect(parts.flat()).toEqual(starts);
    for (const part of parts)
      expect(Buffer.byteLength(JSON.stringify({ starts: part }))).toBeLessThan(1.1 * 1024 * 1024);
  });

  it('are never more than 500 for one run', async () => {
    const starter = new MemoryStarter();
    expect(await accepting(replies(1001), starter).result).toEqual({ accepted: 1001, duplicate: 0 });
    expect([...starter.runs.values()].map((part) => [part].flat().length)).toEqual([500, 500, 1]);
  });
});

describe('the name of a delivery', () => {
  it('is a hash of its starts, in whatever order', () => {
    expect(deliveryWorkflowId(replies(3))).toMatch(/^delivery:[0-9a-f]{64}$/);
    expect(deliveryWorkflowId(replies(3).reverse())).toBe(deliveryWorkflowId(replies(3)));
  });

  it('differs when one start more is in it', () => {
    expect(deliveryWorkflowId(replies(4))).not.toBe(deliveryWorkflowId(replies(3)));
  });
});

describe('a delivery is not durable', () => {
  const unavailable = new Error('14 UNAVAILABLE');

  it('when one start of several failed', async () => {
    const starter = new MemoryStarter();
    starter.before = async (id) => {
      if (id === 'message:1:1-m') throw unavailable;
    };
    const { result, counted } = accepting(replies(3), starter);
    await expect(result).rejects.toThrow(NotDurable);
    await expect(result).rejects.toHaveProperty('cause', unavailable);
    expect(counted).toContain('replyToMessage failed');
  });

  it('when its dispatch failed', async () => {
    const starter = new MemoryStarter();
    starter.before = () => Promise.reject(unavailable);
    await expect(accepting(replies(11), starter).result).rejects.toThrow(NotDurable);
  });

  it('when the starts take longer than there is time', async () => {
    const starter = new MemoryStarter();
    starter.before = () => new Promise(() => {});
    const { result } = accepting(replies(2), starter, 10);
    await expect(result).rejects.toThrow(NotDurable);
    await expect(result).rejects.toHaveProperty('cause', expect.any(DeadlinePassed));
  });

  it('and a start that fails after that harms nobody', async () => {
    const starter = new MemoryStarter();
    let fail: (error: Error) => void = () => {};
    starter.before = () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      });
    await expect(accepting(replies(1), starter, 10).result).rejects.toThrow(NotDurable);
    fail(unavailable);
    await new Promise(setImmediate);
  });
});
