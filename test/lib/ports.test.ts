import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { choosePort, findFreePort, onFreePort, PortTaken, requireFreePort, reservePort } from '../../src/lib/ports.ts';

describe('ports', () => {
  let server: Server;
  let taken: number;

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    taken = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.close();
  });

  it('finds a port that can be listened on', async () => {
    const other = createServer().listen(await findFreePort(), '127.0.0.1');
    await once(other, 'listening');
    other.close();
  });

  it('finds none that is taken, or that somebody has reserved', async () => {
    const [reserved, free] = [await reservePort(0), await findFreePort()];
    const drawn = [taken, reserved.port, free];
    expect(await findFreePort(() => drawn.shift() ?? 0)).toBe(free);
    await reserved.release();
    expect(await findFreePort(() => reserved.port)).toBe(reserved.port);
  });

  it('prefers the port asked for and moves on when it is taken', async () => {
    const free = await findFreePort();
    expect(await choosePort(free)).toBe(free);
    expect(await choosePort(taken)).not.toBe(taken);
    expect(await choosePort(0)).toBeGreaterThan(0);
  });

  it('gives a port to one of those who look for it at the same moment, and none that is taken', async () => {
    const free = await findFreePort();
    const reserved = await Promise.all([free, free, free, taken, 0].map(reservePort));
    const ports = reserved.map(({ port }) => port);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.filter((port) => port === free)).toHaveLength(1);
    expect(ports).not.toContain(taken);
    await Promise.all(reserved.map(({ release }) => release()));
    const again = await reservePort(free);
    expect(again.port).toBe(free);
    await again.release();
  });

  it('opens on another port when somebody else was faster, and tells of any other failure', async () => {
    const free = await findFreePort();
    const tried: number[] = [];
    const opened = await onFreePort(free, async (port) => {
      tried.push(port);
      // It was free a moment ago.
      const server = createServer().listen(tried.length === 1 ? taken : port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
      return port;
    });
    expect(tried).toEqual([free, opened]);
    expect(opened).not.toBe(free);
    await expect(onFreePort(free, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('says in one line which port is taken and who needs it', async () => {
    const refusal = requireFreePort(taken, 'the Temporal Web UI');
    await expect(refusal).rejects.toThrow(PortTaken);
    await expect(refusal).rejects.toThrow(new RegExp(`^Port ${taken} for the Temporal Web UI is in use: .*$`));
    await requireFreePort(await findFreePort(), 'nobody');
  });
});
