import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between two parts, which can go bad. */
export interface Network {
  /** `host:port` that leads to the other side. */
  address: string;
  /** What is sent arrives so many ms later, in both directions. */
  latencyMs: number;
  /** While set, nothing arrives and nothing is refused, as behind a firewall that drops packets. */
  silent: boolean;
  /** Every so many bytes an answer breaks off; `Infinity`: never. */
  breaksAfterBytes: number;
  /** How many connections it carries now. */
  readonly connections: number;
  /** Breaks every connection. */
  reset(): void;
  close(): Promise<void>;
}

/** A way to `host:port` over TCP. */
export const startNetwork = async (target: string): Promise<Network> => {
  const { hostname: host, port } = new URL(`tcp://${target}`);
  const pairs = new Set<[Socket, Socket]>();

  const server = createServer((near) => {
    const far = connect(Number(port), host);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.resetAndDestroy();
    };
    let answered = 0;
    const carry = (from: Socket, to: Socket): void => {
      from.on('data', (bytes) => {
        if (network.silent) return;
        if (from === far) answered += bytes.length;
        const breaks = answered > network.breaksAfterBytes;
        const arrive = (): void => {
          if (breaks) end();
          else if (!to.destroyed) to.write(bytes);
        };
        // A timer even of 0 ms would let bytes overtake each other when the latency changes.
        if (network.latencyMs === 0) arrive();
        else setTimeout(arrive, network.latencyMs);
      });
      from.on('error', end);
      from.on('close', end);
    };
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const network: Network = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    latencyMs: 0,
    silent: false,
    breaksAfterBytes: Number.POSITIVE_INFINITY,
    get connections() {
      return pairs.size;
    },
    reset() {
      for (const pair of pairs) for (const socket of pair) socket.resetAndDestroy();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      network.reset();
      await closed;
    },
  };
  return network;
};
