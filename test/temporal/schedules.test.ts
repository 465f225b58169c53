import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ScheduleClient, ScheduleNotFoundError, ServiceError } from '@temporalio/client';
import { costOf } from '../../bench/actions.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { catchUpScheduleId, isCatchUpPaused, turnsOf } from '../../src/temporal/catch-up-schedules.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { GRPC } from '../../src/temporal/grpc-status.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { knowledgeScheduleId, prepareSchedules, retentionScheduleId } from '../../src/temporal/schedules.ts';
import { eventually } from '../support/eventually.ts';
import { settings } from '../support/messages.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const { client, settings: connection } = useTemporal();
const HOUR = 3_600_000;

const portal = (catchUpIntervalMs = HOUR): PortalSettings =>
  settings({ portalId: String(Math.floor(Math.random() * 1e9) + 1e9) as PortalId, catchUpIntervalMs });
const historyOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../replay/histories/${name}.json`, import.meta.url), 'utf8'));
const scheduleOf = (taskQueue: string, batch = 0) => client.schedule.getHandle(catchUpScheduleId(taskQueue, batch));

/** Where portals are caught up to, as the database would keep it. */
class Noted {
  readonly since = new Map<PortalId, string>();
  async begin(portals: readonly { portalId: PortalId; since: string }[]): Promise<void> {
    for (const { portalId, since } of portals) if (!this.since.has(portalId)) this.since.set(portalId, since);
  }
  async keepOnly(portalIds: readonly PortalId[]): Promise<void> {
    for (const portalId of this.since.keys()) if (!portalIds.includes(portalId)) this.since.delete(portalId);
  }
}
const noted = new Noted();
const prepare = (taskQueue: string, ...portals: PortalSettings[]) =>
  prepareSchedules(client.schedule, taskQueue, portals, noted);

/** Schedules are listed a moment after they were made. */
const untilListed = async (wanted: string): Promise<void> => {
  for (;;) for await (const { scheduleId } of client.schedule.list()) if (scheduleId === wanted) return;
};

/** As earlier versions made it. */
const scheduleOfEarlierVersion = async (
  taskQueue: string,
  { portalId }: PortalSettings,
  since: string,
  paused = false,
) => {
  const id = `catch-up:${portalId}`;
  await client.schedule.create({
    scheduleId: id,
    spec: { intervals: [{ every: HOUR }] },
    action: { type: 'startWorkflow', workflowType: 'catchUp', workflowId: id, args: [{ portalId, since }], taskQueue },
    state: { paused },
  });
  await untilListed(id);
  return client.schedule.getHandle(id);
};

/** The changes that were made by the client, by name. */
const counting = () => {
  const written: string[] = [];
  const { schedule } = createClient(connection, []);
  const { workflowService } = schedule;
  for (const name of ['createSchedule', 'updateSchedule', 'deleteSchedule'] as const) {
    const original = workflowService[name].bind(workflowService) as (request: { scheduleId: string }) => unknown;
    Object.assign(workflowService, {
      [name]: (request: { scheduleId: string }) => {
        written.push(`${name} ${request.scheduleId}`);
        return original(request);
      },
    });
  }
  return { schedule, written, close: () => schedule.connection.close() };
};

describe('prepareSchedules', () => {
  it('makes one for a hundred portals, also when several workers start at once', async () => {
    const taskQueue = uniqueName('schedules');
    const portals = Array.from({ length: 101 }, (_, n) => portal(n === 0 ? 7 * HOUR : 14 * HOUR));
    const prepared = await Promise.all([1, 2, 3].map(() => prepare(taskQueue, ...portals)));
    expect(prepared).toEqual(prepared.map(() => ({ warnings: [] })));
    const [first, second] = await Promise.all([0, 1].map((batch) => scheduleOf(taskQueue, batch).describe()));
    expect(first).toMatchObject({
      action: { workflowType: 'catchUpPortals', taskQueue, args: [{ batch: 0 }] },
      policies: { overlap: 'SKIP', catchupWindow: 60_000 },
      state: { paused: false },
    });
    expect(second).toMatchObject({ action: { args: [{ batch: 1 }] } });
    expect([first, second].map((one) => one?.spec.intervals?.[0]?.every)).toEqual(
      expect.arrayContaining([7 * HOUR, 14 * HOUR]),
    );
    expect(first?.spec.intervals?.[0]?.offset).not.toBe(second?.spec.intervals?.[0]?.offset);
    for (const { portalId } of portals)
      expect(Date.now() - Date.parse(noted.since.get(portalId) ?? '')).toBeGreaterThanOrEqual(10 * 60_000);
  });

  it('writes only what is another than before', async () => {
    const taskQueue = uniqueName('schedules');
    const portals = Array.from({ length: 100 }, () => portal());
    await prepareSchedules(client.schedule, taskQueue, portals, noted, 24 * HOUR);
    const { schedule, written, close } = counting();
    const again = (...all: PortalSettings[]) => prepareSchedules(schedule, taskQueue, all, noted, 24 * HOUR);
    await again(...portals);
    expect(written.filter((line) => line.startsWith('updateSchedule') || line.includes('catch-ups'))).toEqual([]);
    await again(...portals.slice(1), portal());
    expect(written.filter((line) => line.includes('catch-ups'))).toEqual([]);
    await again(...portals, portal());
    expect(written.filter((line) => line.includes('catch-ups'))).toEqual([
      `createSchedule ${catchUpScheduleId(taskQueue, 1)}`,
    ]);
    await close();
  });

  it('follows the settings, and leaves one paused that someone has paused', async () => {
    const taskQueue = uniqueName('schedules');
    const paused = portal();
    await prepare(taskQueue, paused);
    await scheduleOf(taskQueue).pause('moving house');
    await prepare(taskQueue, { ...paused, catchUpIntervalMs: 9 * HOUR });
    expect(await scheduleOf(taskQueue).describe()).toMatchObject({
      spec: { intervals: [{ every: 9 * HOUR }] },
      state: { paused: true, note: 'moving house' },
    });
  });

  it('starts a run four times a day at most, since workers look as often as the settings say: 1,500 actions a month', async () => {
    const taskQueue = uniqueName('schedules');
    await prepare(taskQueue, portal(60_000), portal(5 * 60_000));
    const [interval] = (await scheduleOf(taskQueue).describe()).spec.intervals ?? [];
    const runsAMonth = (30 * 24 * HOUR) / Number(interval?.every);
    const { actions } = costOf(historyOf('catch-up-portals-without-news').events);
    // Temporal Cloud counts two more for a run that a schedule starts, and fairness adds a tenth. A portal all alone.
    expect((actions + 2) * 1.1 * runsAMonth).toBeLessThanOrEqual(1_500);
    expect(turnsOf([portal(5 * 60_000), portal(60_000)])).toMatchObject([{ batch: 0, everyMs: 60_000 }]);
  });

  it('has workers see that a person has paused one', async () => {
    const taskQueue = uniqueName('schedules');
    const isPaused = () => isCatchUpPaused(client.schedule, taskQueue, 0);
    expect(await isPaused()).toBe(false);
    await prepare(taskQueue, portal());
    expect(await isPaused()).toBe(false);
    await scheduleOf(taskQueue).pause('moving house');
    expect(await isPaused()).toBe(true);
    const refusing = (code: number) =>
      isCatchUpPaused(
        {
          options: { namespace: 'default' },
          workflowService: {
            describeSchedule: () =>
              Promise.reject(Object.assign(new Error('no'), { code, details: 'no', metadata: {} })),
          },
        } as unknown as ScheduleClient,
        taskQueue,
        0,
      );
    expect(await refusing(GRPC.PERMISSION_DENIED)).toBe(false);
    await expect(refusing(GRPC.UNAVAILABLE)).rejects.toThrow('no');
  });

  it('removes those that no portal needs any more, but no other task queue’s', async () => {
    const [taskQueue, another] = [uniqueName('schedules'), uniqueName('schedules')];
    const [off, foreign] = [portal(), portal()];
    await prepare(taskQueue, off);
    await prepare(another, foreign);
    for (const queue of [taskQueue, another]) await untilListed(catchUpScheduleId(queue, 0));
    await prepare(taskQueue, { ...off, catchUpIntervalMs: 0 });
    await scheduleOf(another).describe();
    await expect(scheduleOf(taskQueue).describe()).rejects.toThrow(ScheduleNotFoundError);
    expect(noted.since.has(off.portalId)).toBe(false);
  });

  it('takes the place of an earlier version’s, one for each portal, from where these began', async () => {
    const [taskQueue, another] = [uniqueName('schedules'), uniqueName('schedules')];
    const [kept, paused, forgotten, foreign] = [portal(), portal(), portal(), portal()];
    const since = new Date(Date.now() - 5 * HOUR).toISOString();
    const old = await Promise.all([
      scheduleOfEarlierVersion(taskQueue, kept, since),
      scheduleOfEarlierVersion(taskQueue, paused, since, true),
      scheduleOfEarlierVersion(taskQueue, forgotten, since),
    ]);
    const others = await scheduleOfEarlierVersion(another, foreign, since);
    const { warnings } = await prepare(taskQueue, kept, paused);
    expect(warnings).toEqual([expect.stringContaining(`The catch-up of ${paused.portalId} was paused`)]);
    for (const gone of old) await expect(gone.describe()).rejects.toThrow(ScheduleNotFoundError);
    await others.describe();
    expect(noted.since.get(kept.portalId)).toBe(since);
    expect(noted.since.has(forgotten.portalId)).toBe(false);
    await others.delete();
  });

  it('is not held up by another deployment’s, which are encrypted with a key that isn’t here', async () => {
    const encrypting = createClient(connection, readPayloadKeys(newPayloadKey(new Date())) ?? []);
    const [own, another] = [uniqueName('schedules'), uniqueName('schedules')];
    await prepareSchedules(encrypting.schedule, another, [portal()], noted);
    await untilListed(catchUpScheduleId(another, 0));
    expect(await prepare(own, portal())).toEqual({ warnings: [] });
    await scheduleOf(another).delete();
    await encrypting.connection.close();
  });

  it('makes one for sessions that are kept for a time only, follows the setting, and removes it', async () => {
    const taskQueue = uniqueName('schedules');
    const schedule = client.schedule.getHandle(retentionScheduleId(taskQueue));
    for (const retentionMs of [24 * HOUR, 48 * HOUR]) {
      await prepareSchedules(client.schedule, taskQueue, [], noted, retentionMs);
      expect(await schedule.describe()).toMatchObject({
        spec: { intervals: [{ every: 24 * HOUR }] },
        action: { workflowType: 'expireSessions', taskQueue, args: [{ retentionMs }] },
      });
    }
    await prepareSchedules(client.schedule, taskQueue, [], noted, 0);
    await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
  });

  it('makes one for sources of articles, follows the settings, begins at once where asked to, and removes it', async () => {
    const taskQueue = uniqueName('schedules');
    const schedule = client.schedule.getHandle(knowledgeScheduleId(taskQueue));
    const wanted = { sources: ['help'], refreshMs: HOUR, now: false };
    await prepareSchedules(client.schedule, taskQueue, [], noted, 0, wanted);
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: HOUR }] },
      action: { workflowType: 'refreshKnowledge', taskQueue, args: [{ sources: ['help'] }] },
      info: { numActionsTaken: 0 },
    });
    const more = { sources: ['help', 'site'], refreshMs: 2 * HOUR, now: true };
    await Promise.all([1, 2].map(() => prepareSchedules(client.schedule, taskQueue, [], noted, 0, more)));
    await eventually(async () => expect((await schedule.describe()).info.numActionsTaken).toBeGreaterThan(0));
    expect(await schedule.describe()).toMatchObject({
      spec: { intervals: [{ every: 2 * HOUR }] },
      action: { args: [{ sources: ['help', 'site'] }] },
    });
    await prepareSchedules(client.schedule, taskQueue, [], noted);
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
      getHandle: () => ({ describe: refuse, delete: refuse }),
      async *list() {
        yield await refuse();
      },
    } as unknown as ScheduleClient;

    it('says in one line what that means and what to do', async () => {
      const { warnings } = await prepareSchedules(refusing, 'threadkeeper', [portal()], noted);
      expect(warnings).toEqual([
        expect.stringMatching(/^Temporal allows no schedules .*unauthorized.*CATCH_UP_INTERVAL=0s.*$/),
      ]);
    });

    it('says nothing where nobody wants any', async () => {
      expect(await prepareSchedules(refusing, 'threadkeeper', [portal(0)], noted)).toEqual({ warnings: [] });
    });
  });
});
