import { once } from 'node:events';
import { createServer, request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The name by which proxies know the API, in docs/proxy.md too. */
export const SITE = 'threadkeeper.example.com';

/** HubSpot's way to a proxy whose name nobody resolves, and whose certificate nobody has signed. */
export interface Relay {
  url: string;
  /** Where requests go from now on: a proxy on this machine. */
  leadTo(url: string): void;
  close(): Promise<void>;
}

/** Starts it on a free port. A request that the proxy doesn't take is cut off, as HubSpot would see it. */
export const startRelay = async (url: string): Promise<Relay> => {
  let target = url;
  const server = createServer((request, response) => {
    const send = target.startsWith('https:') ? requestByHttps : requestByHttp;
    const passed = send(
      new URL(request.url ?? '/', target),
      {
        method: request.method,
        headers: { ...request.headers, host: SITE },
        servername: SITE,
        rejectUnauthorized: false,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (to) => {
      target = to;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
