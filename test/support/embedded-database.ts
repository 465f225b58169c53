import { cp } from 'node:fs/promises';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';
import { madeOnce } from './made-once.ts';

/** Makes `dataDir` as the first start with an embedded database leaves it: that takes seconds of computing, and a copy none. */
export const withEmbeddedDatabase = async (dataDir: string): Promise<string> => {
  const made = await madeOnce('database', async (folder) => {
    await (await openSessionStore({ databaseUrl: undefined, dataDir: folder })).close();
  });
  await cp(made, dataDir, { recursive: true });
  return dataDir;
};
