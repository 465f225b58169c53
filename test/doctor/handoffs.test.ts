import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkHandoffs } from '../../src/doctor/handoffs.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import { createCrmClient } from '../../src/hubspot/crm.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import type { HandoffSettings } from '../../src/rules/handoff/handoff-settings.ts';
import { handoff } from '../support/messages.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await testSimulator({ behaviour: { uniqueTicketProperties: ['threadkeeper_key'] } });
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const examined = async (
  changes: Partial<HandoffSettings> = {},
  assignedByRules: ActorId[] = [],
  timeZone?: string,
): Promise<Record<string, Finding>> => {
  const portalId = PORTAL_ID as PortalId;
  const http = { apiUrl: simulator.url, apiVersion: 'v3', accessToken: ACCESS_TOKEN, timeoutMs: 24_000 } as const;
  const findings = await checkHandoffs({
    portalId,
    handoff: handoff(changes),
    assignedByRules,
    timeZone,
    now: Date.parse('2026-11-29T12:00:00Z'),
    client: createHubSpotClient({ portalId, ...http }),
    crm: createCrmClient(http),
    deadlineMs: 30_000,
  });
  return Object.fromEntries(findings.map((finding) => [finding.check.split(': ')[1], finding]));
};

it('finds nothing wrong with a portal that has what handoffs need, and changes nothing there', async () => {
  const found = await examined({ keyProperty: 'threadkeeper_key', escalateTo: AI_ACTOR_ID as ActorId });
  expect(Object.entries(found).map(([what, { level }]) => [what, level])).toEqual([
    ['contacts', 'ok'],
    ['tickets', 'ok'],
    ['assignment', 'ok'],
  ]);
  expect(found.tickets?.message).toContain('pipeline 0, stage 1');
  expect(simulator.ledger).toEqual([]);
});

it('looks for nothing where handoffs make no tickets and assign to nobody', async () => {
  expect(await examined({ tickets: false })).toEqual({});
});

it.each([
  ['contacts', 'createContact', 'crm.objects.contacts.read, crm.objects.contacts.write'],
  ['tickets', 'searchTickets', 'tickets'],
] as const)('warns of a missing scope for %s, and names it', async (what, route, scope) => {
  simulator.faults.add({ kind: 'status', status: 403, match: { route } });
  expect((await examined())[what]).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('403'),
    remedy: expect.stringContaining(`Add to the app's scopes: ${scope}.`),
  });
});

it.each([
  [{ pipeline: '7' }, 'The portal has no ticket pipeline 7'],
  [{ stage: '7' }, 'The portal has no ticket pipeline with stage 7'],
  [{ pipeline: '0', stage: '7' }, 'Pipeline 0 has no stage 7'],
  [{ keyProperty: 'no_key' }, 'no_key'],
])('warns of tickets that can’t be made with %j', async (changes, message) => {
  expect((await examined(changes)).tickets).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(message),
  });
});

it('warns of an agent whom the portal doesn’t have', async () => {
  const assignTo = [{ when: null, to: 'A-1' as ActorId }];
  expect((await examined({ assignTo })).assignment).toMatchObject({
    level: 'warning',
    message: 'This portal has no user A-1: threads are not assigned to them.',
  });
});

it('says when business hours begin, and warns where nobody has set their clock, or they never come', async () => {
  const week = [[], [[540, 1020]]] as const;
  const look = async (holidays: [string, string][], zone?: string) =>
    (await examined({ hours: { week, holidays } }, [], zone))['business hours'];
  expect(await look([], 'Europe/Berlin')).toMatchObject({
    level: 'ok',
    message: 'Business hours begin Monday 09:00 (Europe/Berlin).',
  });
  expect(await look([])).toMatchObject({ level: 'warning', remedy: expect.stringContaining('TIME_ZONE') });
  expect(await look([['01-01', '12-31']], 'Europe/Berlin')).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('never come'),
  });
});

it('looks for those too whom escalation rules name', async () => {
  expect((await examined({}, ['A-1' as ActorId])).assignment).toMatchObject({
    level: 'warning',
    message: 'This portal has no user A-1: threads are not assigned to them.',
  });
});

it('says whether the agents who get threads can own tickets', async () => {
  const assignTo = [{ when: null, to: 'A-1' as ActorId }];
  expect((await examined({ assignTo }))['ticket owners']).toMatchObject({ level: 'ok' });
  simulator.behaviour.usersWithoutOwner = [1];
  expect((await examined({ assignTo }))['ticket owners']).toMatchObject({
    level: 'warning',
    message: "A-1 can't own tickets: the tickets of their threads have no owner.",
  });
  simulator.faults.add({ kind: 'status', status: 403, match: { route: 'getOwner' } });
  expect((await examined({ assignTo }))['ticket owners']).toMatchObject({
    level: 'warning',
    remedy: expect.stringContaining('crm.objects.owners.read'),
  });
});
