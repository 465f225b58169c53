import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Simulator } from '../../dev/simulator/simulator.ts';

/**
 * HubSpot as an app sees it: one address, and the access token says whose portal it is. Passes each call on to the
 * simulator that `portalOf` gives for its token. `url`: without a slash at its end.
 */
export const startSharedHubSpot = async (
  portalOf: (accessToken: string) => Pick<Simulator, 'url'> | undefined,
): Promise<{ url: string; close: () => void }> => {
  const front = createServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const { authorization = '' } = headers;
    const body = Buffer.concat(await request.toArray());
    const answer = await fetch(`${portalOf(authorization.replace('Bearer ', ''))?.url}${url}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body.length > 0 ? { body } : {}),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  return { url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`, close: () => void front.close() };
};
