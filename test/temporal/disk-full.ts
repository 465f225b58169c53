import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { START_DEADLINE_MS } from '../../src/api/app.ts';
import { plannedReply } from '../../src/runs/planned-start.ts';
import type { ReplyToMessageInput } from '../../src/runs/reply-to-message.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { type DevServer, startDevServer } from '../../src/temporal/embedded/dev-server.ts';
import { createRunStarter, type StartResult } from '../../src/temporal/run-starter.ts';
import { freePort } from '../support/free-port.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';

// Not part of `npm test`, as it has to be root's:
//   npm run test:jest -- --testMatch='<rootDir>/test/temporal/disk-full.ts'

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-full-'));

/** A disk of 32 MB, where this user may make one. */
const mountSmallDisk = (): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

const hasSmallDisk = mountSmallDisk();
if (!hasSmallDisk) {
  process.stderr.write('\nSKIPPED: this user can’t mount a small disk, so none is filled.\n\n');
}
afterAll(() => {
  // Lazily: the server that has just ended may still hold its files.
  if (hasSmallDisk) execFileSync('umount', ['--lazy', folder]);
  rmSync(folder, { recursive: true, force: true });
});

(hasSmallDisk ? describe : describe.skip)('while the disk under Temporal is full', () => {
  let server: DevServer;
  let client: Client;

  const startServer = async (): Promise<void> => {
    const [port, uiPort] = [await freePort(), await freePort()];
    server = await startDevServer({ cliPath: suiteTemporal().cliPath, dataDir: folder, port, uiPort });
    client = createClient(server.settings, []);
  };
  const stopServer = async (): Promise<void> => {
    await client.connection.close();
    await server.stop();
  };

  beforeAll(async () => {
    await startServer();
  });
  afterAll(() => stopServer());

  /** As the API starts a run. */
  const start = (messageId: number): Promise<StartResult> => {
    const planned = plannedReply({ portalId: '1', threadId: '2', messageId: `m${messageId}` } as ReplyToMessageInput);
    const starter = createRunStarter(client, 'nobody');
    return client.connection.withDeadline(Date.now() + START_DEADLINE_MS, () => starter.start(planned));
  };

  it('no start is acknowledged that is not there afterwards', async () => {
    const filler = join(folder, 'filler');
    expect(await start(0)).toBe('started');
    const fill = () => {
      for (const size of [1_048_576, 4_096]) {
        try {
          for (;;) appendFileSync(filler, Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    };
    fill();
    const acknowledged = [0];
    let refused: number | undefined;
    // What the database has set aside takes a few more.
    for (let next = 1; refused === undefined && next < 1_000; next += 1) {
      await start(next).then(
        () => acknowledged.push(next),
        () => {
          refused = next;
        },
      );
    }
    expect(refused).toEqual(expect.any(Number));

    rmSync(filler);
    // It doesn't always recover by itself.
    await stopServer();
    await startServer();
    expect(['started', 'duplicate']).toContain(await start(refused ?? 0));
    for (const one of acknowledged) expect([one, await start(one)]).toEqual([one, 'duplicate']);
  });
});
