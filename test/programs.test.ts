import { expect, it } from '@jest/globals';
import { read } from './docs/markdown.ts';
import { spawnNode } from './support/spawned.ts';

const SCRIPTS: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** What the npm scripts start, each as its source; and the worker that the demo starts. */
const PROGRAMS = [
  ...Object.values(SCRIPTS)
    .flatMap((script) =>
      [...script.matchAll(/\bnode (?:--\S+ )*((?!node_modules)\S+\.[jt]s)/g)].map(([, file = '']) => file),
    )
    .map((file) => file.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')),
  'dev/demo/worker.ts',
];

// What jest takes, Node may refuse: a name that a CommonJS package doesn't show, a file's ending that is missing.
it('Node finds every name that a program and its modules import', async () => {
  expect(PROGRAMS).toEqual(expect.arrayContaining(['src/api.ts', 'src/worker.ts', 'src/start.ts', 'src/doctor.ts']));
  const loading = spawnNode(['test/support/load-programs.ts', ...PROGRAMS], {});
  expect([await loading.ends(), loading.output()]).toEqual([0, '']);
});
