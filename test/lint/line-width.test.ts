import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { PAGES, ROOT, read } from '../docs/markdown.ts';

const WIDTH = 120;
const FOLDERS = ['src', 'dev', 'test', 'scripts', 'bench', 'eval', 'lint', 'site'];
const GENERATED = /^src\/hubspot\/openapi\.ts$|^test\/replay\/histories\/|^bench\/results\//;

const tracked = (ending: RegExp): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...FOLDERS], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\n')
    .filter((path) => ending.test(path) && !GENERATED.test(path) && existsSync(join(ROOT, path)));

interface Line {
  path: string;
  /** From 0. */
  at: number;
  text: string;
}

const wideLines = (path: string): Line[] =>
  read(path)
    .split('\n')
    .flatMap((text, at) => (text.length > WIDTH ? [{ path, at, text }] : []));

const placesOf = (lines: Line[]): string[] => lines.map(({ path, at }) => `${path}:${at + 1}`);

const TITLES = ['it', 'test', 'describe', 'each'];

const isTitle = (literal: ts.Node): boolean => {
  const call = literal.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== literal) return false;
  return TITLES.some((name) => new RegExp(`\\b${name}\\b`).test(call.expression.getText().slice(0, 2_000)));
};

/**
 * Texts that no line end may break: a regular expression, a template of several lines or with a tag, a test's title, a
 * field's name, and one long word.
 */
const isWhole = (node: ts.Node, source: ts.SourceFile): boolean => {
  if (ts.isRegularExpressionLiteral(node)) return true;
  if (ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node))
    return ts.isTaggedTemplateExpression(node.parent) || /\n/.test(node.getText(source)) || isTitle(node);
  if (!ts.isStringLiteral(node)) return false;
  const isName = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
  return isName || isTitle(node) || !node.text.includes(' ');
};

/** The lines of a file's code that could have been broken. */
const breakable = (path: string): Line[] => {
  const wide = wideLines(path);
  if (wide.length === 0) return [];
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const whole = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (isWhole(node, source)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      for (let line = first; line <= last; line += 1) whole.add(line);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return wide.filter(({ at, text }) => !whole.has(at) && !text.includes('biome-ignore'));
};

/** A page's lines of prose: no table, no code, no HTML, and nothing that is one word, such as a link. */
const proseOf = (path: string): Line[] => {
  let inCode = false;
  const lines = read(path).split('\n');
  return lines.flatMap((text, at) => {
    if (/^\s*(?:```|~~~)/.test(text)) inCode = !inCode;
    const isProse = !inCode && !/^(?:\s*(?:\||<|#)| {4})/.test(text) && /\S\s+\S{2,}\s+\S/.test(text);
    return isProse && text.length > WIDTH ? [{ path, at, text }] : [];
  });
};

// The formatter breaks what code it can (biome.json, lineWidth), but no comment and no text.
describe(`a line has at most ${WIDTH} columns`, () => {
  // Rules that are lists of words hold them as they were collected.
  const WORDS = /^src\/(?:ai\/knowledge|rules\/mail)\//;

  it('of a comment', () => {
    const wide = tracked(/\.(?:[jt]s|mjs|grit)$/).flatMap(wideLines);
    const comments = wide.filter(({ text }) => /^\s*(?:\/\/|\/\*|\*)/.test(text) && !text.includes('biome-ignore'));
    expect(placesOf(comments)).toEqual([]);
  });

  it('of code', () => {
    expect(
      placesOf(
        tracked(/\.(?:[jt]s|mjs)$/)
          .filter((path) => !WORDS.test(path))
          .flatMap(breakable),
      ),
    ).toEqual([]);
  });

  it('of prose', () => {
    const pages = [...PAGES, ...tracked(/\.md$/)].filter((path) => path !== 'CHANGELOG.md');
    expect(placesOf(pages.flatMap(proseOf))).toEqual([]);
  });
});
