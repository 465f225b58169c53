import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAiReading, type ReadablePortal } from '../../src/activities/ai-reading.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { PortalId, TicketId } from '../../src/hubspot/ids.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { asking } from '../ai/request.ts';
import { attempt } from '../support/activities.ts';
import { ACCESS_TOKEN, PORTAL_ID, testSimulator } from '../support/simulator.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await testSimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const readingWith = (aiFields: Partial<ReadablePortal['aiFields']>) => {
  const client = createHubSpotClient({
    portalId: PORTAL_ID as PortalId,
    apiUrl: simulator.url,
    apiVersion: 'v3',
    accessToken: ACCESS_TOKEN,
    timeoutMs: 10_000,
  });
  const reading = createAiReading(() => ({ client, aiFields: { contact: [], ticket: [], ...aiFields } }));
  return (contactId: string | null, ticketId: string | null = null) =>
    reading(asking('?', { contactId, ticketId: ticketId as TicketId | null }));
};
const never = new AbortController().signal;

describe('a record that the AI may read', () => {
  it('is not there unless the settings name a property', () => {
    expect(readingWith({})('1', '2')).toEqual({});
  });

  it('is the thread’s own, and shows the properties that the settings name', async () => {
    const contactId = simulator.createContact({ plan: 'pro', salary: '1' });
    const ticketId = simulator.createTicket({ tracking: 'Z-1', internal_note: 'difficult' });
    const { customer, ticket } = readingWith({ contact: ['plan', 'typo'], ticket: ['tracking'] })(contactId, ticketId);
    expect(customer?.names).toEqual(['plan', 'typo']);
    expect(await customer?.read(never)).toEqual({ plan: 'pro' });
    expect(await ticket?.read(never)).toEqual({ tracking: 'Z-1' });
    expect(simulator.calls.map(({ path }) => path).join()).not.toMatch(/salary|internal_note/);
  });

  it('is empty where HubSpot has none', async () => {
    const read = readingWith({ contact: ['plan'], ticket: ['tracking'] });
    expect(await read('1', '1').customer?.read(never)).toEqual({});
    expect(await read('1', '1').ticket?.read(never)).toEqual({});
    const before = simulator.calls.length;
    expect(await read(null).customer?.read(never)).toEqual({});
    expect(await read(null).ticket?.read(never)).toEqual({});
    expect(simulator.calls).toHaveLength(before);
  });

  it.each([
    ['is away', { kind: 'status', status: 503 }],
    ['refuses the scope', { kind: 'status', status: 403 }],
    ['has no calls left', { kind: 'rate-limit', retryAfter: 10 }],
  ] as const)('is not available while HubSpot %s', async (_what, fault) => {
    simulator.faults.add(fault);
    const { customer } = readingWith({ contact: ['plan'] })(simulator.createContact({ plan: 'pro' }));
    expect(await attempt(1).run(async () => await customer?.read(never))).toBeNull();
  });

  it('is given up with the answer', async () => {
    const { customer } = readingWith({ contact: ['plan'] })('1');
    const why = new Error('a human took over');
    await expect(customer?.read(AbortSignal.abort(why))).rejects.toBe(why);
  });
});
