import { spawnSync } from 'node:child_process';
import { ConfigError, loadCliSettings } from './config.ts';
import { userCacheDir } from './lib/user-cache-dir.ts';
import { findTemporalCli, TemporalCliNotFound } from './temporal/embedded/cli.ts';

// `npm run temporal -- workflow list …`: Temporal's own command line, for those who have only the one that we fetched.
try {
  const { temporalCliPath, xdgCacheHome } = loadCliSettings();
  const { path } = await findTemporalCli({
    configuredPath: temporalCliPath,
    cacheDir: userCacheDir(xdgCacheHome),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.exitCode = spawnSync(path, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
} catch (error) {
  if (!(error instanceof TemporalCliNotFound || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
