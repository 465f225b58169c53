import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asCalled, COMMANDS } from '../src/command-line.ts';
import { ROOT, read } from './docs/markdown.ts';

const PROGRAM = join(ROOT, 'src/threadkeeper.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** In a folder without settings, and with none in the environment. */
const threadkeeper = async (...words: string[]): Promise<Ended> =>
  await promisify(execFile)(process.execPath, [PROGRAM, ...words], { cwd: folder, env: {} }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

describe('threadkeeper', () => {
  it('lists every command with examples, and says its version', async () => {
    const { code, stdout } = await threadkeeper('--help');
    expect(code).toBe(0);
    for (const name of [...Object.keys(COMMANDS), 'temporal'])
      expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    expect(stdout).toContain('Examples:\n  threadkeeper demo ');
    expect(await threadkeeper('--version')).toMatchObject({
      code: 0,
      stdout: `${JSON.parse(read('package.json')).version}\n`,
    });
  });

  it('is not what npm scripts run that it does not know', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    for (const name of Object.keys(COMMANDS)) expect(scripts).toContain(name);
  });

  it('ends with 2 where it is called without a command, or with one that there is not, and names the nearest', async () => {
    expect(await threadkeeper()).toMatchObject({ code: 2, stdout: '' });
    const { code, stdout, stderr } = await threadkeeper('usgae');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('There is no command "usgae". Did you mean usage? threadkeeper --help lists them.\n');
    expect((await threadkeeper('toString')).stderr).toBe(
      'There is no command "toString". threadkeeper --help lists them.\n',
    );
  });

  it.each([
    [['usage', '--help'], 0, /^Usage: threadkeeper usage \[options\]/],
    [['api', '--port', '80'], 2, /^There is no option --port\. threadkeeper api --help says what it takes\.\n$/],
    [
      ['demo', '--onec'],
      2,
      /^There is no option --onec\. Did you mean --once\? threadkeeper demo --help says what it takes\.\n$/,
    ],
    [['doctor', '--x'], 2, /^There is no option --x\. threadkeeper doctor --help says what it takes\.\n$/],
    [['usage', '--dasy', '3'], 2, /^There is no option --dasy\. Did you mean --days\?/],
    [['usage', '--days'], 2, /^--days needs a value\./],
    [['stop', '--list=x'], 2, /^--list takes no value\./],
    [['shadow', 'now'], 2, /^'now' is more than it takes\./],
    [['roll-out', '--biuld', 'x'], 2, /^There is no option --biuld\. Did you mean --build\?/],
    [['eval', '--goldne'], 2, /^There is no option --goldne\. Did you mean --golden\?/],
    [['ask', '--chanel', 'x'], 2, /^There is no option --chanel\. Did you mean --channel\?/],
    [['ask'], 2, /Usage: threadkeeper ask \[--knowledge FOLDER\] "question"/],
    [['stop', '--list'], 1, /HUBSPOT_CLIENT_SECRET is missing/],
    [['worker'], 1, /HUBSPOT_CLIENT_SECRET is missing/],
  ])('%j ends with %i, and shows no stack', async (words, expected, says) => {
    const { code, stdout, stderr } = await threadkeeper(...words);
    expect([words, code]).toEqual([words, expected]);
    expect(`${stdout}${stderr}`).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('reads .env of the folder that it is called in; the environment has the last word', async () => {
    await writeFile(join(folder, '.env'), 'TEMPORAL_CLI_PATH=/nowhere/temporal\n');
    try {
      const { code, stderr } = await threadkeeper('temporal', '--version');
      expect(code).toBe(1);
      expect(stderr).toContain('/nowhere/temporal');
    } finally {
      await rm(join(folder, '.env'));
    }
  });

  it('leaves npm to those who call by npm', () => {
    expect(asCalled('npm run stop -- --end')).toBe('npm run stop -- --end');
  });
});
