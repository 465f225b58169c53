import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { type NoticeOwnerChangeInput, noticeOwnerChangeRun } from '../../src/runs/notice-owner-change.ts';
import { type Product, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const ASSIGNS = { HANDOFF_ASSIGN_TO: 'A-1, channel=email:A-3' };
const product = useProduct(temporal, ASSIGNS);
const keyed = useProduct(
  temporal,
  { HANDOFF_TICKET_KEY_PROPERTY: 'threadkeeper_key' },
  { behaviour: { uniqueTicketProperties: ['threadkeeper_key'] } },
);
const reopening = useProduct(temporal, { ...ASSIGNS, HANDOFF_CLOSED_TICKET: 'reopen' });

beforeEach(() => {
  for (const { ai, simulator } of [product, keyed, reopening]) {
    ai.answer = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null });
    simulator.faults.clear();
    simulator.behaviour.usersWithoutOwner = [];
  }
});

const CLOSED = {
  subject: 'Broken lamp (January)',
  hs_pipeline: '0',
  hs_pipeline_stage: '4',
  content: 'The lamp was sent.',
};
const MATTER = 'My new order 5001 never came, I want to talk to a person';
/** Owners have ids of their own. */
const OWNER = { 1: '70000001', 3: '70000003', 77: '70000077' } as const;

const handedOff = async (by: Product, asked: WrittenIds): Promise<void> => {
  expect(await by.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
};
const newestTicket = ({ simulator }: Product) => simulator.tickets().at(-1);
const ticketInComment = (by: Product, threadId: string): string => {
  const comment = by.postedBy(threadId).findLast(({ type }) => type === 'COMMENT');
  return /\/ticket\/(\d+)/.exec(comment && 'text' in comment ? comment.text : '')?.[1] ?? '';
};
/** The AI has the thread again, and the customer wants a person again once that is noticed. */
const asksAgain = async (by: Product, threadId: string): Promise<WrittenIds> => {
  by.simulator.assign(threadId, AI_ACTOR_ID);
  await by.simulator.settle();
  // The last delivery may hold other news as well.
  const event = by.simulator.deliveries
    .flatMap(({ events }) => events)
    .findLast(({ objectId, propertyName }) => String(objectId) === threadId && propertyName === 'assignedTo');
  const change = { portalId: PORTAL_ID, threadId, assignedTo: AI_ACTOR_ID, occurredAt: Number(event?.occurredAt) };
  await by.resultOfRun(noticeOwnerChangeRun.workflowId(change as NoticeOwnerChangeInput, String(event?.eventId)));
  return by.simulator.customerWrites({ threadId, text: MATTER });
};

describe('a handoff on a thread whose ticket is closed', () => {
  it.each([{ hs_pipeline_stage: '4' }, { hs_pipeline_stage: '4', content: '' }])(
    'makes a new one, and leaves the old one closed (%j)',
    async (changes) => {
      const { simulator } = product;
      const old = simulator.createTicket({ ...CLOSED, ...changes });
      const asked = simulator.customerWrites({ channel: 'chat', text: MATTER, ticketId: old });
      await handedOff(product, asked);
      const made = newestTicket(product);
      expect(made?.id).not.toBe(old);
      expect(made?.properties).toMatchObject({ hs_pipeline_stage: '1', content: expect.stringContaining(MATTER) });
      expect(made?.threadIds).toEqual([asked.threadId]);
      expect(ticketInComment(product, asked.threadId)).toBe(made?.id);
      expect(simulator.ticketProperties(old)).toMatchObject({ ...CLOSED, ...changes });
    },
  );

  it.each([
    ['found by its subject', product],
    ['found by its key', keyed],
  ])('makes one for each time that it was closed, %s', async (_, by) => {
    const { simulator } = by;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'A person, please' });
    await handedOff(by, asked);
    const { threadId } = asked;
    const ids = [ticketInComment(by, threadId)];
    for (let round = 0; round < 2; round += 1) {
      simulator.setTicketProperty(ids.at(-1) ?? '', 'hs_pipeline_stage', '4');
      await simulator.settle();
      await handedOff(by, await asksAgain(by, threadId));
      ids.push(ticketInComment(by, threadId));
    }
    expect(new Set(ids).size).toBe(3);
    await simulator.settle();
    await handedOff(by, await asksAgain(by, threadId));
    expect(ticketInComment(by, threadId)).toBe(ids.at(-1));
  });

  it('makes a new one where the old one is gone', async () => {
    const { simulator } = product;
    const asked = simulator.customerWrites({ channel: 'chat', text: MATTER, ticketId: simulator.createTicket(CLOSED) });
    simulator.faults.add({ kind: 'status', status: 404, times: 1, match: { route: 'getTicket' } });
    await handedOff(product, asked);
    expect(newestTicket(product)?.properties).toMatchObject({ hs_pipeline_stage: '1' });
  });

  it('makes one new one though the answer to it is lost', async () => {
    const { simulator } = product;
    const before = simulator.tickets().length;
    const old = simulator.createTicket(CLOSED);
    simulator.faults.add({ kind: 'reset-after', match: { route: 'createTicket' } });
    await handedOff(product, simulator.customerWrites({ channel: 'chat', text: MATTER, ticketId: old }));
    expect(simulator.tickets()).toHaveLength(before + 2);
  });

  it('leaves an open one as agents have it', async () => {
    const { simulator } = product;
    const ticketId = simulator.createTicket({ hs_pipeline_stage: '3', content: 'Agents know.' });
    const asked = simulator.customerWrites({ channel: 'chat', text: MATTER, ticketId });
    await handedOff(product, asked);
    expect(ticketInComment(product, asked.threadId)).toBe(ticketId);
    expect(simulator.ticketProperties(ticketId)).toMatchObject({ hs_pipeline_stage: '3', content: 'Agents know.' });
  });

  it('opens it again where that is set, and says what the new matter is', async () => {
    const { simulator } = reopening;
    const before = simulator.tickets().length;
    const ticketId = simulator.createTicket(CLOSED);
    const asked = simulator.customerWrites({ channel: 'email', text: MATTER, ticketId });
    await handedOff(reopening, asked);
    expect(simulator.tickets()).toHaveLength(before + 1);
    expect(ticketInComment(reopening, asked.threadId)).toBe(ticketId);
    expect(simulator.ticketProperties(ticketId)).toMatchObject({
      subject: CLOSED.subject,
      hs_pipeline_stage: '1',
      hubspot_owner_id: OWNER[3],
      content: expect.stringMatching(/^Handed over by the AI[\s\S]*order 5001 never came[\s\S]*The lamp was sent\.$/),
    });
  });
});

