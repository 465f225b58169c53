import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { openDatabase, openSessionStore } from '../../src/sessions/open-session-store.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { describeCatchUps } from './catch-ups-contract.ts';
import { describeOwnChanges } from './own-changes-contract.ts';
import { describeSessionStore, newThread, portal } from './session-store-contract.ts';
import { describeStops } from './stops-contract.ts';

const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'threadkeeper-sessions-'));
const open = (dataDir: string) => openSessionStore({ databaseUrl: undefined, dataDir });
const unknownContact = { contactId: null, ticketId: null, channelId: null };

const shared = temporaryFolder();
describeSessionStore('an embedded database', async () => open(await withEmbeddedDatabase(shared)));
describeStops('an embedded database', async () =>
  openDatabase({ databaseUrl: undefined, dataDir: await withEmbeddedDatabase(shared) }),
);
describeCatchUps('an embedded database', async () =>
  openDatabase({ databaseUrl: undefined, dataDir: await withEmbeddedDatabase(shared) }),
);
describeOwnChanges('an embedded database', async () =>
  openDatabase({ databaseUrl: undefined, dataDir: await withEmbeddedDatabase(shared) }),
);
afterAll(() => rmSync(shared, { recursive: true, force: true }));

describe('the embedded database', () => {
  let dataDir: string;
  let holder: ChildProcess | undefined;

  /** Another process that has the database open. */
  const holdStore = async (threadId: ThreadId) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-store.ts'), dataDir, portal, threadId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    holder = child;
    await once(child.stdout, 'data');
    return child;
  };

  beforeAll(async () => {
    dataDir = await withEmbeddedDatabase(temporaryFolder());
  });

  afterAll(() => {
    holder?.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('keeps what it was told from one process to the next', async () => {
    const threadId = newThread();
    const first = await open(dataDir);
    await first.open({ portalId: portal, threadId, ...unknownContact, contactId: '101' });
    await first.close();
    const second = await open(dataDir);
    expect(await second.open({ portalId: portal, threadId, ...unknownContact })).toMatchObject({ contactId: '101' });
    await second.close();
  });

  it('is refused to a second process, heals when the first was killed, and has lost nothing', async () => {
    const threadId = newThread();
    const child = await holdStore(threadId);

    await expect(open(dataDir)).rejects.toThrow(/Another Threadkeeper process .* or set DATABASE_URL/);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const healed = await open(dataDir);
    expect((await healed.open({ portalId: portal, threadId, ...unknownContact })).customData).toEqual({ kept: 'yes' });
    await healed.close();
  });

  it('does nothing more once another process has taken its lock', async () => {
    const child = await holdStore(newThread());
    const lock = join(dataDir, 'sessions.lock');
    rmdirSync(lock);
    mkdirSync(lock);
    let refusal: unknown;
    child.stdout.once('data', (said) => {
      refusal = said;
    });
    // Again and again, as its owner renews a lock: the first may come between the look of the one before and its own
    // renewal.
    while (refusal === undefined) {
      utimesSync(lock, 1_763_900_000, 1_763_900_000);
      await delay(100);
    }
    expect(String(refusal)).toMatch(/^SessionStoreError: Another process took over the embedded database .* restart/);
    rmdirSync(lock);
  });

  it('says which folder it can not write', async () => {
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    await expect(open(file)).rejects.toThrow(/a-file.sessions is not one \(ENOTDIR\): set DATA_DIR, or DATABASE_URL/);
  });

  it('says what to do with a folder that holds something else', async () => {
    const elsewhere = join(dataDir, 'elsewhere');
    mkdirSync(join(elsewhere, 'sessions'), { recursive: true });
    writeFileSync(join(elsewhere, 'sessions', 'PG_VERSION'), '9\n');
    await expect(open(elsewhere)).rejects.toThrow(/can't be opened .* move the folder away/s);
  });
});
