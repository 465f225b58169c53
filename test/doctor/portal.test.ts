import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkPortal, IN_ENVIRONMENT, IN_PORTALS_FILE } from '../../src/doctor/portal.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import type { EscalationRules } from '../../src/rules/escalation/escalation-rules.ts';
import { freePort } from '../support/free-port.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

let simulator: Simulator;
const servers: Server[] = [];

beforeEach(async () => {
  simulator = await testSimulator();
});
afterEach(async () => {
  await simulator.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
  expect(simulator.contractViolations).toEqual([]);
});

const examined = async (
  changes: { portalId?: string; aiActorId?: string; accessToken?: string; apiUrl?: string } = {},
  names = IN_ENVIRONMENT,
  aiFields: { contact: string[]; ticket: string[] } = { contact: [], ticket: [] },
  escalation?: EscalationRules,
): Promise<Record<string, Finding>> => {
  const portalId = (changes.portalId ?? PORTAL_ID) as PortalId;
  const client = createHubSpotClient({
    portalId,
    apiUrl: changes.apiUrl ?? simulator.url,
    apiVersion: 'v3',
    accessToken: changes.accessToken ?? ACCESS_TOKEN,
    timeoutMs: 24_000,
  });
  const aiActorId = (changes.aiActorId ?? AI_ACTOR_ID) as ActorId;
  const findings = await checkPortal({
    settings: { portalId, aiActorId },
    client,
    aiFields,
    escalation,
    names,
    deadlineMs: 30_000,
  });
  return Object.fromEntries(findings.map((finding) => [finding.check.split(': ')[1], finding]));
};
const levels = (findings: Record<string, Finding>) =>
  Object.fromEntries(Object.entries(findings).map(([check, { level }]) => [check, level]));

it('finds nothing wrong with a portal that is set right, and changes nothing there', async () => {
  const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  const before = simulator.thread(threadId);
  expect(levels(await examined())).toEqual({
    token: 'ok',
    'AI user': 'ok',
    reading: 'ok',
    writing: 'ok',
    channels: 'ok',
  });
  expect(simulator.ledger).toEqual([]);
  expect(simulator.thread(threadId)).toEqual(before);
});

it('looks whether the AI can read the fields that it may', async () => {
  const aiFields = { contact: ['plan'], ticket: ['tracking'] };
  const found = await examined({}, IN_ENVIRONMENT, aiFields);
  expect(found['contact fields']).toMatchObject({ level: 'ok', message: 'The AI may read of contacts: plan.' });
  expect(found['ticket fields']).toMatchObject({ level: 'ok' });
  simulator.faults.add({ kind: 'status', status: 403, match: { route: 'getContact' } });
  expect((await examined({}, IN_ENVIRONMENT, aiFields))['contact fields']).toMatchObject({
    level: 'problem',
    remedy: expect.stringContaining('crm.objects.contacts.read'),
  });
});

it('looks whether the records can be read that escalation rules hang on', async () => {
  const rules: EscalationRules = {
    topics: {},
    rules: [{ name: 'VIP', when: { contact: { vip: ['gold'] }, ticket: { tier: ['1'] } }, do: 'draft' }],
  };
  const look = async () => (await examined({}, IN_ENVIRONMENT, undefined, rules))['escalation rules'];
  expect(await look()).toMatchObject({ level: 'ok', message: '1 escalation rule, which may read vip, tier.' });
  simulator.faults.add({ kind: 'status', status: 403, match: { route: 'getTicket' } });
  expect(await look()).toMatchObject({ level: 'problem', remedy: expect.stringContaining('tickets') });
});

it('warns of channel accounts by which HubSpot can not send, each by its name and id', async () => {
  simulator.setChannelAccount('304951228', { authorized: false });
  simulator.setChannelAccount('418072920', { active: false });
  expect((await examined()).channels).toMatchObject({
    level: 'warning',
    message: "HubSpot can't send by Support mailbox (304951228: not authorized), Support sms (418072920: not active).",
    remedy: expect.stringContaining('Connect it again'),
  });
});

