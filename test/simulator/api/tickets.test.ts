import { describe, expect, it } from '@jest/globals';
import { callApi, createStage } from '../stage.ts';

const stage = createStage();

const TICKETS = '/crm/v3/objects/tickets';

describe('a simulated ticket', () => {
  it('shows the properties asked for, and null for those never set', async () => {
    const simulator = await stage.simulator();
    const ticketId = simulator.createTicket({ subject: 'Broken', plan: 'pro' });
    const { body } = await callApi(simulator, 'GET', `${TICKETS}/${ticketId}?properties=plan&properties=hs_resolution`);
    expect(body).toMatchObject({ id: ticketId, properties: { plan: 'pro', hs_resolution: null } });
    expect((await callApi(simulator, 'GET', `${TICKETS}/1`)).status).toBe(404);
  });

  it('is found by a unique property of its own', async () => {
    const simulator = await stage.simulator({ behaviour: { uniqueTicketProperties: ['run_id'] } });
    const ticketId = simulator.createTicket({ run_id: 'r-1' });
    expect((await callApi(simulator, 'GET', `${TICKETS}/r-1?idProperty=run_id`)).body.id).toBe(ticketId);
  });

  it('takes new values, and tells the app of its own change', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url });
    const ticketId = simulator.createTicket({ plan: 'pro' });
    const properties = { plan: 'free', subject: '' };
    expect((await callApi(simulator, 'PATCH', `${TICKETS}/${ticketId}`, { properties })).status).toBe(200);
    await simulator.settle();
    expect(simulator.ticketProperties(ticketId)).toMatchObject(properties);
    const events = receiver.received.flatMap((request) => request.events);
    expect(
      events.map(({ propertyName, propertyValue, changeSource }) => [propertyName, propertyValue, changeSource]),
    ).toEqual([
      ['plan', 'free', 'INTEGRATION'],
      ['subject', '', 'INTEGRATION'],
    ]);
    expect(events[0].occurredAt).toBe(events[1].occurredAt);
  });

  it('takes none of them when one doesn’t exist', async () => {
    const simulator = await stage.simulator();
    const ticketId = simulator.createTicket({ plan: 'pro' });
    const properties = { plan: 'free', mood: 'good' };
    const { status, body } = await callApi(simulator, 'PATCH', `${TICKETS}/${ticketId}`, { properties });
    expect(status).toBe(400);
    expect(body.message).toContain('PROPERTY_DOESNT_EXIST');
    expect(simulator.ticketProperties(ticketId).plan).toBe('pro');
  });
});

describe('a ticket’s property event', () => {
  it('comes in the shapes that the app has subscribed to, both for one change', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url });
    const ticketId = simulator.createTicket();
    simulator.setTicketProperty(ticketId, 'plan', 'pro', {
      occurredAt: 1_700_000_000_000,
      shapes: ['legacy', 'generic'],
    });
    await simulator.settle();
    const [legacy, generic] = receiver.received.flatMap((request) => request.events);
    const change = {
      objectId: Number(ticketId),
      propertyName: 'plan',
      propertyValue: 'pro',
      occurredAt: 1_700_000_000_000,
    };
    expect(legacy).toMatchObject({ ...change, subscriptionType: 'ticket.propertyChange' });
    expect(legacy).not.toHaveProperty('objectTypeId');
    expect(generic).toMatchObject({
      ...change,
      subscriptionType: 'object.propertyChange',
      objectTypeId: '0-5',
      isSensitive: false,
    });
    expect(generic.eventId).not.toBe(legacy.eventId);
    expect(generic.subscriptionId).not.toBe(legacy.subscriptionId);
  });

  it('hides a sensitive value', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url });
    simulator.setTicketProperty(simulator.createTicket(), 'illness', 'flu', {
      sensitive: true,
      shapes: ['legacy', 'generic'],
    });
    await simulator.settle();
    expect(receiver.received.map(({ body }) => body).join()).not.toContain('flu');
    const events = receiver.received.flatMap((request) => request.events);
    expect(events.map(({ propertyValue, isSensitive }) => [propertyValue, isSensitive])).toEqual([
      ['REDACTED', undefined],
      ['REDACTED', true],
    ]);
  });
});
