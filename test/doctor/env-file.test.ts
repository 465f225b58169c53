import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { environmentFileFindings, readInTwoWays } from '../../src/doctor/env-file.ts';
import { read } from '../docs/markdown.ts';

/** What Compose 2.40 makes of each value, by `docker compose config`; `null`: it refuses the file. */
const COMPOSE: Record<string, string | null> = {
  abc: 'abc',
  a$b: 'a',
  a$$b: 'a$b',
  "'a$b'": 'a$b',
  '"a$b"': 'a',
  '"a$$b"': 'a$b',
  'a#b': 'a#b',
  'a #b': 'a',
  'a # $b': 'a',
  "'a#b'": 'a#b',
  '"a #b"': 'a #b',
  '#x': '#x',
  'a\\#b': 'a\\#b',
  'a"b': 'a"b',
  "a'b": "a'b",
  '`ab`': '`ab`',
  'a\\nb': 'a\\nb',
  '"a\\nb"': 'a\nb',
  "'a\\nb'": 'a\\nb',
  '"a\\tb"': 'a\tb',
  '"a\\\\b"': 'a\\b',
  '"a\\"b"': 'a"b',
  "'it\\'s'": "it's",
  'a\\b': 'a\\b',
  "'a' # c": 'a',
  "'a'#c": 'a',
  "''": '',
  "'a": null,
  '"a': null,
  'https://x/y?z=1&w=2': 'https://x/y?z=1&w=2',
  'a=b': 'a=b',
};

describe('.env', () => {
  it.each(Object.entries(COMPOSE))('%s is told to mean the same to Node.js and Compose, or not', (value, compose) => {
    const file = `BEFORE=1\nNAME=${value}\n`;
    const differs = compose === null || parseEnv(file).NAME !== compose;
    expect(readInTwoWays(file)).toEqual(differs ? ['NAME'] : []);
  });

  it('of the example means the same to both', () => {
    const uncommented = read('.env.example').replace(/^# ([A-Z_]+=)/gm, '$1');
    expect(readInTwoWays(uncommented)).toEqual([]);
  });

  it('is warned of by the names of the settings, and by no value', () => {
    expect(environmentFileFindings("# A$B=c\nA='x$y'\nB=sec$ret # a word\nexport C=pass#word\r\n")).toEqual([
      expect.objectContaining({ check: '.env', level: 'warning', message: expect.stringContaining(' B, C in .env') }),
    ]);
    expect(environmentFileFindings('A=1\n')).toEqual([]);
  });
});
