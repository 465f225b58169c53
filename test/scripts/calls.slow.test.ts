import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

const SCRIPTS: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** Every script of developers that takes options. */
const NAMES = Object.keys(SCRIPTS).filter((name) => /^bench|^test:(?:chaos|topology|containers)/.test(name));

const call = async (name: string, ...words: string[]) => {
  const file = /[\w/-]+\.ts$/.exec(SCRIPTS[name] ?? '')?.[0] ?? '';
  return await promisify(execFile)(process.execPath, [join(ROOT, file), ...words], { cwd: ROOT, env: {} }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
};

describe('a script of developers', () => {
  it.each(NAMES)('%s answers --help, and names an option that it does not know', async (name) => {
    const { code, stdout } = await call(name, '--help');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm run .* \[-- options\]\n\n[A-Z]/)]);
    const bogus = await call(name, '--bogus');
    expect([bogus.code, bogus.stdout]).toEqual([2, '']);
    expect(bogus.stderr).toMatch(/^There is no option --bogus\. npm run \S+ -- --help says what it takes\.\n$/);
    // Each option of the help, with a letter too much.
    const [, option = ''] = /--([a-z-]{4,}) {2}/.exec(stdout) ?? [];
    const near = await call(name, `--${option}x`);
    expect([near.code, near.stdout]).toEqual([2, '']);
    expect(near.stderr).toContain(`There is no option --${option}x. Did you mean --${option}?`);
  });

  it.each([
    ['bench', ['--only', 'scael'], '--only knows no scael. Did you mean scale?'],
    ['bench', ['--only'], '--only needs a value.'],
    ['bench', ['--contenders', 'nobody'], '--contenders knows no nobody. It takes '],
    ['bench', ['--short=yes'], '--short takes no value.'],
    ['bench', ['kills'], "'kills' is more than it takes."],
    ['bench:overload', ['--events', 'many'], '--events must be a number from 1, not "many".'],
    ['bench:latency', ['--replies', '0'], '--replies must be a number from 1, not "0".'],
    ['test:chaos', ['--signal', 'SIGHUP'], '--signal knows no SIGHUP. It takes SIGKILL, SIGTERM, SIGSTOP.'],
    ['test:topology', ['--only', 'fairnes'], '--only knows no fairnes. Did you mean fairness?'],
  ] as const)('%s %j says in a line what is wrong', async (name, words, says) => {
    const { code, stdout, stderr } = await call(name, ...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(says)).toBe(true);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
