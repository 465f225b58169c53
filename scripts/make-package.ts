/**
 * Makes the npm package, for `npx`: `npm run package` writes threadkeeper-VERSION.tgz into this folder. It has what the
 * image has, and the demo and the evaluation beside it, all as JavaScript: Node runs no TypeScript in node_modules.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = ['src', 'dev', 'eval'];
/** What the demo and the evaluation use that the product does not. */
const THEIRS = ['ajv', 'lit-html'];

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-package-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };

const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
// `npm test` checks the types, which takes longer than all else here.
const compile = [compiler, '-p', 'tsconfig.package.json', '--noCheck', '--outDir', folder];
execFileSync(process.execPath, compile, { ...quiet, cwd: ROOT });
for (const name of PROGRAMS) {
  cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: (path) => extname(path) !== '.ts' });
}
for (const name of ['knowledge', 'LICENSE', 'README.md', 'CHANGELOG.md', '.env.example']) {
  cpSync(join(ROOT, name), join(folder, name), { recursive: true });
}

const modules = join(folder, 'node_modules');
symlinkSync(join(ROOT, 'node_modules'), modules);
execFileSync(process.execPath, ['src/temporal/build-workflow-bundle.js'], { ...quiet, cwd: folder });
rmSync(modules);

const ours = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const kept = [
  'name',
  'version',
  'description',
  'license',
  'type',
  'engines',
  'peerDependencies',
  'peerDependenciesMeta',
];
const manifest = {
  ...Object.fromEntries(kept.map((name) => [name, ours[name]])),
  bin: { threadkeeper: 'src/threadkeeper.js' },
  dependencies: {
    ...Object.fromEntries(THEIRS.map((name) => [name, ours.devDependencies[name]])),
    ...ours.dependencies,
  },
};
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
execFileSync('npm', ['pack', folder, '--silent', '--pack-destination', ROOT], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
