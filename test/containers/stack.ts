import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Simulator, startSimulator } from '../../dev/simulator/simulator.ts';
import { findFreePort } from '../../src/lib/ports.ts';
import { ROOT } from '../docs/markdown.ts';
import {
  ACCESS_TOKEN,
  AI_ACTOR_ID,
  APP_ID,
  CLIENT_SECRET,
  PORTAL_ID,
  portalEnvironment,
} from '../support/simulator.ts';
import type { ContainerOptions } from './options.ts';
import { startRelay } from './relay.ts';

/** What an operator has of the repository, and Docker's build takes. */
const CHECKOUT = [
  '.dockerignore',
  '.env.example',
  '.npmrc',
  'Dockerfile',
  'deploy/compose',
  'docker-compose.yml',
  'knowledge',
  'ops',
  'package-lock.json',
  'package.json',
  'src',
  'tsconfig.build.json',
  'tsconfig.json',
];

/** A shell's command and what came of it. */
export interface Ran {
  code: number;
  /** Standard output and standard error. */
  output: string;
  /** Standard output. */
  stdout: string;
  ms: number;
}

/** A checkout in a folder of its own, with its settings, its containers, and a simulated HubSpot. */
export interface Stack {
  folder: string;
  simulator: Simulator;
  /** Where the API is reached from this machine. */
  apiUrl: string;
  opsUrl: string;
  prometheusUrl: string;
  grafanaUrl: string;
  /** Where HubSpot's deliveries arrive. */
  hubspotCalls: string;
  /** Leads HubSpot's deliveries to another proxy; with none, to that of the profile `https`. */
  leadTo(url?: string): void;
  /** An image of a proxy, or what the options name in its place. */
  imageOf(image: string): string;
  /** Changes settings in `.env`. */
  set(settings: Record<string, string>): Promise<void>;
  /** Runs a line as an operator's shell does, in the checkout; whatever it ends with. */
  attempt(line: string, timeoutMs?: number): Promise<Ran>;
  /** The same. @throws {Error} with its output where it doesn't end with 0 */
  run(line: string, timeoutMs?: number): Promise<Ran>;
  /** Takes containers, volumes and images away. */
  remove(): Promise<void>;
}

const RUN_TIMEOUT_MS = 15 * 60_000;

const shell = async (line: string, folder: string, env: Record<string, string>, timeoutMs: number): Promise<Ran> => {
  const began = Date.now();
  const child = spawn('sh', ['-euc', line], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, stdout] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return { code: code ?? 137, output, stdout, ms: Date.now() - began };
};

/** Other images, and ports that nobody else has: all else is as docker-compose.yml says. */
const overrides = (images: Record<string, string>, ports: { temporal: number; ui: number }): string => {
  const services: Record<string, string[]> = {
    'temporal-ui': [`ports: !override ["127.0.0.1:${ports.ui}:8080"]`],
    worker: ['extra_hosts: ["host.docker.internal:host-gateway"]'],
    temporal: [`ports: !override ["127.0.0.1:${ports.temporal}:7233"]`],
  };
  const replace = (image: string | undefined, names: string[]): void => {
    if (image) for (const name of names) services[name] = [...(services[name] ?? []), `image: ${image}`];
  };
  replace(images.postgres, ['postgresql', 'postgresql-roles']);
  replace(images['temporalio/server'], ['temporal']);
  replace(images['temporalio/admin-tools'], ['temporal-schema', 'temporal-namespace']);
  replace(images['temporalio/ui'], ['temporal-ui']);
  replace(images.caddy, ['front', 'proxy']);
  replace(images['prom/prometheus'], ['prometheus']);
  replace(images['grafana/grafana'], ['grafana']);
  const lines = Object.entries(services).map(([name, words]) => [`  ${name}:`, ...words.map((word) => `    ${word}`)]);
  return `services:\n${lines.flat().join('\n')}\n`;
};

