/**
 * Does the Dockerfile's steps in a temporary folder, where there is no Docker: `npm run check:image`. Installs what
 * production needs, builds with the development tools that are here, puts both together, and starts every entry point
 * of it; the API has to pass the image's own health check. Takes a minute or two. Exits 1 where a step fails.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MANIFEST = ['package.json', 'package-lock.json', '.npmrc'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const fail = (line: string): never => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-image-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const app = join(folder, 'app');
const build = join(folder, 'build');
const copy = (names: string[], to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of names) cpSync(join(ROOT, name), join(to, name), { recursive: true });
};

copy(MANIFEST, app);
execFileSync('npm', ['ci', '--omit=dev'], { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] });
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
const installed = new Set(
  readdirSync(join(app, 'node_modules')).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(app, 'node_modules', name)).map((one) => `${name}/${one}`) : [name],
  ),
);
const tools = [...installed].filter((name) => packages[`node_modules/${name}`]?.dev);
if (tools.length > 0) fail(`Tools of development in the image: ${tools.join(', ')}`);
say(`production dependencies: ${installed.size} packages, no tools of development`);

copy([...MANIFEST, 'tsconfig.json', 'tsconfig.build.json', 'src'], build);
symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'));
execFileSync('npm', ['run', '--silent', 'build'], { cwd: build, stdio: ['ignore', 'ignore', 'pipe'] });
cpSync(join(build, 'dist'), join(app, 'dist'), { recursive: true });
copy(['knowledge'], app);

/** No secret that only workers use: the API does without. */
const SETTINGS = {
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_CLIENT_SECRET: 'nobody',
  HUBSPOT_AI_ACTOR_ID: 'A-1',
  WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
};
// Without settings each says what it lacks: whatever it imports is there.
for (const entry of ['api', 'worker', 'doctor', 'stop', 'usage', 'shadow']) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/${entry}.js`], {
    cwd: app,
    env: {},
    encoding: 'utf8',
  });
  if (status !== 1 || !`${stdout}${stderr}`.includes('HUBSPOT_CLIENT_SECRET is missing')) {
    fail(`dist/${entry}.js ends with ${status}:\n${stdout}${stderr}`);
  }
}
say('every entry point finds what it imports');

const [, words = ''] = /^HEALTHCHECK[\s\S]*?CMD (\[.*\])$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
const [, ...check] = JSON.parse(words) as string[];
const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const address = free.address();
const port = String(typeof address === 'object' ? address?.port : '');
await new Promise((closed) => free.close(closed));
// Temporal is away: the API listens all the same.
const env = { ...SETTINGS, PORT: port, TEMPORAL_ADDRESS: '127.0.0.1:1', NODE_ENV: 'production' };
const api = spawn(process.execPath, ['dist/api.js'], { cwd: app, env, stdio: ['ignore', 'pipe', 'inherit'] });
await once(api.stdout, 'data');
const { status: health } = spawnSync(process.execPath, check, { cwd: app, env });
api.kill('SIGTERM');
const [code] = await once(api, 'exit');
if (health !== 0 || code !== 0) fail(`The health check of the API ends with ${health}, the API with ${code}`);
say('the API passes the health check, and ends with 0 on SIGTERM');
