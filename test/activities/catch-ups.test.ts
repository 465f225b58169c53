import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { createPortalLookActivities, createPortalLooks, type Looked } from '../../src/activities/catch-ups.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import type { CaughtUp, Look } from '../../src/sessions/catch-ups.ts';
import { attempt } from '../support/activities.ts';
import { settings } from '../support/messages.ts';
import { ACCESS_TOKEN, AGENT_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

const MINUTE = 60_000;
const INTERVAL = 5 * MINUTE;
let simulator: Simulator;
const noted: Look[] = [];

beforeEach(async () => {
  simulator = await testSimulator();
  noted.length = 0;
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
const portal = (id: string, changes: Partial<PortalSettings> = {}): PortalSettings =>
  settings({ portalId: id as PortalId, catchUpIntervalMs: INTERVAL, ...changes });
const [own, badToken, slow, silent] = [PORTAL_ID, '70001', '70002', '70003'] as PortalId[] as [
  PortalId,
  PortalId,
  PortalId,
  PortalId,
];

/** Every portal is the simulator's; `tokens` are other ones than it takes. */
const look = (
  portals: PortalSettings[],
  {
    known = [],
    batch = 0,
    patienceMs = 20_000,
  }: { known?: Partial<CaughtUp>[]; batch?: number; patienceMs?: number } = {},
): Promise<Looked> => {
  const clientOf = (portalId: PortalId) => {
    const accessToken = portalId === badToken ? 'revoked' : ACCESS_TOKEN;
    const http = { apiUrl: simulator.url, apiVersion: 'v3' as const, timeoutMs: 20_000 };
    const client = createHubSpotClient({ portalId, accessToken, ...http });
    const late = () => delay(60_000, [], { ref: false });
    return portalId === slow ? { ...client, threadsWithMessagesAfter: late } : client;
  };
  const catchUps = {
    of: async (portalIds: readonly PortalId[]) =>
      portalIds.map((portalId): CaughtUp => {
        const row = { portalId, checkedUntil: ago(30), lookedAt: ago(5), newsAt: ago(60) };
        return { ...row, ...known.find((one) => one.portalId === portalId) };
      }),
    note: async (looks: readonly Look[]) => void noted.push(...looks),
  };
  const { lookThroughPortals } = createPortalLookActivities(
    createPortalLooks(async () => portals, clientOf, catchUps, patienceMs),
  );
  return attempt(1).run(lookThroughPortals, { batch }) as Promise<Looked>;
};
const notedOf = (portalId: PortalId) => noted.find((one) => one.portalId === portalId);

it('names a portal on whose threads a customer may wait, and leaves it to its own run how far it is looked through', async () => {
  simulator.customerWrites({ text: 'Hello?', agoMs: 5 * MINUTE });
  const { portals, withNews, failed } = await look([portal(own)]);
  expect({ portals, failed }).toEqual({ portals: 1, failed: [] });
  expect(withNews).toEqual([{ portalId: own, since: expect.any(String) }]);
  expect(notedOf(own)).toMatchObject({ hadNews: true });
  expect(notedOf(own)).not.toHaveProperty('checkedUntil');
});

it('looks a portal through where nobody waits, up to the newest five minutes', async () => {
  const { threadId } = simulator.customerWrites({ text: 'Hello?', agoMs: 10 * MINUTE });
  simulator.agentWrites(threadId, { text: 'Hi', actorId: AGENT_ID });
  simulator.customerWrites({ text: 'A moment ago' });
  expect(await look([portal(own)])).toEqual({ portals: 1, withNews: [], failed: [] });
  const { checkedUntil = '', at = '', hadNews } = notedOf(own) ?? {};
  expect(Date.parse(at) - Date.parse(checkedUntil)).toBe(5 * MINUTE);
  expect(hadNews).toBe(true);
});

it('is not held up by a portal whose token is refused, or that is slow', async () => {
  simulator.customerWrites({ text: 'Hello?', agoMs: 5 * MINUTE });
  const found = await look([portal(badToken), portal(slow), portal(own)], { patienceMs: 1_000 });
  expect(found).toEqual({
    portals: 3,
    withNews: [own, slow].map((portalId) => ({ portalId, since: expect.any(String) })),
    failed: [{ portalId: badToken, error: 'HubSpotUnauthorized' }],
  });
  expect(notedOf(badToken)).toBeUndefined();
});

it('looks at a silent portal in every third interval', async () => {
  const silentSince = (lookedMinutesAgo: number) =>
    look([portal(silent), portal(own)], {
      known: [{ portalId: silent, newsAt: ago(25 * 60), lookedAt: ago(lookedMinutesAgo) }],
    });
  expect((await silentSince(10)).portals).toBe(1);
  expect((await silentSince(15)).portals).toBe(2);
});

it('finds nothing to do in a batch that is there no more', async () => {
  expect(await look([portal(own)], { batch: 1 })).toEqual({ portals: 0, withNews: [], failed: [] });
});
