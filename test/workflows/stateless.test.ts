import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const FOLDER = fileURLToPath(new URL('../../src/workflows', import.meta.url));

it('keeps nothing of a run in a module of the workflows: a worker evaluates them once for all of its runs', () => {
  const stateful = globSync(`${FOLDER}/**/*.ts`).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) =>
        /^(?:export )?(?:(?:let|var) |const \w+(?:: [^=]+)? = (?:\[\]|\{\}|new (?:Weak)?Map|new WeakSet|new Set\(\)))/.test(
          line,
        ),
      )
      .map((line) => `${path.slice(FOLDER.length + 1)}: ${line}`),
  );
  expect(stateful).toEqual([]);
});
