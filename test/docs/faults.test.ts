import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT, read, tableRows } from './markdown.ts';

const PAGE = 'test/README.md';

interface Case {
  id: string;
  /** Files with the beginnings of names of tests in them. */
  shownBy: { file: string; names: string[] }[];
}

const namedIn = (cell: string): Case['shownBy'] =>
  cell.split(/(?=`[\w/.-]+\.test\.ts`)/).flatMap((part) => {
    const file = /^`([\w/.-]+\.test\.ts)`/.exec(part)?.[1];
    return file ? [{ file, names: [...part.matchAll(/(?<!\w)_(.+?)_(?!\w)/g)].map(([, name = '']) => name) }] : [];
  });

const cases: Case[] = tableRows(read(PAGE)).flatMap(([id = '', , cell = '']) =>
  /^[BF]\d+$/.test(id) ? [{ id, shownBy: namedIn(cell) }] : [],
);

it('has every case once, in order', () => {
  const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
  expect(cases.map(({ id }) => id)).toEqual([...numbered('B', 70), ...numbered('F', 17)]);
});

it.each(cases.filter(({ shownBy }) => shownBy.length > 0).map((one) => [one.id, one] as const))(
  '%s names tests that exist',
  (_id, { shownBy }) => {
    for (const { file, names } of shownBy) {
      expect([file, existsSync(join(ROOT, 'test', file))]).toEqual([file, true]);
      expect(names).not.toEqual([]);
      const source = read(`test/${file}`);
      const missing = names.filter((name) => !["'", '"', '`'].some((quote) => source.includes(quote + name)));
      expect([file, missing]).toEqual([file, []]);
    }
  },
);
