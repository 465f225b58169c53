import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

it('keeps nothing of a run in a module of the workflows, their rules and runs: a worker evaluates them once for all of its runs', () => {
  const stateful = globSync(`${SRC}/{workflows,rules,runs}/**/*.ts`).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) =>
        /^(?:export )?(?:(?:let|var) |const \w+(?:: [^=]+)? = (?:\[\]|\{\}|new (?:Weak)?Map(?:<.*>)?\(\)|new WeakSet|new Set\(\)))/.test(
          line,
        ),
      )
      .map((line) => `${path.slice(SRC.length + 1)}: ${line}`),
  );
  expect(stateful).toEqual([]);
});
