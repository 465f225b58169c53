import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import { temporalCli } from './backends.ts';
import { ALL, versionOf, whyLeftOut } from './contenders.ts';

/** What the figures were measured on, and with; each a line of words. */
export type Machine = Record<string, string>;

const said = async (program: string, words: string[]): Promise<string> => {
  try {
    const { stdout } = await promisify(execFile)(program, words);
    return stdout.trim().split('\n')[0] ?? '';
  } catch {
    return 'not there';
  }
};

const ownVersions = async (names: string[]): Promise<string> => {
  const { dependencies } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return names.map((name) => `${name} ${dependencies[name]}`).join(', ');
};

const peerVersions = async (): Promise<string> => {
  const there = ALL.filter((contender) => contender.package && whyLeftOut(contender) === null);
  return (await Promise.all(there.map(async ({ package: name = '' }) => `${name} ${await versionOf(name)}`))).join(
    ', ',
  );
};

export const describeMachine = async (command: string): Promise<Machine> => ({
  command,
  date: new Date().toISOString(),
  commit: await said('git', ['describe', '--always', '--dirty']),
  machine:
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ` +
    `${release()}`,
  Node: process.version,
  product: await ownVersions(['@temporalio/client', 'express']),
  Temporal: (await temporalCli()).version,
  PostgreSQL: await said('/usr/lib/postgresql/15/bin/postgres', ['--version']),
  Redis: await said('redis-server', ['--version']),
  peers: await peerVersions(),
});
