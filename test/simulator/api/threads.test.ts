import { describe, expect, it } from '@jest/globals';
import { AI, assigneePath, callApi, createStage, replyTo, THREADS } from '../stage.ts';

const stage = createStage();

describe('a simulated thread', () => {
  it('begins with the customer’s first message, owned by the AI unless told otherwise', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    const unowned = simulator.customerWrites({ text: 'Hi', assignedTo: null });
    expect(threadId).toMatch(/^\d{10}$/);
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}`)).body).toMatchObject({
      status: 'OPEN',
      assignedTo: AI,
      originalChannelId: '1000',
      spam: false,
    });
    expect((await callApi(simulator, 'GET', `${THREADS}/${unowned.threadId}`)).body).not.toHaveProperty('assignedTo');
  });

  it('names its ticket only when asked', async () => {
    const simulator = await stage.simulator();
    const ticketId = simulator.createTicket();
    const { threadId } = simulator.customerWrites({ text: 'Hi', ticketId });
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}`)).body).not.toHaveProperty('threadAssociations');
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}?association=TICKET`)).body).toMatchObject({
      threadAssociations: { associatedTicketId: ticketId },
    });
  });

  it('is found by its ticket, page by page', async () => {
    const simulator = await stage.simulator();
    const ticketId = simulator.createTicket();
    const expected = ['one', 'two', 'three'].map((text) => simulator.customerWrites({ text, ticketId }).threadId);
    simulator.customerWrites({ text: 'another matter' });
    const list = `${THREADS}?associatedTicketId=${ticketId}&association=TICKET&limit=2`;
    const first = await callApi(simulator, 'GET', list);
    const second = await callApi(simulator, 'GET', `${list}&after=${first.body.paging.next.after}`);
    expect([...first.body.results, ...second.body.results].map(({ id }) => id)).toEqual(expected);
    expect(second.body).not.toHaveProperty('paging');
  });

  it('is found by recent activity, the least recent first', async () => {
    const simulator = await stage.simulator();
    const [old, quiet] = ['a', 'b'].map((text) => simulator.customerWrites({ text }).threadId);
    const since = new Date().toISOString();
    simulator.customerWrites({ text: 'again', threadId: old ?? '' });
    const path = `${THREADS}?sort=latestMessageTimestamp`;
    expect((await callApi(simulator, 'GET', path)).status).toBe(400);
    const { body } = await callApi(simulator, 'GET', `${path}&latestMessageTimestampAfter=1970-01-01T00:00:00Z`);
    expect(body.results.map(({ id }: { id: string }) => id)).toEqual([quiet, old]);
    const later = new Date(Date.parse(since) + 60_000).toISOString();
    expect((await callApi(simulator, 'GET', `${path}&latestMessageTimestampAfter=${later}`)).body.results).toEqual([]);
  });

  it('is not found while archived, except by who asks for archived ones; its history stays readable', async () => {
    const simulator = await stage.simulator();
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi' });
    simulator.archive(threadId);
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}`)).status).toBe(404);
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}?archived=true`)).body.archived).toBe(true);
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages/${messageId}`)).status).toBe(200);
    const reply = replyTo(simulator, threadId);
    expect((await callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, reply)).status).toBe(404);
    const restored = await callApi(simulator, 'PATCH', `${THREADS}/${threadId}?archived=true`, { archived: false });
    expect(restored.body.archived).toBe(false);
  });

  it('gets and loses its owner through the API, and its history says so', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', assignedTo: null });
    expect((await callApi(simulator, 'PUT', assigneePath(threadId), { actorId: AI })).body.assignedTo).toBe(AI);
    expect((await callApi(simulator, 'DELETE', assigneePath(threadId))).status).toBe(204);
    expect(simulator.thread(threadId)).not.toHaveProperty('assignedTo');
    const { body } = await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages`);
    expect(body.results.slice(1)).toEqual([
      expect.objectContaining({ type: 'ASSIGNMENT', assignedTo: AI }),
      expect.objectContaining({ type: 'ASSIGNMENT', assignedFrom: AI }),
    ]);
    expect((await callApi(simulator, 'PUT', assigneePath(threadId), { actorId: 'V-1' })).status).toBe(400);
  });

  it('opens again when the customer writes on it', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    simulator.closeThread(threadId);
    expect(simulator.thread(threadId).status).toBe('CLOSED');
    simulator.customerWrites({ threadId, text: 'One more thing' });
    expect(simulator.thread(threadId)).toMatchObject({ status: 'OPEN' });
    expect(simulator.messages(threadId).map(({ type }) => type)).toEqual([
      'MESSAGE',
      'THREAD_STATUS_CHANGE',
      'THREAD_STATUS_CHANGE',
      'MESSAGE',
    ]);
  });
});
