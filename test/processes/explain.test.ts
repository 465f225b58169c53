import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { explain } from '../../src/processes/explain.ts';
import { spawnNode } from '../support/spawned.ts';

const servers: Http2Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Temporal's port, where each call but that which connects is answered with a status of gRPC. Gives its address. */
const answering = async (status: number, message: string): Promise<string> => {
  const server = createServer().on('stream', (stream: ServerHttp2Stream, headers) => {
    const connects = String(headers[':path']).endsWith('/GetSystemInfo');
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc+proto',
        'grpc-status': connects ? '12' : String(status),
        'grpc-message': encodeURIComponent(message),
      },
      { endStream: true },
    );
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** What a call of Temporal fails with; nothing is tried again. */
const failureOf = async (address: string, call: (client: Client) => Promise<unknown>): Promise<unknown> => {
  const connection = await Connection.connect({ address, interceptors: [] });
  try {
    return await call(new Client({ connection })).then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    await connection.close();
  }
};

describe('a process that ends because of what Temporal answered', () => {
  it('says it in one line, with what to do', async () => {
    const address = await answering(14, 'no hosts are available to serve the request');
    const error = await failureOf(address, ({ connection }) =>
      connection.workflowService.describeNamespace({ namespace: 'default' }),
    );
    expect(explain(error)).toBe(
      'Temporal answered UNAVAILABLE: no hosts are available to serve the request. ' +
        'Temporal starts, stops or has too much to do: try again when it serves.',
    );
  });

  it('says also which call it was, where the SDK does', async () => {
    const address = await answering(8, 'namespace rate limit exceeded.');
    const error = await failureOf(address, ({ workflow }) => workflow.getHandle('a-run').describe());
    expect(explain(error)).toMatch(
      /^Failed to describe .*\. Temporal answered RESOURCE_EXHAUSTED: namespace rate limit exceeded\. .* try again/,
    );
    expect(explain(error)).not.toContain('\n');
  });

  it.each([
    ['setup', []],
    ['roll-out', []],
  ])('has no stack in %s', async (program, words) => {
    const address = await answering(7, 'Request unauthorized.');
    const spawned = spawnNode([`src/${program}.ts`, ...words], {
      TEMPORAL_ADDRESS: address,
      HUBSPOT_ACTIVITIES_PER_SECOND: '6',
    });
    expect(await spawned.ends()).toBe(1);
    const lines = spawned.output().trim().split('\n');
    // What it says on two streams may come in either order.
    expect(lines).toContain(
      'Temporal answered PERMISSION_DENIED: Request unauthorized. ' +
        'Correct the credentials of Temporal: TEMPORAL_API_KEY, or the client certificate.',
    );
    expect(lines.length).toBeLessThanOrEqual(2);
  });
});

it('keeps the stack of a bug', () => {
  expect(explain(new TypeError('no such thing'))).toMatch(/^TypeError: no such thing\n {4}at /);
  expect(explain(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toMatch(/\n {4}at /);
});
