// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose's own
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { apiEnvironment, SECRETS_OF_WORKERS } from '../../src/config/api.ts';
import { loadConfig, SETTINGS } from '../../src/config.ts';
import { ROOT, read, section, tableRows } from '../docs/markdown.ts';
import { freePort } from '../support/free-port.ts';
import { isInstalled } from '../support/installed.ts';
import { spawnNode } from '../support/spawned.ts';

interface Service {
  image: string;
  env_file?: string;
  environment?: Record<string, string>;
  ports?: string[];
  security_opt?: string[];
  cap_drop?: string[];
  cap_add?: string[];
  read_only?: boolean;
  restart?: string;
  mem_limit?: string;
  volumes?: string[];
  build?: string;
  logging?: unknown;
  healthcheck?: { test: string[] };
  privileged?: boolean;
  profiles?: string[];
  networks?: Record<string, { aliases: string[] }>;
}

const text = read('docker-compose.yml');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

/** Why a service's root file system can be written to. */
const WRITABLE: Record<string, string> = {
  temporal: 'Compose writes its `configs.content` into the container, and refuses to where the root is read-only',
  'temporal-ui': 'its image writes its configuration when it starts',
  grafana: 'its plugins write beside its program',
};

/** Settings that are secrets, by their names. */
const SECRETS = SETTINGS.filter((name) => /(?:TOKEN|KEYS?|SECRET|PASSWORD)$|^NOTIFY_URL$/.test(name));
const SECRETS_OF_THE_API = ['HUBSPOT_CLIENT_SECRET', 'OPS_TOKEN', 'PAYLOAD_KEYS', 'TEMPORAL_API_KEY', 'TOKEN_KEYS'];

