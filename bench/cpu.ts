import { readdir, readFile } from 'node:fs/promises';

/** The kernel's clock ticks in a second, on every Linux that Node runs on. */
const TICKS = 100;

interface Stat {
  pid: number;
  parent: number;
  /** Of its program, 15 characters at most. */
  name: string;
  seconds: number;
  /** Of its children that have ended. */
  endedSeconds: number;
}

const statOf = async (pid: string): Promise<Stat | null> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent = 0, ...ticks] = [fields[1], ...fields.slice(11, 15)].map(Number);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = ticks;
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  return {
    pid: Number(pid),
    parent,
    name,
    seconds: (user + system) / TICKS,
    endedSeconds: (endedUser + endedSystem) / TICKS,
  };
};

/** This process and its living descendants, `null` where there is no /proc. */
const family = async (): Promise<Stat[] | null> => {
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return null;
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(statOf));
  const known = stats.filter((stat) => stat !== null);
  const pids = new Set([process.pid]);
  for (let size = 0; size !== pids.size; ) {
    size = pids.size;
    for (const { pid, parent } of known) if (pids.has(parent)) pids.add(pid);
  }
  return known.filter(({ pid }) => pids.has(pid));
};

/** CPU seconds that have been used so far by one of these processes, or by all that run this program. */
export const cpuOf = async (who: { pid: number } | { program: string }): Promise<number> =>
  ((await family()) ?? [])
    .filter(({ pid, name }) => ('pid' in who ? pid === who.pid : name === who.program))
    .reduce((sum, { seconds, endedSeconds }) => sum + seconds + endedSeconds, 0);

/**
 * CPU seconds that the descendants of this process have used so far, also those that have ended, `null` where there is
 * no /proc. A child that has ended counts with its parent.
 */
export const childrenCpu = async (): Promise<number | null> => {
  const all = await family();
  if (all === null) return null;
  return all.reduce((sum, one) => sum + one.endedSeconds + (one.pid === process.pid ? 0 : one.seconds), 0);
};

/** In cores: `servers` is everything that was started, `driver` this process (load, and the simulated HubSpot). */
export interface CpuUse {
  servers: number | null;
  driver: number;
}

/** Starts to watch; the returned function says what was used since. */
export const watchCpu = async (): Promise<() => Promise<CpuUse & { seconds: number }>> => {
  const before = await childrenCpu();
  const own = process.cpuUsage();
  const begin = performance.now();
  return async () => {
    const after = await childrenCpu();
    const { user, system } = process.cpuUsage(own);
    const seconds = (performance.now() - begin) / 1_000;
    return {
      servers: before === null || after === null ? null : (after - before) / seconds,
      driver: (user + system) / 1e6 / seconds,
      seconds,
    };
  };
};
