import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ms from 'ms';
import { PortTaken } from '../../../src/lib/ports.ts';
import { type PlannedStart, plannedReply } from '../../../src/runs/planned-start.ts';
import { createClient } from '../../../src/temporal/connection.ts';
import { type DevServer, DevServerFailed, startDevServer } from '../../../src/temporal/embedded/dev-server.ts';
import { inspectNamespace } from '../../../src/temporal/namespace.ts';
import { createRunStarter } from '../../../src/temporal/run-starter.ts';
import { freePort } from '../../support/free-port.ts';
import { spawnNode } from '../../support/spawned.ts';
import { suiteTemporal } from '../../support/suite-temporal.ts';

const planned: PlannedStart = plannedReply({ portalId: '1', threadId: '2', messageId: '3' } as Parameters<
  typeof plannedReply
>[0]);

describe('startDevServer', () => {
  const { cliPath } = suiteTemporal();
  let dataDir: string;
  let server: DevServer | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-dev-server-'));
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  const ports = async () => ({ port: await freePort(), uiPort: await freePort() });
  const start = async (options: Partial<Parameters<typeof startDevServer>[0]> = {}): Promise<DevServer> => {
    server = await startDevServer({ cliPath, dataDir, ...(await ports()), ...options });
    return server;
  };
  /** Processes that have our data folder in their command line. */
  const processes = async (): Promise<string[]> => {
    const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
    return stdout.split('\n').filter((line) => line.includes(join(dataDir, 'temporal.db')));
  };
  const program = async (script: string): Promise<string> => {
    const path = join(dataDir, 'fake-temporal');
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  };

  it('serves a prepared namespace that keeps runs for 7 days, and the Web UI', async () => {
    const { settings, uiUrl } = await start();
    const { connection } = createClient(settings, []);
    try {
      expect(await inspectNamespace(connection, settings.namespace)).toEqual({
        retentionMs: ms('7d'),
        missingSearchAttributes: [],
        mistypedSearchAttributes: [],
      });
    } finally {
      await connection.close();
    }
    expect((await fetch(uiUrl)).status).toBe(200);
  });

  it('leaves no process behind when it is stopped, and can be stopped again', async () => {
    const { stop, ended } = await start();
    expect(await processes()).not.toEqual([]);
    await stop();
    await ended;
    expect(await processes()).toEqual([]);
    await stop();
  });

  it('remembers its runs over a restart', async () => {
    const startRun = async ({ settings }: DevServer) => {
      const client = createClient(settings, []);
      try {
        return await createRunStarter(client, 'nobody').start(planned);
      } finally {
        await client.connection.close();
      }
    };
    const first = await start();
    expect(await startRun(first)).toBe('started');
    await first.stop();
    expect(await startRun(await start())).toBe('duplicate');
  });

  it('tells when the server ended by itself', async () => {
    const { ended } = await start();
    for (const line of await processes()) {
      if (line.includes(' -c ')) continue;
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    }
    await ended;
    expect(await processes()).toEqual([]);
  });

  it.each(['port', 'uiPort'])('says in one line that its %s is in use', async (which) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as { port: number };
      const refusal = start({ [which]: port });
      await expect(refusal).rejects.toThrow(PortTaken);
      await expect(refusal).rejects.toThrow(new RegExp(`^Port ${port} for .* is in use: .*$`));
    } finally {
      other.close();
    }
  });

  it('quotes the last line of the log when the server ends early', async () => {
    const refusal = start({ cliPath: await program('echo starting; echo "database is broken" >&2; exit 1') });
    await expect(refusal).rejects.toThrow(DevServerFailed);
    await expect(refusal).rejects.toThrow(
      /^The embedded Temporal server ended before it served\. .*database is broken$/,
    );
  });

  it('kills a server that doesn’t stop when asked', async () => {
    // Stands between us and the real server, deaf to the signal that stops it.
    const deaf = await program(`trap '' TERM\n"${cliPath}" "$@" &\nwait\nwait\nwhile :; do sleep 1; done`);
    const { stop } = await start({ cliPath: deaf });
    await stop();
    expect(await processes()).toEqual([]);
  });

  it.each(['exit', 'throw', 'SIGKILL'])('ends with the process that owns it (%s)', async (end) => {
    const { port, uiPort } = await ports();
    const script = fileURLToPath(new URL('../fixtures/dev-server-owner.ts', import.meta.url));
    const owner = spawnNode([script, cliPath, dataDir, String(port), String(uiPort), end], {});
    await owner.says(/ready/);
    await owner.ends(end === 'SIGKILL' ? 'SIGKILL' : undefined);
    while ((await processes()).length > 0) await delay(50);
  });
});
