import { describe, expect, it } from '@jest/globals';
import { type ScheduleClient, ScheduleNotFoundError, ServiceError } from '@temporalio/client';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { GRPC } from '../../src/temporal/grpc-status.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import {
  catchUpScheduleId,
  knowledgeScheduleId,
  prepareSchedules,
  retentionScheduleId,
} from '../../src/temporal/schedules.ts';
import { eventually } from '../support/eventually.ts';
import { settings } from '../support/messages.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const { client, settings: connection } = useTemporal();
const HOUR = 3_600_000;

const portal = (catchUpIntervalMs = HOUR): PortalSettings =>
  settings({ portalId: String(Math.floor(Math.random() * 1e9) + 1e9) as PortalId, catchUpIntervalMs });
const scheduleOf = ({ portalId }: PortalSettings) => client.schedule.getHandle(catchUpScheduleId(portalId));
const prepare = (taskQueue: string, ...portals: PortalSettings[]) =>
  prepareSchedules(client.schedule, taskQueue, portals);

/** Schedules are listed a moment after they were made. */
const untilListed = async ({ portalId }: PortalSettings): Promise<void> => {
  for (;;) {
    for await (const { scheduleId } of client.schedule.list()) if (scheduleId === catchUpScheduleId(portalId)) return;
  }
};

describe('prepareSchedules', () => {
  it('makes one for each portal, also when several workers start at once', async () => {
    const taskQueue = uniqueName('schedules');
    const [one, other] = [portal(), portal(2 * HOUR)];
    const prepared = await Promise.all([1, 2, 3].map(() => prepare(taskQueue, one, other)));
    expect(prepared).toEqual(prepared.map(() => ({ warnings: [] })));
    expect(await scheduleOf(one).describe()).toMatchObject({
      spec: { intervals: [{ every: HOUR }] },
      action: { workflowType: 'catchUp', taskQueue, args: [{ portalId: one.portalId, since: expect.any(String) }] },
      policies: { overlap: 'SKIP', catchupWindow: 60_000 },
      state: { paused: false },
    });
    expect(await scheduleOf(other).describe()).toMatchObject({ spec: { intervals: [{ every: 2 * HOUR }] } });
  });

  it('follows the settings, and leaves one paused that someone has paused', async () => {
    const taskQueue = uniqueName('schedules');
    const paused = portal();
    await prepare(taskQueue, paused);
    await scheduleOf(paused).pause('moving house');
    await prepare(taskQueue, { ...paused, catchUpIntervalMs: 3 * HOUR });
    expect(await scheduleOf(paused).describe()).toMatchObject({
      spec: { intervals: [{ every: 3 * HOUR }] },
      state: { paused: true, note: 'moving house' },
    });
  });

  it('removes those whose interval is 0 or whose portal is configured no more, but no other task queue’s', async () => {
    const taskQueue = uniqueName('schedules');
    const [kept, off, forgotten, foreign] = [portal(), portal(), portal(), portal()];
    await prepare(taskQueue, kept, off, forgotten);
    await prepare(uniqueName('schedules'), foreign);
    for (const made of [kept, off, forgotten, foreign]) await untilListed(made);
    await prepare(taskQueue, kept, { ...off, catchUpIntervalMs: 0 });
    await scheduleOf(kept).describe();
    await scheduleOf(foreign).describe();
    for (const gone of [off, forgotten])
      await expect(scheduleOf(gone).describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  it('is not held up by another deployment’s, which are encrypted with a key that isn’t here', async () => {
    const encrypting = createClient(connection, readPayloadKeys(newPayloadKey(new Date())) ?? []);
    const foreign = portal();
    await prepareSchedules(encrypting.schedule, uniqueName('schedules'), [foreign]);
    await untilListed(foreign);
    expect(await prepare(uniqueName('schedules'), portal())).toEqual({ warnings: [] });
    await encrypting.schedule.getHandle(catchUpScheduleId(foreign.portalId)).delete();
    await encrypting.connection.close();
  });

  it('makes one for sessions that are kept for a time only, follows the setting, and removes it', async () => {
    const taskQueue = uniqueName('schedules');
    const schedule = client.schedule.getHandle(retentionScheduleId(taskQueue));
    for (const retentionMs of [24 * HOUR, 48 * HOUR]) {
      await prepareSchedules(client.schedule, taskQueue, [], retentionMs);
      expect(await schedule.describe()).toMatchObject({
        spec: { intervals: [{ every: 24 * HOUR }] },
        action: { workflowType: 'expireSessions', taskQueue, args: [{ retentionMs }] },
      });
    }
    await prepareSchedules(client.schedule, taskQueue, [], 0);
    await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  it('makes one for sources of articles, follows the settings, begins at once where asked to, and removes it', async () => {
    const taskQueue = uniqueName('schedules');
    const schedule = client.schedule.getHandle(knowledgeScheduleId(taskQueue));
    const wanted = { sources: ['help'], refreshMs: HOUR, now: false };
    await prepareSchedules(client.schedule, taskQueue, [], 0, wanted);
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: HOUR }] },
      action: { workflowType: 'refreshKnowledge', taskQueue, args: [{ sources: ['help'] }] },
      info: { numActionsTaken: 0 },
    });
    const more = { sources: ['help', 'site'], refreshMs: 2 * HOUR, now: true };
    await Promise.all([1, 2].map(() => prepareSchedules(client.schedule, taskQueue, [], 0, more)));
    await eventually(async () => expect((await schedule.describe()).info.numActionsTaken).toBeGreaterThan(0));
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: 2 * HOUR }] },
      action: { args: [{ sources: ['help', 'site'] }] },
    });
    await prepareSchedules(client.schedule, taskQueue, []);
    await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  describe('where the server allows no schedules', () => {
    const refuse = () => {
      const cause = Object.assign(new Error('7 PERMISSION_DENIED: Request unauthorized.'), {
        code: GRPC.PERMISSION_DENIED,
        details: 'Request unauthorized.',
        metadata: {},
      });
      return Promise.reject(new ServiceError('Failed to create schedule', { cause }));
    };
    const refusing = {
      create: refuse,
      getHandle: () => ({ delete: refuse }),
      async *list() {
        yield await refuse();
      },
    } as unknown as ScheduleClient;

    it('says in one line what that means and what to do', async () => {
      const { warnings } = await prepareSchedules(refusing, 'threadkeeper', [portal()]);
      expect(warnings).toEqual([
        expect.stringMatching(/^Temporal allows no schedules .*unauthorized.*CATCH_UP_INTERVAL=0s.*$/),
      ]);
    });

    it('says nothing where nobody wants any', async () => {
      expect(await prepareSchedules(refusing, 'threadkeeper', [portal(0)])).toEqual({ warnings: [] });
    });
  });
});
