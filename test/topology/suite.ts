import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newPayloadKey } from '../../src/temporal/payload-keys.ts';
import type { TestPostgres } from '../support/postgres.ts';
import type { ServerOnPostgres } from './temporal-server.ts';

export interface SuiteResult {
  files: string[];
  seconds: number;
  passed: boolean;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['test/e2e', 'test/processes'];

/** Runs tests of `npm test` on this server, with sessions in PostgreSQL and every product's payloads encrypted. */
export const runSuite = async (
  { files }: { files: string[] },
  server: ServerOnPostgres,
  postgres: TestPostgres,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<SuiteResult> => {
  const began = Date.now();
  const asked = files.length > 0 ? files : FILES;
  tell(asked.join(' '));
  const jest = spawn('npm', ['run', '--silent', 'test:jest', '--', '--maxWorkers=2', ...asked], {
    cwd: ROOT,
    env: {
      // biome-ignore lint/style/noProcessEnv: handed on
      ...process.env,
      TEST_TEMPORAL_ADDRESS: server.settings.address,
      TEST_DATABASE_URL: postgres.url(),
      TEST_PAYLOAD_KEYS: newPayloadKey(new Date()),
    },
    stdio: ['ignore', 2, 2],
    signal,
  });
  const [code] = await once(jest, 'close');
  return { files: asked, seconds: Math.round((Date.now() - began) / 1_000), passed: code === 0 };
};
