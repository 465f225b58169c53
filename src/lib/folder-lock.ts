import { mkdir } from 'node:fs/promises';
import { check, lock } from 'proper-lockfile';

/** A process that was killed leaves its lock behind; it counts for nothing when it has not been renewed for so long. */
const STALE_MS = 5_000;
const RENEW_MS = 1_000;
/** A start waits this long for another process's lock: longer than a dead one's lasts. */
const PATIENCE_MS = 7_000;
const RETRY_MS = 500;

/**
 * Takes a folder, made when needed, for this process alone: a lock beside it is held and renewed. After a kill the next
 * process waits until the lock has lapsed, at most 7 s.
 *
 * `onWait` is called once when it has to wait; `onLost` when this process stood still for so long that another could
 * take the folder.
 * @returns what gives the folder back; `null` where another process keeps it
 * @throws {NodeJS.ErrnoException} where the folder can't be written
 */
export const lockFolder = async (
  folder: string,
  { onWait = () => undefined, onLost = () => undefined }: { onWait?: () => void; onLost?: () => void } = {},
): Promise<(() => Promise<void>) | null> => {
  await mkdir(folder, { recursive: true });
  let lost = false;
  const attempt = async (retries: number): Promise<(() => Promise<void>) | null> => {
    try {
      const unlock = await lock(folder, {
        stale: STALE_MS,
        update: RENEW_MS,
        retries: { retries, factor: 1, minTimeout: RETRY_MS, maxTimeout: RETRY_MS },
        onCompromised: () => {
          lost = true;
          onLost();
        },
      });
      return async () => {
        if (!lost) await unlock();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      return null;
    }
  };
  const taken = await attempt(0);
  if (taken) return taken;
  onWait();
  return await attempt(PATIENCE_MS / RETRY_MS);
};

/** Whether another process has taken a folder; `null`: there is no such folder. */
export const isLockedFolder = (folder: string): Promise<boolean | null> =>
  check(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
