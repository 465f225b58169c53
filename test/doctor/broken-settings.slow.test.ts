import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { WEBHOOK_PATH } from '../../src/api/app.ts';
import { loadConfig } from '../../src/config.ts';
import { examineSettings } from '../../src/doctor/examination.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { isHealthy } from '../../src/doctor/render.ts';
import { SCOPE_OF } from '../../src/hubspot/scopes.ts';
import { openDatabase } from '../../src/sessions/open-session-store.ts';
import { createClient } from '../../src/temporal/connection.ts';
import { plainSettings, readTemporalSettings } from '../../src/temporal/envconfig.ts';
import { prepareNamespace } from '../../src/temporal/namespace.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { startApi } from '../api/support.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { freePort } from '../support/free-port.ts';
import { hasPostgres, startPostgres } from '../support/postgres.ts';
import {
  ACCESS_TOKEN,
  AI_ACTOR_ID,
  CLIENT_SECRET,
  PORTAL_ID,
  portalEnvironment,
  testSimulator,
} from '../support/simulator.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

/**
 * A whole set-up that doctor finds well: each test breaks one thing of it, and does what doctor then says. Settings
 * that the advice names get their right value again, and no others; its commands are run; scopes that it asks for are
 * granted.
 */
const temporal = useTemporal();
const { connection } = temporal.client;
const { address } = temporal.settings;

const namespace = uniqueName('doctor');
const taskQueue = uniqueName('doctor');
const MODEL = 'model-1';
const LLM_KEY = 'llm-key';
const EMAIL_ACCOUNT = '304951228';
/** Of the real set-up only this differs from production: the tests serve no https. */
const ACCEPTED = 'webhook address';

let folder: string;
let simulator: Simulator;
let nobody: string;
/** As it should be. */
let right: Record<string, string>;
/** As it is. */
let environment: Record<string, string>;
const closers: (() => unknown)[] = [];