describe('docker-compose.yml', () => {
  it.each(Object.entries(services))('lets %s become no more than it is at its start', (name, service) => {
    expect(service).toMatchObject({ security_opt: ['no-new-privileges:true'], cap_drop: ['ALL'] });
    const isProxy = name === 'proxy' || name === 'front';
    expect([service.cap_add, service.privileged]).toEqual([isProxy ? ['NET_BIND_SERVICE'] : undefined, undefined]);
    expect([name, service.read_only ?? false]).toEqual([name, !(name in WRITABLE)]);
  });

  it.each(Object.entries(services))(
    'lets the log of %s fill no disk, nor what stays up take all memory',
    (name, service) => {
      expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
      expect([name, service.mem_limit]).toEqual([
        name,
        service.restart?.startsWith('on-failure') ? undefined : expect.anything(),
      ]);
    },
  );

  it('asks a machine of 4 GB for no more memory than it has, and says so in docs/docker.md', () => {
    const mib = (limit = ''): number => Number.parseInt(limit, 10) * (limit.endsWith('g') ? 1024 : 1);
    const limits = Object.fromEntries(
      Object.entries(services)
        .filter(([name, { mem_limit, profiles = [] }]) => mem_limit && (profiles.length === 0 || name === 'proxy'))
        .map(([name, { mem_limit }]) => [name, mib(mem_limit)]),
    );
    expect(Object.values(limits).reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(3.5 * 1024);
    const names: Record<string, string> = { PostgreSQL: 'postgresql', 'Web UI': 'temporal-ui' };
    const rows = tableRows(section('docs/docker.md', 'Size')).slice(2);
    expect(
      Object.fromEntries(
        rows.map(([name = '', , limit = '']) => [names[name] ?? name.toLowerCase(), Number.parseInt(limit, 10)]),
      ),
    ).toEqual(limits);
    for (const [name, most = '', limit = ''] of rows) {
      expect([name, Number.parseInt(most, 10) * 1.4 < Number.parseInt(limit, 10)]).toEqual([name, true]);
    }
  });

  it('builds its image once, under a name that is a setting', () => {
    const ours = Object.values(services).filter(({ image }) => image === '${THREADKEEPER_IMAGE:-threadkeeper}');
    expect(ours.length).toBeGreaterThan(3);
    expect(ours.filter(({ build }) => build !== undefined)).toHaveLength(1);
  });

  it('calls Temporal healthy only where it answers, and asks for no news', () => {
    expect(services.temporal?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:7243/api/v1/namespaces/');
    expect(services.temporal?.environment).toMatchObject({ TEMPORAL_VERSION_CHECK_DISABLED: '1' });
    expect(services['temporal-ui']?.environment).toMatchObject({ TEMPORAL_DISABLE_NEWS_FETCH: 'true' });
  });

  it('asks for health in words without spaces, which Podman splits, and not by the image, where it drops it', () => {
    for (const name of ['api', 'api-standby', 'worker', 'temporal', 'postgresql']) {
      const words = services[name]?.healthcheck?.test ?? [];
      expect([name, words.filter((word) => /\s/.test(word)), words.length > 1]).toEqual([name, [], true]);
    }
  });

  it('gives Temporal and the product roles of their own, neither of which may do all', () => {
    expect(services.postgresql?.environment?.POSTGRES_USER).toBe('postgres');
    expect(services.temporal?.environment?.POSTGRES_USER).toBe('temporal');
    expect(services['temporal-schema']?.environment?.SQL_USER).toBe('temporal');
    expect(services.worker?.environment?.DATABASE_URL).toContain('//threadkeeper:');
  });

  it('has what its profiles mount, and scrapes each process of ours and Temporal', () => {
    const mounted = ['prometheus', 'grafana', 'proxy', 'front'].flatMap((name) =>
      (services[name]?.volumes ?? []).filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]),
    );
    expect(mounted).toHaveLength(6);
    for (const path of mounted) expect([path, existsSync(join(ROOT, path ?? ''))]).toEqual([path, true]);
    const { scrape_configs: jobs } = parse(read('deploy/compose/monitoring/prometheus.yml'));
    expect(JSON.stringify(jobs)).toContain(`api:${services.api?.environment?.OPS_PORT}`);
    const [, workerPort] = (services.worker?.environment?.WORKER_METRICS_ADDRESS ?? '').split(':');
    expect(jobs[1].dns_sd_configs).toEqual([{ names: ['worker'], type: 'A', port: Number(workerPort) }]);
    const [, temporalPort] = (services.temporal?.environment?.PROMETHEUS_ENDPOINT ?? '').split(':');
    expect(JSON.stringify(jobs)).toContain(`temporal:${temporalPort}`);
  });

  it('is reached from this machine only, unless API_BIND says so', () => {
    // The profile https is there to be reached.
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => (name === 'proxy' ? [] : ports));
    expect(published.length).toBeGreaterThan(2);
    for (const port of published) expect(port.replace('${API_BIND:-127.0.0.1}', '127.0.0.1')).toMatch(/^127\.0\.0\.1:/);
  });

  it('has an API that stands in for the other, with the same settings and no port of this machine', () => {
    const { api, 'api-standby': standby } = services;
    expect(standby).toMatchObject({ environment: api?.environment, image: api?.image, mem_limit: api?.mem_limit });
    expect([standby?.profiles, standby?.ports]).toEqual([['standby'], []]);
    expect(standby?.networks?.default?.aliases).toEqual(['api']);
    const script = read('deploy/compose/replace-api.sh');
    expect(script).toMatch(/up --detach --wait .* api-standby\b/);
    // Both wait for the API of that name, and longer than one takes to be gone.
    for (const name of ['Caddyfile', 'front.Caddyfile']) {
      expect(read(`deploy/compose/proxy/${name}`)).toMatch(/reverse_proxy api:3000 \{[^}]*lb_try_duration 4s/);
    }
  });

  it('has no password that works without being set', () => {
    // Temporal's is that of the product where it has none of its own.
    expect(text.replaceAll('${TEMPORAL_POSTGRES_PASSWORD:-${POSTGRES_PASSWORD}}', '')).not.toMatch(/PASSWORD:?-/);
    expect(services.postgresql?.environment?.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });

  it('keeps from the API each secret that it has no use for', () => {
    const kept = Object.entries(services.api?.environment ?? {}).flatMap(([name, value]) =>
      value === '' ? [name] : [],
    );
    expect(kept).toEqual(expect.arrayContaining([...SECRETS_OF_WORKERS, 'CODEC_SERVER_TOKEN', 'POSTGRES_PASSWORD']));
    // A new secret needs its decision here.
    expect(SECRETS.filter((name) => !kept.includes(name) && !SECRETS_OF_THE_API.includes(name))).toEqual([]);
    for (const name of SECRETS_OF_THE_API) expect(kept).not.toContain(name);
    for (const name of ['setup', 'codec-server']) expect([name, services[name]?.env_file]).toEqual([name, undefined]);
  });
});

const hasCompose = isInstalled('docker', 'compose', 'version');

