import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { closed } from '../../../dev/simulator/api/closed.ts';

const server = createServer();
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
});

const request = async () => {
  const asked = once(server, 'request');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, response] = (await asked) as [unknown, ServerResponse];
  return { client, response };
};

it('comes when the answer is out', async () => {
  const { client, response } = await request();
  const out = closed(response);
  response.end('ok');
  await out;
  client.destroy();
  expect(response.writableFinished).toBe(true);
});

it('comes when the client goes away', async () => {
  const { client, response } = await request();
  const gone = closed(response);
  client.resetAndDestroy();
  await gone;
  expect(response.writableFinished).toBe(false);
});

// A worker was killed between its POST's last byte and the simulated HubSpot's work on it: nobody told of the end any
// more, the post's event never left, and `settle` waited for it for ever.
it('comes at once when that is past', async () => {
  const { client, response } = await request();
  const gone = once(response, 'close');
  client.resetAndDestroy();
  await gone;
  await closed(response);
  expect(response.closed).toBe(true);
});