describe('the ticket’s owner', () => {
  const made = async (by: Product, asked: WrittenIds) => {
    await handedOff(by, asked);
    return newestTicket(by)?.properties.hubspot_owner_id;
  };

  it.each([
    ['chat', OWNER[1], 'A-1'],
    ['email', OWNER[3], 'A-3'],
  ] as const)('is the agent whom the rules give the thread to (%s)', async (channel, ownerId, actor) => {
    const asked = product.simulator.customerWrites({ channel, text: MATTER });
    expect(await made(product, asked)).toBe(ownerId);
    expect(product.simulator.thread(asked.threadId).assignedTo).toBe(actor);
  });

  it('is the person who has the thread already', async () => {
    const { simulator } = product;
    const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: MATTER, assignedTo: AGENT_ID });
    await simulator.settle();
    await temporal.client.workflow.execute('handOff', {
      workflowId: `by-hand-${threadId}`,
      taskQueue: product.taskQueue,
      args: [{ portalId: PORTAL_ID, threadId, messageId, reason: 'by hand' }],
    });
    expect(newestTicket(product)?.properties.hubspot_owner_id).toBe(OWNER[77]);
    expect(simulator.thread(threadId).assignedTo).toBe(AGENT_ID);
  });

  it('is set on a ticket that nobody owns, and left on one that somebody does', async () => {
    const { simulator } = product;
    const free = simulator.createTicket();
    const taken = simulator.createTicket({ hubspot_owner_id: OWNER[77] });
    for (const ticketId of [free, taken])
      await handedOff(product, simulator.customerWrites({ channel: 'chat', text: MATTER, ticketId }));
    expect(simulator.ticketProperties(free).hubspot_owner_id).toBe(OWNER[1]);
    expect(simulator.ticketProperties(taken).hubspot_owner_id).toBe(OWNER[77]);
  });

  it('stays nobody where nobody gets the thread', async () => {
    expect(await made(keyed, keyed.simulator.customerWrites({ channel: 'chat', text: MATTER }))).toBeUndefined();
  });

  it('stays nobody where the agent can’t own tickets, or the app may not ask: the ticket is made all the same', async () => {
    const { simulator } = product;
    simulator.behaviour.usersWithoutOwner = [1];
    expect(await made(product, simulator.customerWrites({ channel: 'chat', text: MATTER }))).toBeUndefined();
    simulator.behaviour.usersWithoutOwner = [];
    simulator.faults.add({ kind: 'status', status: 403, match: { route: 'getOwner' } });
    expect(await made(product, simulator.customerWrites({ channel: 'chat', text: MATTER }))).toBeUndefined();
  });
});
