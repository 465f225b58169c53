import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Another program listens on a port that we need. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';

  constructor(port: number, what: string) {
    super(`Port ${port} for ${what} is in use: stop the program that listens there, or choose another port.`);
  }
}

/** Listens for a moment on the loopback address. */
const bind = async (port: number): Promise<void> => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } finally {
    await new Promise((closed) => server.close(closed));
  }
};

const isRefused = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' || code === 'EACCES';
};

const isFree = async (port: number): Promise<boolean> => {
  try {
    await bind(port);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};

// Below the range that systems give to outgoing connections (from 32768 on), which would take the port before it is
// used, or while a server restarts.
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** Held in place of a port that must stay free for another program; different ports may share one. */
const guardOf = (port: number): number => 10_000 + (port % 10_000);

/** A port of the loopback address that nobody listens on now, or has reserved: the first such that `draw` gives. */
export const findFreePort = async (draw = () => randomInt(LOWEST, HIGHEST + 1)): Promise<number> => {
  for (;;) {
    const port = draw();
    if ((await isFree(guardOf(port))) && (await isFree(port))) return port;
  }
};

/** The preferred port when it is free, else any free one; that is what 0 asks for, too. */
export const choosePort = async (preferred: number): Promise<number> =>
  preferred !== 0 && (await isFree(preferred)) ? preferred : findFreePort();

/** A port that another program is about to listen on, and nobody of us takes until then. */
export interface ReservedPort {
  port: number;
  /** The program listens, or never will. */
  release(): Promise<void>;
}

/** @returns `null` where somebody holds it */
const hold = async (port: number): Promise<Server | null> => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server.unref();
  } catch (error) {
    if (!isRefused(error)) throw error;
    return null;
  }
};

/**
 * The preferred port when it is free, else any free one, for a program that we start: between our look and its
 * listening no other process of ours gets the same one. The system releases it when this process ends, however it ends.
 */
export const reservePort = async (preferred: number): Promise<ReservedPort> => {
  for (let port = preferred === 0 ? await findFreePort() : preferred; ; port = await findFreePort()) {
    const guard = await hold(guardOf(port));
    if (!guard) continue;
    const release = async (): Promise<void> => {
      await new Promise((closed) => guard.close(closed));
    };
    // After the guard is held: who had it before may have begun to listen.
    if (await isFree(port)) return { port, release };
    await release();
  }
};

const TRIES = 20;

/**
 * Opens something on the preferred port when it is free, else on any free one; 0 asks for that, too. Where somebody
 * else was faster, it opens on another.
 * @param open listens on the port, and throws an error with the code `EADDRINUSE` where it can't
 */
export const onFreePort = async <T>(preferred: number, open: (port: number) => Promise<T>): Promise<T> => {
  for (let left = TRIES, port = await choosePort(preferred); ; left -= 1, port = await findFreePort()) {
    try {
      return await open(port);
    } catch (error) {
      if (!isRefused(error) || left === 1) throw error;
    }
  }
};

/**
 * Makes sure that nobody listens on a port now.
 * @param what who needs it, for the error message
 * @throws {PortTaken}
 */
export const requireFreePort = async (port: number, what: string): Promise<void> => {
  if (!(await isFree(port))) throw new PortTaken(port, what);
};
