import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { choosePort, findFreePort, PortTaken, requireFreePort } from '../../src/lib/ports.ts';

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

  it('prefers the port asked for and moves on when it is taken', async () => {
    const free = await findFreePort();
    expect(await choosePort(free)).toBe(free);
    expect(await choosePort(taken)).not.toBe(taken);
    expect(await choosePort(0)).toBeGreaterThan(0);
  });

  it('says in one line which port is taken and who needs it', async () => {
    const refusal = requireFreePort(taken, 'the Temporal Web UI');
    await expect(refusal).rejects.toThrow(PortTaken);
    await expect(refusal).rejects.toThrow(new RegExp(`^Port ${taken} for the Temporal Web UI is in use: .*$`));
    await requireFreePort(await findFreePort(), 'nobody');
  });
});
