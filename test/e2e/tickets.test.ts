import { describe, expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);

const conversation = async () => {
  const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  await product.resultOf(asked);
  return asked.threadId;
};

/** What the AI is told of the session at the customer's next message. */
const customData = async (threadId: string) => {
  await product.resultOf(product.simulator.customerWrites({ threadId, text: 'And now?' }));
  return product.ai.asked.at(-1)?.customData;
};

/**
 * Results of the runs that ticket events have started, once they all have ended. A second shape has none of its own.
 */
const syncResults = async (ticketId: string): Promise<unknown[]> => {
  await product.simulator.settle();
  const ids = product.simulator.deliveries
    .flatMap(({ events }) => events as Record<string, unknown>[])
    .filter(({ objectId, propertyName }) => String(objectId) === ticketId && propertyName)
    .map((event) => `ticket:${PORTAL_ID}:${ticketId}-${event.eventId}:${event.propertyName}@${event.occurredAt}`);
  const results = await Promise.all(
    [...new Set(ids)].map((id) =>
      temporal.client.workflow
        .getHandle(id)
        .result()
        .catch((error) => {
          if (error instanceof WorkflowNotFoundError) return [];
          throw error;
        }),
    ),
  );
  return results.flat();
};

describe('a changed ticket property', () => {
  it('reaches the AI, also when the session learns of its ticket only by the thread’s association', async () => {
    const threadId = await conversation();
    const ticketId = product.simulator.createTicket();
    product.simulator.linkTicket(threadId, ticketId);
    product.simulator.setTicketProperty(ticketId, 'hs_ticket_priority', 'HIGH', { shapes: ['legacy'] });
    expect(await syncResults(ticketId)).toEqual([{ outcome: 'synced' }]);
    expect(await customData(threadId)).toEqual({ hs_ticket_priority: 'HIGH' });
  });

  it('reaches every conversation of the ticket, also one that was associated later', async () => {
    const [first, second] = [await conversation(), await conversation()];
    const ticketId = product.simulator.createTicket();
    product.simulator.linkTicket(first, ticketId);
    product.simulator.setTicketProperty(ticketId, 'stage', 'new', { shapes: ['legacy'] });
    await syncResults(ticketId);
    product.simulator.linkTicket(second, ticketId);
    product.simulator.setTicketProperty(ticketId, 'stage', 'open', { shapes: ['legacy'] });
    await syncResults(ticketId);
    expect(await customData(first)).toEqual({ stage: 'open' });
    expect(await customData(second)).toEqual({ stage: 'open' });
  });

  it('counts by when it occurred, not by when it arrived', async () => {
    const threadId = await conversation();
    const ticketId = product.simulator.createTicket();
    product.simulator.linkTicket(threadId, ticketId);
    const now = Date.now();
    product.simulator.setTicketProperty(ticketId, 'stage', 'new', { occurredAt: now, shapes: ['generic'] });
    await syncResults(ticketId);
    product.simulator.setTicketProperty(ticketId, 'stage', 'old', { occurredAt: now - 1_000, shapes: ['generic'] });
    expect(await syncResults(ticketId)).toEqual([
      { outcome: 'synced' },
      { outcome: 'synced', reason: 'a newer value already stands' },
    ]);
    expect(await customData(threadId)).toEqual({ stage: 'new' });
  });

  it('in both of HubSpot’s shapes at once is one change', async () => {
    const threadId = await conversation();
    // HubSpot's word of our own reply may else come in the same delivery.
    await product.simulator.settle();
    const ticketId = product.simulator.createTicket();
    product.simulator.linkTicket(threadId, ticketId);
    product.simulator.setTicketProperty(ticketId, 'stage', 'twice', { shapes: ['legacy', 'generic'] });
    expect(await syncResults(ticketId)).toEqual([{ outcome: 'synced' }]);
    const answers = product.simulator.deliveries.filter(({ events }) =>
      (events as Record<string, unknown>[]).some(({ objectId }) => String(objectId) === ticketId),
    );
    expect(answers.map(({ body }) => body)).toEqual([{ accepted: 1, duplicate: 1, ignored: 0, rejected: [] }]);
    expect(await customData(threadId)).toEqual({ stage: 'twice' });
  });

  it('is never stored when HubSpot keeps its value to itself', async () => {
    const threadId = await conversation();
    const ticketId = product.simulator.createTicket();
    product.simulator.linkTicket(threadId, ticketId);
    product.simulator.setTicketProperty(ticketId, 'secret', 's3cret', { sensitive: true });
    await product.simulator.settle();
    expect(await customData(threadId)).toEqual({});
  });
});