it('finds a token that HubSpot refuses, and says once that the rest was not checked', async () => {
  const found = await examined({ accessToken: 'pat-mistyped' });
  expect(levels(found)).toEqual({
    token: 'problem',
    'AI user': 'info',
    reading: 'info',
    writing: 'info',
    channels: 'info',
  });
  expect(found.token?.message).toContain('401');
  expect(found.token?.remedy).toContain('into HUBSPOT_ACCESS_TOKEN');
  expect(JSON.stringify(found)).not.toContain('pat-mistyped');
});

it('finds a token of another portal, and names that portal', async () => {
  const { token } = await examined({ portalId: '999' });
  expect(token).toMatchObject({
    level: 'problem',
    message: `The token belongs to portal ${PORTAL_ID}, not 999.`,
    remedy: expect.stringContaining(`Set HUBSPOT_PORTAL_ID to ${PORTAL_ID}`),
  });
  expect(levels(await examined({ portalId: PORTAL_ID })).token).toBe('ok');
});

it('calls the settings by their names in PORTALS_FILE where they stand there', async () => {
  const { token } = await examined({ portalId: '999' }, IN_PORTALS_FILE);
  expect(token?.remedy).toContain(`Set portalId in PORTALS_FILE to ${PORTAL_ID}`);
});

it("finds an AI user that the portal doesn't have", async () => {
  const found = await examined({ aiActorId: 'A-1' });
  expect(levels(found)).toEqual({ token: 'ok', 'AI user': 'problem', reading: 'ok', writing: 'ok', channels: 'ok' });
  expect(found['AI user']).toMatchObject({
    message: 'This portal has no user A-1.',
    remedy: expect.stringMatching(/^Set HUBSPOT_AI_ACTOR_ID .*Users & Teams/),
  });
});

it('finds an AI actor that is no user, since HubSpot lets only users send', async () => {
  simulator.faults.add({
    kind: 'rewrite',
    rewrite: (actor) => ({ ...(actor as object), type: 'BOT' }),
    match: { route: 'getActor' },
  });
  expect((await examined())['AI user']).toMatchObject({ level: 'problem', message: expect.stringContaining('BOT') });
});

it('names the scopes that HubSpot says are missing, for reading and for writing', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/account-info/')) {
      response.end(JSON.stringify({ portalId: Number(PORTAL_ID), uiDomain: 'app.hubspot.com', timeZone: 'UTC' }));
      return;
    }
    const scope = request.method === 'GET' ? 'conversations.read' : 'conversations.write';
    response.statusCode = 403;
    response.end(
      JSON.stringify({
        status: 'error',
        message: "This app hasn't been granted all required scopes to make this call.",
        category: 'MISSING_SCOPES',
        errors: [{ message: 'All of these are required.', context: { requiredGranularScopes: [scope] } }],
      }),
    );
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const found = await examined({ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  expect(levels(found)).toEqual({
    token: 'ok',
    'AI user': 'problem',
    reading: 'problem',
    writing: 'problem',
    channels: 'problem',
  });
  expect(found.reading?.remedy).toContain("Add to the app's scopes: conversations.read.");
  expect(found.writing?.remedy).toContain("Add to the app's scopes: conversations.write.");
});

it('names the usual scope where HubSpot refuses without naming any', async () => {
  simulator.faults.add({ kind: 'status', status: 403, match: { route: 'updateThread' } });
  expect((await examined()).writing?.remedy).toContain('conversations.write');
});

it('finds an API address where nothing listens', async () => {
  const { token } = await examined({ apiUrl: `http://127.0.0.1:${await freePort()}` });
  expect(token).toMatchObject({ level: 'problem', remedy: expect.stringContaining('Check HUBSPOT_API_URL') });
});

it("finds an API address that is not HubSpot's", async () => {
  const found = { level: 'problem', remedy: expect.stringContaining('Check HUBSPOT_API_URL') };
  simulator.faults.add({ kind: 'not-found', match: { route: 'getAccountDetails' } });
  expect((await examined()).token).toMatchObject(found);
  simulator.faults.add({ kind: 'rewrite', rewrite: () => ({ hello: 1 }), match: { route: 'getAccountDetails' } });
  expect((await examined()).token).toMatchObject(found);
});

it('only warns where the portal has spent its limit', async () => {
  simulator.faults.add({ kind: 'rate-limit', match: { route: 'listThreads' } });
  expect((await examined()).reading).toMatchObject({ level: 'warning', remedy: expect.stringContaining('again') });
});
