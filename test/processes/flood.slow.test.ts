import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newMessage, post, rawPost, signedHeaders } from '../api/support.ts';
import { suiteBuild } from '../support/build.ts';
import { freePort } from '../support/free-port.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, CLIENT_SECRET, PORTAL_ID } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName } from '../support/temporal.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024, ' ');
const TEXT = { 'content-type': 'text/plain' };

describe('the built API, under a flood that nobody signed,', () => {
  let dataDir: string;
  let api: Spawned;
  let port: number;
  let url: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    const built = await suiteBuild();
    dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-flood-'));
    port = await freePort();
    url = `http://127.0.0.1:${port}/webhooks/hubspot`;
    api = spawnNode([join(built, 'api.js')], {
      PORT: String(port),
      DATA_DIR: dataDir,
      TEMPORAL_ADDRESS: suiteTemporal().address,
      TEMPORAL_TASK_QUEUE: uniqueName('flood'),
      HUBSPOT_PORTAL_ID: PORTAL_ID,
      HUBSPOT_ACCESS_TOKEN: ACCESS_TOKEN,
      HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
      HUBSPOT_AI_ACTOR_ID: AI_ACTOR_ID,
      WEBHOOK_PUBLIC_URL: url,
    });
    await api.says(/API listens/);
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await api.ends('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const connect = async (): Promise<Socket> => {
    const socket = createConnection({ host: '127.0.0.1', port });
    sockets.push(socket);
    socket.on('error', () => {}).resume();
    await once(socket, 'connect');
    return socket;
  };
  /** Begins an upload of 8 MiB of which only the end is missing, whatever comes back meanwhile. */
  const upload = async (changes: Record<string, string> = {}): Promise<Socket> => {
    const socket = await connect();
    const head = rawPost('', { ...signedHeaders('forged'), ...changes });
    socket.write(head.replace('Content-Length: 0', `Content-Length: ${8 * MEBIBYTE.length}`));
    for (let sent = 0; sent < 7; sent += 1) socket.write(MEBIBYTE);
    return socket;
  };
  const metrics = async (): Promise<string> => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const refusals = async (reason: string): Promise<number> =>
    Number(new RegExp(`refusals_total{reason="${reason}"} (\\d+)`).exec(await metrics())?.[1] ?? 0);
  const refused = async (reason: string, count: number): Promise<void> => {
    while ((await refusals(reason)) < count) await new Promise((again) => setTimeout(again, 20));
  };

  /** Posts what HubSpot would: the status, and how long it took in ms. */
  const deliver = async (): Promise<{ status: number; tookMs: number }> => {
    const body = JSON.stringify([newMessage({ portalId: Number(PORTAL_ID), messageId: uniqueName('message') })]).padEnd(
      60_000,
    );
    const began = performance.now();
    const { status } = await post(url, body, signedHeaders(body, { secret: CLIENT_SECRET, url }));
    return { status, tookMs: performance.now() - began };
  };
  const allAcknowledged = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      const { status, tookMs } = await deliver();
      expect(status).toBe(200);
      expect(tookMs).toBeLessThan(1000);
    }
  };

  it('of uploads that are refused at once and come all the same, acknowledges a delivery within a second', async () => {
    // The first one connects to Temporal.
    await deliver();
    for (let count = 0; count < 16; count += 1) await upload(TEXT);
    await refused('unsupported-media-type', 16);
    await allAcknowledged(10);
  });

  it('of uploads that never end, does so as well', async () => {
    for (let count = 0; count < 9; count += 1) await upload();
    await refused('overloaded', 1);
    await allAcknowledged(10);
  });

  it('of connections that say nothing, does so as well', async () => {
    for (let count = 0; count < 1001; count += 1) await connect();
    await allAcknowledged(10);
  });

  it('holds nothing of all this afterwards', async () => {
    while (!/^threadkeeper_webhook_body_bytes 0$/m.test(await metrics())) {
      await new Promise((again) => setTimeout(again, 20));
    }
    await allAcknowledged(1);
  });
});
