import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from './markdown.ts';

const PAGE = 'docs/promises.md';

/** A paragraph without its line ends. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Each test file with the beginnings of names of tests in it, by heading. */
const shown = read(PAGE)
  .split(/^## /m)
  .slice(1)
  .flatMap((part) => {
    const heading = part.split('\n')[0] ?? '';
    const [, cell = ''] = /^\*\*Shown by:\*\* ((?:.+\n)+)/m.exec(part) ?? [];
    return oneLine(cell)
      .split(/(?=`[\w/.-]+\.test\.ts`)/)
      .map((piece) => ({
        heading,
        file: /^`([\w/.-]+\.test\.ts)`/.exec(piece)?.[1] ?? '',
        names: [...piece.matchAll(/(?<!\w)_(.+?)_(?!\w)/g)].map(([, name = '']) => name),
      }));
  });

describe(PAGE, () => {
  it.each(shown.map((one) => [one.heading, one.file, one] as const))(
    '%s names tests of %s that exist',
    (_, file, { names }) => {
      expect(existsSync(join(ROOT, 'test', file))).toBe(true);
      const source = read(`test/${file}`);
      expect(names).not.toEqual([]);
      expect(names.filter((name) => !["'", '"', '`'].some((quote) => source.includes(quote + name)))).toEqual([]);
    },
  );

  it('has eight promises, and the README leads to each but the one about ticket properties', () => {
    const kept = [...read(PAGE).matchAll(/^## (\d)\. (.*)$/gm)].map(([, number]) => number);
    expect(kept).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    const led = [...read('README.md').matchAll(/\(docs\/promises\.md#(\d)-/g)].map(([, number]) => number);
    expect(led.toSorted()).toEqual(kept.filter((number) => number !== '7'));
  });
});
