import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Collector, startCollector } from '../support/collector.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { freePort } from '../support/free-port.ts';
import { portalEnvironment, testSimulator } from '../support/simulator.ts';
import { spawnNode } from '../support/spawned.ts';
import { describePlayground } from './playground-in-chromium.ts';

const DEMO = 'dev/demo.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-demos-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A demo whose temporary files are its own. */
const startDemo = async (words: string[], environment: Record<string, string> = {}) => {
  const TMPDIR = await mkdtemp(join(folder, 'tmp-'));
  return { ...spawnNode([DEMO, ...words], { TMPDIR, ...environment }), leftBehind: () => readdir(TMPDIR) };
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

describe('npm run demo', () => {
  it('--once plays a conversation, shows question, reply and the run’s link, and ends with 0; on a taken port, too', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const demo = await startDemo(['--once'], { PORT: String(port) });
    expect(await demo.finishes()).toBe(0);
    taken.close();
    expect(demo.output()).toContain(`Port ${port} is in use, the API takes `);
    expect(demo.output()).toMatch(/Customer\s+How long does shipping take\?/);
    expect(demo.output()).toMatch(/AI\s+Standard shipping takes 2 to 4 working days/);
    expect(demo.output()).toMatch(
      /replied after [\d.]+ s\s+http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/message:62515:/,
    );
    expect(demo.output()).toMatch(/skipped \(owned-by-human\)/);
    expect(demo.output()).toMatch(/AI\s+Which of these do you mean\?.*\n\s+1\. /);
    expect(demo.output()).toMatch(/AI\s+I can't answer this one myself/);
    expect(demo.output()).toMatch(/AI\s+Das kann ich nicht selbst beantworten/);
    expect(await demo.leftBehind()).toEqual([]);
  });

  describe('without --once', () => {
    let demo: Awaited<ReturnType<typeof startDemo>>;
    let playground = '';
    let temporal = '';
    let collector: Collector;
    beforeAll(async () => {
      collector = await startCollector();
      demo = await startDemo([], {
        PORT: '0',
        QUIET_PERIOD: '300ms',
        EMAIL_DELAY: '3s',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      });
      await demo.says(/It stays up/);
      [, playground = ''] = await demo.says(/Playground\s+(\S+)/);
      [, temporal = ''] = await demo.says(/Temporal\s+(http\S+)/);
    });
    afterAll(async () => {
      await demo.ends('SIGKILL');
      await collector.close();
    });

    it('stays up', async () => {
      expect(await answers(playground)).toBe(true);
      expect(await answers(temporal)).toBe(true);
      expect(demo.output()).toMatch(/\/ops {2}.*\n\s+[\w-]{24} {2}is its token/);
      const [, address = ''] = /temporal -- workflow list --address (\S+)/.exec(demo.output()) ?? [];
      expect(demo.output()).toContain(`${address}  `);
      expect(demo.output()).toMatch(/The database is open\n[\s\S]*The worker runs after [\d.]+ s/);
      expect(demo.output()).toMatch(/API\s+http:\/\/localhost:[1-9]\d+/);
      // Temporal's usual ports may be another test's.
      expect(demo.output()).not.toContain('the API takes');
    });

    describePlayground(() => ({ url: playground, output: demo.output() }));

    it('ends with 0 at a Ctrl-C, and leaves nothing behind', async () => {
      expect(await demo.ends('SIGINT')).toBe(0);
      expect(demo.output()).toMatch(/\nStopping\. .*\n[\s\S]*Stopped\.\n$/);
      expect(await answers(playground)).toBe(false);
      expect(await answers(temporal)).toBe(false);
      expect(await demo.leftBehind()).toEqual([]);
    });

    it('has sent its traces, of API and worker alike, where OpenTelemetry’s variables say', () => {
      expect(new Set(collector.spans.map((span) => span.process))).toEqual(new Set(['api', 'worker']));
    });
  });

  it.each([
    ['while everything starts', /with everything embedded/],
    ['while its conversation plays', /Customer\s+How long/],
  ])('ends with 0 at a Ctrl-C %s, without a stack, and leaves nothing behind', async (_, line) => {
    const demo = await startDemo([], { PORT: '0' });
    await demo.says(line);
    expect(await demo.ends('SIGINT')).toBe(0);
    expect(demo.output()).toMatch(/Stopped\.\n$/);
    expect(demo.output()).not.toMatch(/^ +at /m);
    expect(await demo.leftBehind()).toEqual([]);
  });

  it('says in one line what is wrong with a setting, before anything takes time', async () => {
    const demo = spawnNode([DEMO, '--once'], { EMAIL_DELAY: 'soon' });
    expect(await demo.finishes()).toBe(1);
    expect(demo.output()).toMatch(/EMAIL_DELAY must be a duration/);
  });

  it('says what to do where no Temporal server can be had', async () => {
    const demo = spawnNode([DEMO, '--once'], { TEMPORAL_CLI_PATH: '/nowhere/temporal' });
    expect(await demo.finishes()).toBe(1);
    expect(demo.output()).toMatch(
      /No Temporal CLI found[\s\S]*\/nowhere\/temporal: not found[\s\S]*Install `temporal`/,
    );
  });
});

describe('npm start', () => {
  it('answers in one process, with a Temporal server and a database of its own in DATA_DIR, and ends with 0', async () => {
    const dataDir = await withEmbeddedDatabase(await mkdtemp(join(tmpdir(), 'threadkeeper-start-')));
    const simulator = await testSimulator();
    const port = await freePort();
    const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
    simulator.setWebhookUrl(publicUrl);
    const product = spawnNode(['src/start.ts'], {
      PORT: String(port),
      DATA_DIR: dataDir,
      ...portalEnvironment(simulator, publicUrl),
    });
    try {
      const [line = ''] = await product.says(/\{.*"msg":"Ready"\}/);
      expect(JSON.parse(line)).toMatchObject({
        webhooks: publicUrl,
        temporal: expect.stringMatching(/^http:/),
        metrics: `http://localhost:${port}/metrics`,
      });
      const answered = new Promise<void>((resolve) => {
        simulator.on(() => {
          if (simulator.ledger.length > 0) resolve();
        });
      });
      simulator.customerWrites({ channel: 'chat', text: 'How long does shipping take?' });
      await answered;
      expect(await product.ends('SIGTERM')).toBe(0);
      expect(product.output()).toMatch(/"Stopping\. [^"]*"\}\n[\s\S]*"msg":"Stopped"\}\n$/);
      expect(product.output()).not.toMatch(/webpack|Nexus/i);
    } finally {
      await product.ends('SIGKILL');
      await simulator.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
