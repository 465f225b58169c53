import { readdir, readFile } from 'node:fs/promises';

/** The kernel's clock ticks in a second, on every Linux that Node runs on. */
const TICKS = 100;

interface Stat {
  pid: number;
  parent: number;
  seconds: number;
}

const statOf = async (pid: string): Promise<Stat | null> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
  return { pid: Number(pid), parent, seconds: (user + system) / TICKS };
};

/**
 * CPU seconds that the living descendants of this process have used so far, `null` where there is no /proc. What has ended
 * counts no more: take differences only while nothing ends.
 */
export const childrenCpu = async (): Promise<number | null> => {
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return null;
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(statOf));
  const known = stats.filter((stat) => stat !== null);
  const family = new Set([process.pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of known) if (family.has(parent)) family.add(pid);
  }
  return known.reduce((sum, { pid, seconds }) => (family.has(pid) && pid !== process.pid ? sum + seconds : sum), 0);
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
