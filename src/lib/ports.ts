import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

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

const isFree = async (port: number): Promise<boolean> => {
  try {
    await bind(port);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
};

// Below the range that systems give to outgoing connections (from 32768 on), which would take the port before it is used,
// or while a server restarts.
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** A port of the loopback address that nobody listens on now. */
export const findFreePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
};

/** The preferred port when it is free, else any free one; that is what 0 asks for, too. */
export const choosePort = async (preferred: number): Promise<number> =>
  preferred !== 0 && (await isFree(preferred)) ? preferred : findFreePort();

/**
 * Makes sure that nobody listens on a port now.
 * @param what who needs it, for the error message
 * @throws {PortTaken}
 */
export const requireFreePort = async (port: number, what: string): Promise<void> => {
  if (!(await isFree(port))) throw new PortTaken(port, what);
};
