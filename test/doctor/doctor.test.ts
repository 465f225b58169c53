import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { prepareNamespace } from '../../src/temporal/namespace.ts';
import { type Api, startApi } from '../api/support.ts';
import { freePort } from '../support/free-port.ts';
import { CLIENT_SECRET, PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { useTemporal } from '../support/temporal.ts';

const { client } = useTemporal();
let folder: string;
let simulator: Simulator;
let api: Api;
let environment: Record<string, string>;

beforeAll(async () => {
  await prepareNamespace(client.connection, 'default', { raiseRetention: true });
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-'));
  simulator = await testSimulator();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
  const secrets = [{ secret: CLIENT_SECRET, portalIds: null }];
  api = await startApi({ settings: { publicUrl, secrets }, listen: { port } });
  environment = {
    HOME: folder,
    DATA_DIR: folder,
    TEMPORAL_ADDRESS: suiteTemporal().address,
    ...portalEnvironment(simulator, publicUrl),
    TEMPORAL_TASK_QUEUE: 'nobody-polls',
  };
});
afterAll(async () => {
  await api.close();
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `src/doctor.ts` as a process of its own. */
const doctor = (changes: Record<string, string> = {}, ...args: string[]) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((ended) => {
    const env = { ...environment, ...changes };
    const child = execFile(process.execPath, [resolve('src/doctor.ts'), ...args], { env }, (_error, stdout, stderr) =>
      ended({ code: child.exitCode, stdout, stderr }),
    );
  });

it('exits 0 where there are warnings at most, and prints a line for each check', async () => {
  const { code, stdout, stderr } = await doctor();
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^ok {7}settings: /);
  expect(stdout).toMatch(/^warning {2}HubSpot worker: .*\n {9}customers: .*\n {9}to do: /m);
  expect(stdout).toMatch(/\n0 problems, 3 warnings\n$/);
  expect(code).toBe(0);
});

it('exits 1 where there is a problem; with --json the findings are all that it prints', async () => {
  const { code, stdout, stderr } = await doctor({ HUBSPOT_ACCESS_TOKEN: 'pat-mistyped' }, '--json');
  const findings: Finding[] = JSON.parse(stdout);
  expect(findings).toContainEqual({
    check: `portal ${PORTAL_ID}: token`,
    level: 'problem',
    message: expect.any(String),
    customers: 'Their messages wait. They are answered once this works.',
    remedy: expect.stringContaining('HUBSPOT_ACCESS_TOKEN'),
  });
  expect(stdout + stderr).not.toContain('pat-mistyped');
  expect(code).toBe(1);
});

it('takes no argument that it does not know', async () => {
  const { code, stdout, stderr } = await doctor({}, '--jason');
  expect(stderr).toMatch(/^There is no option --jason\. Did you mean --json\?.*\n$/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
