import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from '../docs/markdown.ts';

const WIDTH = 120;
const FOLDERS = ['src', 'dev', 'test', 'scripts', 'bench', 'eval', 'lint'];
const GENERATED = /^src\/hubspot\/openapi\.ts$|^test\/replay\/histories\/|^bench\/results\//;

const tracked = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...FOLDERS], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\n')
    .filter((path) => /\.(?:[jt]s|mjs|grit)$/.test(path) && !GENERATED.test(path) && existsSync(join(ROOT, path)));

const wideLines = (path: string): [line: string, place: string][] =>
  read(path)
    .split('\n')
    .flatMap((line, index) => (line.length > WIDTH ? [[line, `${path}:${index + 1}`] as [string, string]] : []));

// The formatter breaks what code it can (biome.json, lineWidth), but no comment.
describe('a line', () => {
  const wide = tracked().flatMap(wideLines);

  it(`of a comment has at most ${WIDTH} columns`, () => {
    const comments = wide.filter(([line]) => /^\s*(?:\/\/|\/\*|\*)/.test(line) && !line.includes('biome-ignore'));
    expect(comments.map(([, place]) => place)).toEqual([]);
  });

  it('of prose in docs/architecture.md has, too', () => {
    const prose = wideLines('docs/architecture.md').filter(([line]) => !/^\|/.test(line));
    expect(prose.map(([, place]) => place)).toEqual([]);
  });
});
