import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { userCacheDir } from '../../src/lib/user-cache-dir.ts';
import { findTemporalCli } from '../../src/temporal/embedded/cli.ts';

/** Temporal's programs, each by its path. */
export interface Programs {
  server: string;
  sqlTool: string;
  cli: string;
  /** The server's version. */
  version: string;
}

const { env } = process;

const find = (variable: string, name: string, source: string): string => {
  const configured = env[variable];
  const found = configured
    ? [configured]
    : (env.PATH ?? '')
        .split(delimiter)
        .map((folder) => join(folder, name))
        .filter((path) => existsSync(path));
  const [path] = found;
  if (path === undefined || !existsSync(path)) {
    throw new Error(
      `There is no ${configured ?? name}. Set ${variable}, or put it on the PATH; built from sources: go build ` +
        `-o ${name} go.temporal.io/server/${source}`,
    );
  }
  return path;
};

/**
 * Finds `temporal-server` and `temporal-sql-tool` by TEMPORAL_SERVER_PATH and TEMPORAL_SQL_TOOL_PATH or on the PATH,
 * and the command as the product does.
 * @throws {Error} one line that says how to get what is missing
 */
export const findPrograms = async (tell: (line: string) => void): Promise<Programs> => {
  const server = find('TEMPORAL_SERVER_PATH', 'temporal-server', 'cmd/server');
  const sqlTool = find('TEMPORAL_SQL_TOOL_PATH', 'temporal-sql-tool', 'cmd/tools/sql');
  const cli = await findTemporalCli({
    configuredPath: env.TEMPORAL_CLI_PATH || undefined,
    cacheDir: userCacheDir(env.XDG_CACHE_HOME),
    onProgress: tell,
  });
  const { stdout } = await promisify(execFile)(server, ['--version']);
  const [, version = stdout.trim()] = /(\d+\.\d+\.\d+)/.exec(stdout) ?? [];
  return { server, sqlTool, cli: cli.path, version };
};
