import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resources } from '../src/processes/lifecycle.ts';
import { findPrograms } from '../test/topology/programs.ts';
import { startServerOnPostgres } from '../test/topology/temporal-server.ts';
import { startDatabase } from './backends.ts';

/**
 * A Temporal server on PostgreSQL, with the settings of docker-compose.yml, where TEMPORAL_SERVER_PATH and
 * TEMPORAL_SQL_TOOL_PATH say its programs are.
 * @throws {Error} one line that says how to get what is missing
 */
export const startTemporalOnPostgres = async (
  resources: Resources,
  log: (line: string) => void,
): Promise<{ address: string; what: string }> => {
  const programs = await findPrograms(log);
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-bench-server-'));
  resources.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const server = await startServerOnPostgres(await startDatabase(resources), programs, folder, log);
  resources.add(() => server.stop());
  return { address: server.settings.address, what: `PostgreSQL (server ${programs.version})` };
};
