import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a token endpoint, or what stands before it, answers. An object is sent as JSON. */
export interface TokenAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What HubSpot gives for a code or a refresh token, with tokens of this name. */
export const goodGrant = (name: string, changes: Record<string, unknown> = {}): TokenAnswer => ({
  status: 200,
  body: {
    token_type: 'bearer',
    access_token: `access-${name}`,
    refresh_token: `refresh-${name}`,
    expires_in: 1800,
    hub_id: 62515,
    ...changes,
  },
});

/** A token endpoint that answers in this order, and the last for ever. Keeps what it was asked. */
export const tokenEndpoint = async (...answers: [TokenAnswer, ...TokenAnswer[]]) => {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += chunk;
    asked.push(new URLSearchParams(form));
    const { status, body = '', headers = {} } = answers[Math.min(asked.length, answers.length) - 1] ?? answers[0];
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
