import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPortalActivities } from '../../src/activities/portals.ts';
import type { ActorId, PortalId } from '../../src/hubspot/ids.ts';
import { createInstalledPortals } from '../../src/installations/installations.ts';
import { createSeal } from '../../src/installations/seal.ts';
import { createInstallationStore, type InstallationStore } from '../../src/installations/store.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { settings } from '../support/messages.ts';
import { tokenKeys } from '../support/oauth.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';

let database: OpenDatabase;
let store: InstallationStore;
beforeAll(async () => {
  database = await openSuiteDatabase();
  store = createInstallationStore(database.db, createSeal(tokenKeys('key')));
});
afterAll(async () => {
  await database.close();
});

const noTokens = () => ({ current: async () => 'none', refused: () => undefined });
/** A process that knows portals as they were a moment ago. */
const worker = () => createInstalledPortals(store, noTokens, settings(), []);
const activitiesOf = (portals: ReturnType<typeof worker>) => createPortalActivities([], portals.settingsOf);
const connect = (portalId: string) => {
  const grant = { portalId: portalId as PortalId, accessToken: 'a', refreshToken: 'r', expiresInMs: 60_000 };
  return store.save(grant, 'A-500' as ActorId, Date.now());
};

it('a run finds the settings of a portal that another process has connected this very moment', async () => {
  const portals = worker();
  expect(await portals.settings()).toEqual([]);
  await connect('1');
  expect(await activitiesOf(portals).portalSettings('1' as PortalId)).toMatchObject({
    portalId: '1',
    aiActorId: 'A-500',
  });
});

it('a portal is unknown where the database says so, and not where it does not answer', async () => {
  const portals = worker();
  await portals.settings();
  const { portalSettings } = activitiesOf(portals);
  await expect(portalSettings('404' as PortalId)).rejects.toMatchObject({ type: 'UnknownPortal', nonRetryable: true });
  await database.db.schema.alterTable('installations').renameTo('away').execute();
  await expect(portalSettings('404' as PortalId)).rejects.not.toMatchObject({ type: 'UnknownPortal' });
  // Those that it knows are answered meanwhile.
  expect(await portalSettings('1' as PortalId)).toMatchObject({ portalId: '1' });
  await database.db.schema.alterTable('away').renameTo('installations').execute();
});
