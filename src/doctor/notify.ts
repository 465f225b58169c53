import pMap from 'p-map';
import { bodyFor, type NotifyTarget, postNotification } from '../activities/notifications.ts';
import type { Config } from '../config.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { type Check, examine, type Finding, ok, problem } from './finding.ts';

/** Addresses that are looked at together. */
const CONCURRENCY = 5;

const REMEDY = 'Correct NOTIFY_URL (of a portal: notify.url), or see why nothing answers there.';

/** Of Slack's addresses the path is a secret. */
const hostOf = ({ url }: NotifyTarget): string => new URL(url).host;

/** Says whether something answers where a portal notifies. Sends no notification. */
const addressCheck = (portalId: string, target: NotifyTarget, timeoutMs: number): Check => ({
  name: `notifications of ${portalId}`,
  async run() {
    try {
      const answer = await fetch(target.url, {
        method: 'HEAD',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code;
      return problem(`Nothing answers at ${hostOf(target)}${code ? ` (${code})` : ''}.`, REMEDY);
    }
    return ok(`${hostOf(target)} answers. Nothing was sent: npm run doctor -- --notify sends one as a test.`);
  },
  whenSilent: REMEDY,
});

/** Sends one notification as a test. */
const testCheck = (name: string, target: NotifyTarget, at: number, timeoutMs: number): Check => ({
  name: `notifications of ${name}`,
  async run() {
    const test = {
      portalId: name as PortalId,
      event: 'stopped',
      about: 'test',
      at,
      reason: 'test',
      detail: 'A test by npm run doctor: nothing has happened',
    } as const;
    const sent = { id: `msg_test_${at}`, body: bodyFor(target, test, {}) };
    try {
      await postNotification(target, sent, AbortSignal.timeout(timeoutMs));
    } catch (error) {
      return problem(`The test was not taken by ${hostOf(target)}: ${(error as Error).message}.`, REMEDY);
    }
    return ok(`${hostOf(target)} has taken a test, of type stopped and reason test.`);
  },
  whenSilent: REMEDY,
});

/** Looks where each portal notifies; `sends`: one notification goes out to each, as a test. */
export const checkNotifications = async (
  { portals, oauth }: Pick<Config, 'portals' | 'oauth'>,
  { deadlineMs, timeoutMs, sends, now }: { deadlineMs: number; timeoutMs: number; sends: boolean; now: number },
): Promise<Finding[]> => {
  const targets = [
    ...portals.map(({ settings, notify }) => ({ portalId: settings.portalId, notify })),
    ...(oauth && portals.length === 0 ? [{ portalId: 'installed portals', notify: oauth.notify }] : []),
  ].flatMap(({ portalId, notify }) => (notify ? [{ portalId, notify }] : []));
  const checks = targets.map(({ portalId, notify }) =>
    sends ? testCheck(portalId, notify, now, timeoutMs) : addressCheck(portalId, notify, timeoutMs),
  );
  return await pMap(checks, (check) => examine(check, deadlineMs), { concurrency: CONCURRENCY });
};
