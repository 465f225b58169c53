import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { databaseCheck } from '../../src/doctor/database.ts';
import { examine } from '../../src/doctor/finding.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';

it('finds the embedded database well while the running product has it', async () => {
  const dataDir = await withEmbeddedDatabase(await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-')));
  const store = await openSessionStore({ databaseUrl: undefined, dataDir });
  try {
    const found = await examine(databaseCheck(undefined, dataDir), 30_000);
    expect(found).toMatchObject({ level: 'ok', message: expect.stringContaining('in use') });
  } finally {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
