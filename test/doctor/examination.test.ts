import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { loadConfig } from '../../src/config.ts';
import { examineSettings } from '../../src/doctor/examination.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { isHealthy, renderJson, renderText } from '../../src/doctor/render.ts';
import { readTemporalSettings } from '../../src/temporal/envconfig.ts';
import { freePort } from '../support/free-port.ts';
import { useProduct } from '../support/product.ts';
import { ACCESS_TOKEN, AI_ACTOR_ID, CLIENT_SECRET, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const port = await freePort();
const publicUrl = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
const temporal = useTemporal();
const product = useProduct(temporal, { PORT: String(port), WEBHOOK_PUBLIC_URL: publicUrl });

type Environment = Record<string, string>;

const examined = (environment: Environment, deadlineMs = 30_000): Promise<Finding[]> =>
  examineSettings({
    readConfig: () => loadConfig(environment),
    readTemporal: () => readTemporalSettings({ overrideEnvVars: environment, disableFile: true }),
    embeddedAddress: temporal.settings.address,
    deadlineMs,
  });
/** The environment that the running product has. */
const environment = (changes: Environment = {}): Environment => ({
  TEMPORAL_ADDRESS: temporal.settings.address,
  TEMPORAL_TASK_QUEUE: product.taskQueue,
  DATA_DIR: product.config.dataDir,
  HUBSPOT_API_URL: product.simulator.url,
  HUBSPOT_PORTAL_ID: PORTAL_ID,
  HUBSPOT_ACCESS_TOKEN: ACCESS_TOKEN,
  HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
  HUBSPOT_AI_ACTOR_ID: AI_ACTOR_ID,
  WEBHOOK_PUBLIC_URL: publicUrl,
  ...changes,
});
const levels = (findings: Finding[]) => Object.fromEntries(findings.map(({ check, level }) => [check, level]));

const HEALTHY = {
  settings: 'ok',
  temporal: 'ok',
  namespace: 'ok',
  retention: 'ok',
  'search attributes': 'ok',
  // The tests' product has none.
  'HubSpot rate limit': 'info',
  'workflow worker': 'ok',
  'HubSpot worker': 'ok',
  'worker version': 'ok',
  // Nothing has run yet.
  'payload keys': 'info',
  // On this machine, and without keys.
  payloads: 'info',
  database: 'ok',
  ai: 'ok',
  [`portal ${PORTAL_ID}: token`]: 'ok',
  [`portal ${PORTAL_ID}: AI user`]: 'ok',
  [`portal ${PORTAL_ID}: contacts`]: 'ok',
  [`portal ${PORTAL_ID}: reading`]: 'ok',
  [`portal ${PORTAL_ID}: senders`]: 'ok',
  [`portal ${PORTAL_ID}: tickets`]: 'ok',
  [`portal ${PORTAL_ID}: writing`]: 'ok',
  [`portal ${PORTAL_ID}: channels`]: 'ok',
  // The tests serve no https.
  'webhook address': 'warning',
  'webhook self-test': 'ok',
  'webhook signature': 'ok',
};

it('finds the running product healthy', async () => {
  const findings = await examined(environment());
  expect(levels(findings)).toEqual(HEALTHY);
  expect(isHealthy(findings)).toBe(true);
});

it('looks at the embedded server where no other is set', async () => {
  const findings = await examined(environment({ TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: 'not-used' }));
  expect(levels(findings)).toEqual(HEALTHY);
});

it.each([
  ['WEBHOOK_PUBLIC_URL', `${publicUrl}/`, 'webhook address'],
  ['KNOWLEDGE_DIR', '/nowhere', 'ai'],
  ['DATA_DIR', '/dev/null', 'database'],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', '/nowhere', 'temporal settings'],
])('finds a wrong %s alone, whatever else is checked, and names it', async (name, value, check) => {
  const findings = await examined(environment({ [name]: value }));
  const problems = findings.filter(({ level }) => level === 'problem');
  expect(problems.map((problem) => problem.check)).toEqual([check]);
  expect(`${problems[0]?.message} ${problems[0]?.remedy}`).toContain(name.replace(/_CLIENT_CERT_PATH$/, ''));
  expect(isHealthy(findings)).toBe(false);
});

it('warns of a misspelt variable, and of a way over a network in clear text', async () => {
  const doubtful = { EMAIL_DELLAY: '5s', TEMPORAL_UI_URL: 'http://temporal.example.com' };
  const asked = await examined(environment(doubtful));
  for (const found of [asked, await examined(environment({ ...doubtful, PORT: '99999' }))]) {
    const warnings = found.filter(({ check, level }) => check === 'settings' && level === 'warning');
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('did you mean EMAIL_DELAY?'),
      expect.stringContaining('TEMPORAL_UI_URL leads to temporal.example.com by http://'),
    ]);
  }
  expect(isHealthy(asked)).toBe(true);
});