/** Lists its model to whoever has the key. */
const startModels = async (): Promise<string> => {
  const server: Server = createServer(({ headers }, response) => {
    const known = headers.authorization === `Bearer ${LLM_KEY}`;
    response.writeHead(known ? 200 : 401).end(JSON.stringify(known ? { data: [{ id: MODEL }] } : {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const startDatabase = async (): Promise<Record<string, string>> => {
  if (!hasPostgres) return { DATA_DIR: await withEmbeddedDatabase(folder) };
  const postgres = await startPostgres();
  closers.push(() => postgres.stop());
  const databaseUrl = await postgres.createDatabase('sessions');
  await (await openDatabase({ databaseUrl, dataDir: folder, logger: temporal.logger })).close();
  return { DATA_DIR: folder, DATABASE_URL: databaseUrl };
};

/** A namespace of its own, since some tests break it, with Workers and a run that nothing takes up. */
const startTemporal = async (keys: string): Promise<void> => {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('7d'),
  });
  await prepareNamespace(connection, namespace, { raiseRetention: false });
  await temporal.runWorkers({
    namespace,
    taskQueue,
    activities: { main: { a: () => 0 }, hubspot: { b: () => 0 } },
  });
  const client = createClient(plainSettings(address, namespace), readPayloadKeys(keys) ?? []);
  closers.push(() => client.connection.close());
  const args = [{ portalId: PORTAL_ID, threadId: '1', messageId: '1' }];
  await client.workflow.start('replyToMessage', { workflowId: 'waits', taskQueue, args, startDelay: '1 day' });
};

const examined = (deadlineMs = 30_000): Promise<Finding[]> =>
  examineSettings({
    readConfig: () => loadConfig(environment),
    readTemporal: () => readTemporalSettings({ overrideEnvVars: environment, disableFile: true }),
    deadlineMs,
  });
/** What isn't well, beside what is accepted. */
const wrongIn = (findings: Finding[]): Finding[] =>
  findings.filter(({ check, level }) => (level === 'warning' || level === 'problem') && check !== ACCEPTED);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-doctor-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  simulator = await testSimulator();
  closers.push(() => simulator.close());
  nobody = `127.0.0.1:${await freePort()}`;
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
  const secrets = [{ secret: CLIENT_SECRET, portalIds: null }];
  const api = await startApi({ settings: { publicUrl, secrets }, listen: { port } });
  closers.push(() => api.close());
  const PAYLOAD_KEYS = newPayloadKey(new Date('2026-01-31'));
  const [models, database] = await Promise.all([startModels(), startDatabase(), startTemporal(PAYLOAD_KEYS)]);
  right = {
    HOME: folder,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TASK_QUEUE: taskQueue,
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    PAYLOAD_KEYS,
    ...database,
    AI_BACKEND: 'openai-compatible',
    LLM_BASE_URL: models,
    LLM_API_KEY: LLM_KEY,
    LLM_MODEL: MODEL,
    ...portalEnvironment(simulator, publicUrl),
  };
  environment = { ...right };
  // A Worker's first poll, and a run's place in the list, come a moment later.
  while ((await examined()).some(({ check, level }) => level !== 'ok' && check !== ACCEPTED)) await sleep(200);
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
  expect(simulator.contractViolations).toEqual([]);
});

/** Sets what the advice names, of all that is wrong, to what it should be. */
const correct = (advice: string): void => {
  for (const name of new Set([...Object.keys(environment), ...Object.keys(right)])) {
    if (!new RegExp(`\\b${name}\\b`).test(advice)) continue;
    const value = right[name];
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
};
/** Runs the `temporal` command of the advice, as a person would. */
const obey = async (advice: string): Promise<void> => {
  const [command = ''] = /temporal operator .*$/.exec(advice) ?? [];
  await promisify(execFile)(suiteTemporal().cliPath, command.split(' ').slice(1));
};
/** Adds the scopes of the advice to the app. */
const grant =
  (missing: string) =>
  (advice: string): void => {
    const [, scopes = ''] = /Add to the app's scopes: ([\w., ]+)\. /.exec(advice) ?? [];
    if (scopes.split(', ').includes(missing)) simulator.faults.clear();
  };
const portalsFile = (token: string) =>
  writeFile(
    join(folder, 'portals.yaml'),
    `portals:\n  - { portalId: ${PORTAL_ID}, ${token}: ${ACCESS_TOKEN}, aiActorId: ${AI_ACTOR_ID} }\n`,
  );

interface Broken {
  /** In the words of the person who did it. */
  what: string;
  /** Breaks it; gives the settings that differ. */
  breaks(): Promise<Record<string, string>> | Record<string, string>;
  /** The check that finds it, or those that do: two queues have no worker. */
  found: string[];
  level?: 'warning';
  says: RegExp;
  /** Does what the advice says; unless given, corrects the settings that it names. */
  mend?(advice: string): unknown;
  deadlineMs?: number;
}

const portal = (check: string): string => `portal ${PORTAL_ID}: ${check}`;
const refused = (route: keyof typeof SCOPE_OF) => {
  simulator.faults.add({ kind: 'status', status: 403, match: { route }, times: Number.POSITIVE_INFINITY });
  return {};
};

const BROKEN: Broken[] = [
  {
    what: "Temporal's address",
    breaks: () => ({ TEMPORAL_ADDRESS: nobody }),
    found: ['temporal'],
    says: /start it, or correct TEMPORAL_ADDRESS/,
    // All that the other checks have, too.
    deadlineMs: 5_000,
  },
  {
    what: 'a namespace that there is not',
    breaks: () => ({ TEMPORAL_NAMESPACE: 'nowhere' }),
    found: ['namespace'],
    says: /Correct TEMPORAL_NAMESPACE, or create it: temporal operator namespace create/,
  },
  {
    what: 'a retention under three days',
    breaks: async () => {
      const config = { workflowExecutionRetentionTtl: msToTs('1d') };
      await connection.workflowService.updateNamespace({ namespace, config });
      return {};
    },
    found: ['retention'],
    level: 'warning',
    says: /1 day\. .* npm run setup, or: temporal operator namespace update/,
    mend: obey,
  },
  {
    what: 'a search attribute that someone removed',
    breaks: async () => {
      await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['SkipReason'] });
      return {};
    },
    found: ['search attributes'],
    says: /Missing: SkipReason\. npm run setup, or: temporal operator search-attribute create/,
    mend: obey,
  },
  {
    what: 'a task queue that no worker polls',
    breaks: () => ({ TEMPORAL_TASK_QUEUE: 'misspelt' }),
    found: ['workflow worker', 'HubSpot worker'],
    level: 'warning',
    says: /Nobody polls task queue "misspelt".* Start it: .* compare its TEMPORAL_NAMESPACE and TEMPORAL_TASK_QUEUE/,
  },
  {
    what: "another deployment's key",
    breaks: () => ({ PAYLOAD_KEYS: newPayloadKey(new Date('2026-02-01')) }),
    found: ['payload keys'],
    says: /key "2026-01-31", which PAYLOAD_KEYS doesn't have: add it/,
  },
  {
    what: "another key under the right one's name",
    breaks: () => ({ PAYLOAD_KEYS: newPayloadKey(new Date('2026-01-31')) }),
    found: ['payload keys'],
    says: /PAYLOAD_KEYS has another key under that id/,
  },
  {
    what: 'keys that were forgotten',
    breaks: () => ({ PAYLOAD_KEYS: '' }),
    found: ['payload keys'],
    says: /PAYLOAD_KEYS doesn't have: add it/,
  },
  {
    what: 'encryption that is required without a key',
    breaks: () => ({ PAYLOAD_KEYS: '', PAYLOAD_ENCRYPTION: 'required' }),
    found: ['settings'],
    says: /PAYLOAD_KEYS is missing: PAYLOAD_ENCRYPTION is required \(npm run keys prints a key\)/,
  },
  {
    what: 'a database that can not be reached',
    breaks: () => ({ DATABASE_URL: `postgres://threadkeeper:secret@${nobody}/sessions` }),
    found: ['database'],
    says: /check .*DATABASE_URL/,
  },
  {
    what: 'an access token that was revoked',
    breaks: () => ({ HUBSPOT_ACCESS_TOKEN: 'pat-revoked' }),
    found: [portal('token')],
    says: /Copy the app's access token anew into HUBSPOT_ACCESS_TOKEN/,
  },
  {
    what: "another portal's id",
    breaks: () => ({ HUBSPOT_PORTAL_ID: '999' }),
    found: ['portal 999: token'],
    says: new RegExp(`Set HUBSPOT_PORTAL_ID to ${PORTAL_ID}`),
  },
  ...(['listThreads', 'updateThread', 'createContact'] as const).map(
    (route): Broken => ({
      what: `a scope that the app lacks, ${SCOPE_OF[route]}`,
      breaks: () => refused(route),
      found: [portal({ listThreads: 'reading', updateThread: 'writing', createContact: 'contacts' }[route])],
      // Handoffs go on without a contact.
      ...(route === 'createContact' ? { level: 'warning' as const } : {}),
      says: new RegExp(`Add to the app's scopes: .*${SCOPE_OF[route]}`),
      mend: grant(SCOPE_OF[route]),
    }),
  ),
  {
    what: "an AI's user that there is not",
    breaks: () => ({ HUBSPOT_AI_ACTOR_ID: 'A-1' }),
    found: [portal('AI user')],
    says: /This portal has no user A-1\. Set HUBSPOT_AI_ACTOR_ID to A- and the user id/,
  },
  {
    what: "an AI's user that is none",
    breaks: () => {
      const body = { id: 'A-7', type: 'BOT', name: 'A bot' };
      const rewrite = () => body;
      simulator.faults.add({ kind: 'rewrite', rewrite, match: { route: 'getActor', path: /A-7/ } });
      // HubSpot knows the actor, as something else.
      simulator.assign(simulator.customerWrites({ channel: 'chat', text: 'Hello' }).threadId, 'A-7');
      return { HUBSPOT_AI_ACTOR_ID: 'A-7' };
    },
    found: [portal('AI user')],
    says: /A-7 is of type BOT, and HubSpot lets only a user .* Set HUBSPOT_AI_ACTOR_ID/,
  },
  {
    what: 'a mailbox that nobody authorized again',
    breaks: () => {
      simulator.setChannelAccount(EMAIL_ACCOUNT, { authorized: false });
      return {};
    },
    found: [portal('channels')],
    level: 'warning',
    says: new RegExp(`Support mailbox \\(${EMAIL_ACCOUNT}: not authorized\\).* Connect it again`),
    mend: () => simulator.setChannelAccount(EMAIL_ACCOUNT, { authorized: true }),
  },
  {
    what: 'a public URL at which nothing listens',
    breaks: () => ({ WEBHOOK_PUBLIC_URL: `http://${nobody}${WEBHOOK_PATH}` }),
    found: ['webhook self-test'],
    says: /can't be reached .* Check host and port in WEBHOOK_PUBLIC_URL/,
  },
  {
    what: "another app's client secret",
    breaks: () => ({ HUBSPOT_CLIENT_SECRET: 'another-secret' }),
    found: ['webhook self-test'],
    says: /signature-mismatch.* HUBSPOT_CLIENT_SECRET or WEBHOOK_PUBLIC_URL differs/,
  },
  {
    what: 'an AI that is down',
    breaks: () => ({ LLM_BASE_URL: `http://${nobody}` }),
    found: ['ai'],
    says: /can't be reached .* Check LLM_BASE_URL/,
  },
  {
    what: "an AI's key that is refused",
    breaks: () => ({ LLM_API_KEY: 'revoked' }),
    found: ['ai'],
    says: /refuses the key \(401\).* Copy the API key anew into LLM_API_KEY/,
  },
  {
    what: 'a model that there is not',
    breaks: () => ({ LLM_MODEL: 'model-0' }),
    found: ['ai'],
    level: 'warning',
    says: /doesn't list model-0\. Check LLM_MODEL/,
  },
  {
    what: 'a slip in the file of portals',
    breaks: async () => {
      await portalsFile('acessToken');
      const single = { HUBSPOT_PORTAL_ID: '', HUBSPOT_ACCESS_TOKEN: '', HUBSPOT_AI_ACTOR_ID: '' };
      return { ...single, PORTALS_FILE: join(folder, 'portals.yaml') };
    },
    found: ['settings', 'settings'],
    says: /PORTALS_FILE .*accessToken is missing.*acessToken/s,
    mend: async (advice) => {
      const [, missing = ''] = /(\w+) is missing/.exec(advice) ?? [];
      await portalsFile(missing);
    },
  },
];

it.each(BROKEN)('finds $what, and its advice mends it', async ({ breaks, found, level, says, mend, deadlineMs }) => {
  environment = { ...right, ...(await breaks()) };
  const wrong = wrongIn(await examined(deadlineMs));
  expect(wrong.map(({ check }) => check)).toEqual(found);
  // What the process ends with: 1 where something does not work, 0 where it does, though not as it should.
  expect(isHealthy(wrong)).toBe(level === 'warning');
  for (const finding of wrong) expect(finding.level).toBe(level ?? 'problem');
  const advice = wrong.map(({ message, remedy = '' }) => `${message} ${remedy}`).join('\n');
  expect(advice).toMatch(says);

  await (mend ?? correct)(advice);
  expect(wrongIn(await examined())).toEqual([]);
});

it('ends as a process with 1 and says it as JSON, and with 0 once it is corrected', async () => {
  const doctor = (env: Record<string, string>) =>
    new Promise<{ code: number | null; findings: Finding[] }>((ended) => {
      const child = execFile(process.execPath, [resolve('src/doctor.ts'), '--json'], { env }, (_error, stdout) =>
        ended({ code: child.exitCode, findings: JSON.parse(stdout) }),
      );
    });
  environment = { ...right, LLM_API_KEY: 'revoked' };
  const [broken, mended, inProcess] = await Promise.all([doctor(environment), doctor(right), examined()]);
  expect(broken).toEqual({ code: 1, findings: inProcess });
  expect(mended.code).toBe(0);
  expect(wrongIn(mended.findings)).toEqual([]);
});