/** Makes the checkout and the simulated HubSpot. Nothing is built yet. */
export const makeStack = async ({ images }: ContainerOptions): Promise<Stack> => {
  const folder = await mkdtemp(join(tmpdir(), 'threadkeeper-containers-'));
  for (const path of CHECKOUT) await cp(join(ROOT, path), join(folder, path), { recursive: true });
  const dockerfile = join(folder, 'Dockerfile');
  const replaced = Object.entries(images).reduce(
    (text, [name, image]) => text.replace(new RegExp(`(FROM |--from=)${name}:\\S+`, 'g'), `$1${image}`),
    await readFile(dockerfile, 'utf8'),
  );
  await writeFile(dockerfile, replaced);

  const [port, ops, temporal, ui, prometheus, grafana, http, https] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  await writeFile(join(folder, 'docker-compose.override.yml'), overrides(images, { temporal, ui }));
  const apiUrl = `http://127.0.0.1:${port}`;
  const ownProxy = `http://127.0.0.1:${http}`;
  const relay = await startRelay(ownProxy);
  const publicUrl = `${relay.url}/webhooks/hubspot`;
  const simulator = await startSimulator({
    portalId: PORTAL_ID,
    appId: APP_ID,
    clientSecret: CLIENT_SECRET,
    accessToken: ACCESS_TOKEN,
    aiActorId: AI_ACTOR_ID,
    webhookUrl: publicUrl,
    host: '0.0.0.0',
  });
  const settings: Record<string, string> = {
    ...portalEnvironment(simulator, publicUrl),
    HUBSPOT_API_URL: `http://host.docker.internal:${new URL(simulator.url).port}`,
    PORT: String(port),
    OPS_PORT: String(ops),
    PROMETHEUS_PORT: String(prometheus),
    GRAFANA_PORT: String(grafana),
    HTTP_PORT: String(http),
    HTTPS_PORT: String(https),
    // No name that somebody would give a certificate for.
    THREADKEEPER_SITE: 'http://:80',
    COMPOSE_PROFILES: 'https',
    // The simulated HubSpot has no limit, and what is measured here is no limit either.
    HUBSPOT_CALLS_PER_SECOND: '0',
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    POSTGRES_PASSWORD: 'a-first-password-of-the-database',
    THREADKEEPER_IMAGE: 'threadkeeper-containers-test:1',
  };
  const write = async (): Promise<void> => {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(folder, '.env'), lines.join(''));
  };
  await write();

  // biome-ignore lint/style/noProcessEnv: what Docker's own programs read; nothing of it is a setting of ours
  const { PATH = '', HOME = '', DOCKER_HOST, DOCKER_BUILDKIT } = process.env;
  const env = {
    PATH,
    HOME,
    ...(DOCKER_HOST ? { DOCKER_HOST } : {}),
    ...(DOCKER_BUILDKIT ? { DOCKER_BUILDKIT } : {}),
    COMPOSE_PROJECT_NAME: 'threadkeeper-containers-test',
    COMPOSE_PROGRESS: 'quiet',
  };
  const attempt = (line: string, timeoutMs = RUN_TIMEOUT_MS): Promise<Ran> => shell(line, folder, env, timeoutMs);
  const run = async (line: string, timeoutMs?: number): Promise<Ran> => {
    const ran = await attempt(line, timeoutMs);
    if (ran.code !== 0) throw new Error(`${line} ended with ${ran.code}:\n${ran.output.slice(-3_000)}`);
    return ran;
  };
  return {
    folder,
    simulator,
    apiUrl,
    opsUrl: `http://127.0.0.1:${ops}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    grafanaUrl: `http://127.0.0.1:${grafana}`,
    hubspotCalls: relay.url,
    leadTo: (url = ownProxy) => relay.leadTo(url),
    imageOf: (image) => images[image.split(':')[0] ?? ''] ?? image,
    set: async (changes) => {
      Object.assign(settings, changes);
      await write();
    },
    attempt,
    run,
    remove: async () => {
      await attempt('docker compose --profile "*" down --volumes --remove-orphans --timeout 5');
      for (const tag of ['1', '2']) {
        await promisify(execFile)('docker', ['image', 'rm', `threadkeeper-containers-test:${tag}`]).catch(() => null);
      }
      await simulator.close();
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