it('tells the secrets apart while one is rotated', async () => {
  const findings = await examined(environment({ HUBSPOT_CLIENT_SECRET: `${CLIENT_SECRET},next-secret` }));
  expect(levels(findings)).toMatchObject({
    'webhook self-test, secret 1 of 2': 'ok',
    'webhook self-test, secret 2 of 2': 'problem',
  });
});

it('names every setting that can not be read at once, and leaves the rest until they can', async () => {
  const findings = await examined({ PORT: '99999', HUBSPOT_PORTAL_ID: 'abc', AI_BACKEND: 'oracle' });
  const problems = findings.filter(({ level }) => level === 'problem');
  expect(problems.map(({ message }) => message.split(' ')[0])).toEqual(
    expect.arrayContaining(['PORT', 'HUBSPOT_PORTAL_ID', 'AI_BACKEND', 'HUBSPOT_ACCESS_TOKEN', 'WEBHOOK_PUBLIC_URL']),
  );
  for (const { remedy } of problems) expect(remedy).toContain('docs/configuration.md');
  expect(levels(findings)).toMatchObject({ temporal: 'info', database: 'info', ai: 'info', webhook: 'info' });
});

describe('with PORTALS_FILE', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('looks at each portal, and names its settings as they are called there', async () => {
    const PORTALS_FILE = join(folder, 'portals.yaml');
    const portal = (id: string) =>
      `  - { portalId: ${id}, accessToken: ${ACCESS_TOKEN}, aiActorId: ${AI_ACTOR_ID}, clientSecret: ` +
      `${CLIENT_SECRET} }`;
    await writeFile(PORTALS_FILE, ['portals:', portal(PORTAL_ID), portal('999')].join('\n'));
    const single = { HUBSPOT_PORTAL_ID: '', HUBSPOT_ACCESS_TOKEN: '', HUBSPOT_AI_ACTOR_ID: '' };
    const findings = await examined(environment({ PORTALS_FILE, ...single, HUBSPOT_CLIENT_SECRET: '' }));
    expect(levels(findings)).toMatchObject({
      [`portal ${PORTAL_ID}: token`]: 'ok',
      'portal 999: token': 'problem',
      'webhook self-test': 'ok',
    });
    const wrong = findings.find(({ check }) => check === 'portal 999: token');
    expect(wrong?.remedy).toContain('portalId in PORTALS_FILE');
  });
});

it('prints no secret, whatever is wrong', async () => {
  const secrets = {
    HUBSPOT_ACCESS_TOKEN: 'pat-hidden-token',
    HUBSPOT_CLIENT_SECRET: 'hidden-client-secret',
    OPENCX_API_KEY: 'hidden-opencx-key',
    TEMPORAL_API_KEY: 'hidden-temporal-key',
  };
  const nobody = `127.0.0.1:${await freePort()}`;
  const findings = await examined(
    environment({
      ...secrets,
      AI_BACKEND: 'opencx',
      OPENCX_API_URL: `http://${nobody}`,
      DATABASE_URL: `postgres://user:hidden-password@${nobody}/db`,
      TEMPORAL_ADDRESS: nobody,
      WEBHOOK_PUBLIC_URL: `http://${nobody}${WEBHOOK_PATH}?hidden=query`,
    }),
    // All of it is waited for, for a Temporal that isn't there.
    10_000,
  );
  const problems = findings.filter(({ level }) => level === 'problem').map(({ check }) => check);
  expect(problems).toEqual(['temporal', 'database', 'ai', `portal ${PORTAL_ID}: token`, 'webhook address']);
  expect(renderText(findings, pc) + renderJson(findings)).not.toContain('hidden');
  const refused = await examined(environment({ WEBHOOK_PUBLIC_URL: `https://user:hidden@${nobody}${WEBHOOK_PATH}` }));
  expect(refused[0]).toMatchObject({ check: 'settings', level: 'problem' });
  expect(renderText(refused, pc) + renderJson(refused)).not.toContain('hidden');
});