(hasCompose ? describe : describe.skip)('docker-compose.yml, by docker compose', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadkeeper-compose-'));
    await mkdir(join(folder, 'knowledge'));
    for (const name of ['docker-compose.yml', 'Dockerfile']) await copyFile(join(ROOT, name), join(folder, name));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // biome-ignore lint/style/noProcessEnv: where docker is. Nothing else comes along.
  const { PATH = '', HOME = '' } = process.env;
  const config = async (settings: Record<string, string>, variables: Record<string, string> = {}) => {
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(folder, '.env'), `${read('.env.example')}\n${lines.join('')}`);
    const env = { PATH, HOME, ...variables };
    const words = ['compose', '--profile', 'codec', 'config', '--format', 'json'];
    const { stdout } = await promisify(execFile)('docker', words, { cwd: folder, env });
    return JSON.parse(stdout).services;
  };

  it('says how to make the password that is missing', async () => {
    await expect(config({})).rejects.toThrow(/POSTGRES_PASSWORD=\$\(openssl rand -hex 24\)" >> \.env/);
  });

  it('gives each process its secrets', async () => {
    const secrets = Object.fromEntries(SECRETS.map((name) => [name, `value-of-${name}`]));
    const { api, worker, setup } = await config({ ...secrets, POSTGRES_PASSWORD: 'of-the-database' });
    const values = JSON.stringify(api.environment);
    for (const name of SECRETS_OF_WORKERS) expect(values).not.toContain(secrets[name]);
    expect(values).not.toContain('of-the-database');
    for (const name of SECRETS_OF_THE_API) expect(api.environment[name]).toBe(secrets[name]);
    for (const name of SECRETS_OF_WORKERS) expect(worker.environment[name]).toBe(secrets[name]);
    expect(worker.environment.DATABASE_URL).toContain('of-the-database');
    expect(JSON.stringify(setup.environment)).not.toMatch(/value-of|of-the-database/);
  });

  it('gives the API the database where portals install the app, and another address where one is set', async () => {
    const { api, front } = await config({ POSTGRES_PASSWORD: 'pw', HUBSPOT_CLIENT_ID: 'id' }, { API_BIND: '0.0.0.0' });
    expect(api.environment.DATABASE_URL).toBe('postgres://threadkeeper:pw@postgresql:5432/threadkeeper');
    expect(api.ports).toMatchObject([{ host_ip: '127.0.0.1', target: 3001 }]);
    expect(front.ports).toMatchObject([{ host_ip: '0.0.0.0', target: 3000 }]);
    expect((await config({ POSTGRES_PASSWORD: 'pw' })).front.ports).toMatchObject([{ host_ip: '127.0.0.1' }]);
  });
});

describe('the API, without the secrets of workers', () => {
  const settings = {
    HUBSPOT_PORTAL_ID: '62515',
    HUBSPOT_CLIENT_SECRET: 'a-client-secret',
    HUBSPOT_AI_ACTOR_ID: 'A-1',
    WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
    ...Object.fromEntries([...SECRETS_OF_WORKERS, 'DATABASE_URL'].map((name) => [name, ''])),
  };

  it('starts, and listens', async () => {
    const port = await freePort();
    const api = spawnNode(['src/api.ts'], {
      ...settings,
      AI_BACKEND: 'anthropic',
      LLM_MODEL: 'a-model',
      OPS_TOKEN: '7f1c0b9e5d2a4c8896e3b1f05a7d42c6',
      PORT: String(port),
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    });
    try {
      await api.says(/API listens/);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      expect(await api.ends('SIGTERM')).toBe(0);
    } finally {
      await api.ends('SIGKILL');
    }
  });

  it.each(['openai-compatible', 'anthropic', 'opencx', 'http'])('needs no key of an AI (%s)', (backend) => {
    const ai = {
      AI_BACKEND: backend,
      LLM_MODEL: 'a-model',
      LLM_BASE_URL: 'https://llm.example.com/v1',
      OPENCX_API_URL: 'https://opencx.example.com',
      AI_HTTP_URL: 'https://ai.example.com',
    };
    expect(() => loadConfig(apiEnvironment({ ...settings, ...ai }))).not.toThrow();
  });

  it('needs no access token where portals install the app, and says what else is missing', () => {
    expect(apiEnvironment({ HUBSPOT_CLIENT_ID: 'id' })).not.toHaveProperty('HUBSPOT_ACCESS_TOKEN');
    expect(apiEnvironment({ PORTALS_FILE: 'portals.yaml' })).not.toHaveProperty('HUBSPOT_ACCESS_TOKEN');
    expect(() => loadConfig(apiEnvironment({}))).toThrow(/HUBSPOT_CLIENT_SECRET is missing/);
    expect(() => loadConfig(apiEnvironment({}))).not.toThrow(/HUBSPOT_ACCESS_TOKEN/);
    expect(apiEnvironment({ ...settings, HUBSPOT_ACCESS_TOKEN: 'pat-1' })).toMatchObject({
      HUBSPOT_ACCESS_TOKEN: 'pat-1',
    });
  });
});
