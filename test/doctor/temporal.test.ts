import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { msToTs } from '@temporalio/common/lib/time.js';
import type ms from 'ms';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkTemporal } from '../../src/doctor/temporal.ts';
import { SEARCH_ATTRIBUTES } from '../../src/runs/search-attributes.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { prepareNamespace } from '../../src/temporal/namespace.ts';
import { freePort } from '../support/free-port.ts';
import { limitRateEverywhere } from '../support/rate-limit.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const TEXT = 1;
const KEYWORD = 2;
const QUEUE = { taskQueue: 'x', hubspotCallsPerSecond: 10, hubspotActivitiesPerSecond: 6, payloadKeys: [] };

/** Asks again and again; the test's own timeout ends it. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(200);
};

describe('checkTemporal', () => {
  const temporal = useTemporal();
  const { connection } = temporal.client;
  const { address } = temporal.settings;

  const examined = async (
    namespace: string,
    taskQueue = 'nobody-polls',
    uiUrl?: string,
    rates: { hubspotCallsPerSecond?: number } = {},
  ): Promise<Map<string, Finding>> => {
    const settings = plainSettings(address, namespace);
    const queue = { ...QUEUE, ...rates, taskQueue };
    const findings = await checkTemporal({ settings, embedded: false, ...queue, uiUrl, deadlineMs: 30_000 });
    return new Map(findings.map((finding) => [finding.check, finding]));
  };
  const newNamespace = async (retention: ms.StringValue): Promise<string> => {
    const namespace = uniqueName('doctor');
    const workflowExecutionRetentionPeriod = msToTs(retention);
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    return namespace;
  };
  /** Runs the `temporal` commands of an advice, as a person would. */
  const obey = async (advice = ''): Promise<void> => {
    const commands = advice.match(/temporal operator [^&]*/g) ?? [];
    expect(commands).not.toEqual([]);
    for (const command of commands) {
      const args = command.trim().split(' ').slice(1);
      if (!args.includes('--address')) args.push('--address', address);
      await promisify(execFile)(suiteTemporal().cliPath, args);
    }
  };

  it('gives the links by which the Web UI saves lists of runs, where its address is known', async () => {
    const { level, message } =
      (await examined('default', 'nobody-polls', 'https://ui.example.com')).get('Web UI') ?? {};
    expect(level).toBe('info');
    expect(message).toMatch(
      /^Open once to save the list ".+": https:\/\/ui\.example\.com\/namespaces\/default\/workflows\?/,
    );
  });

  it('finds nothing wrong with a prepared namespace whose task queues are polled', async () => {
    const taskQueue = uniqueName('doctor');
    await prepareNamespace(connection, 'default', { raiseRetention: true });
    await limitRateEverywhere(connection, { namespace: 'default', taskQueue }, 6);
    const stop = await temporal.runWorkers({
      taskQueue,
      activities: { main: { a: () => 0 }, hubspot: { b: () => 0 } },
    });
    let found = new Map<string, Finding>();
    // The first poll of a Worker that has just started may still be on its way.
    await until(async () => {
      found = await examined('default', taskQueue);
      return found.get('workflow worker')?.level === 'ok' && found.get('HubSpot worker')?.level === 'ok';
    });
    expect([...found].map(([check, { level }]) => [check, level])).toEqual([
      ['temporal', 'ok'],
      ['namespace', 'ok'],
      ['retention', 'ok'],
      ['search attributes', 'ok'],
      ['HubSpot rate limit', 'ok'],
      ['workflow worker', 'ok'],
      ['HubSpot worker', 'ok'],
      ['worker version', 'ok'],
      // Nothing has run on this queue.
      ['payload keys', 'info'],
    ]);
    await stop();
  });

  it('warns of workers whose version is not current; its command makes it so', async () => {
    const taskQueue = uniqueName('doctor');
    const version = { deploymentName: uniqueName('deployment'), buildId: '1.4.0' };
    const stop = await temporal.runWorkers({
      taskQueue,
      version,
      activities: { main: { a: () => 0 }, hubspot: { b: () => 0 } },
    });
    const found = async () => (await examined('default', taskQueue)).get('worker version');
    await until(async () => (await found())?.level === 'warning');
    const { message, remedy = '' } = (await found()) ?? {};
    expect(message).toContain(`version ${version.deploymentName} 1.4.0`);
    const [, ...words] = (/temporal worker .*$/.exec(remedy)?.[0] ?? '').split(' ');
    await promisify(execFile)(suiteTemporal().cliPath, [...words, '--address', address]);
    await until(async () => (await found())?.level === 'ok');
    expect((await examined('default', taskQueue)).get('HubSpot worker')).toMatchObject({ level: 'ok' });
    await stop();
  });

  it('finds a server that does not answer, and says that the rest was not checked', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const settings = plainSettings(nobody);
    const [server, ...rest] = await checkTemporal({ settings, embedded: false, ...QUEUE, deadlineMs: 1_000 });
    expect(server).toMatchObject({ check: 'temporal', level: 'problem' });
    expect(server?.message).toMatch(new RegExp(`${nobody} can't be reached .*start it, or correct TEMPORAL_ADDRESS`));
    expect(rest.map(({ level }) => level)).toEqual(Array(8).fill('info'));
  });

  it('takes no offence at an embedded server that is not running', async () => {
    const settings = plainSettings(`127.0.0.1:${await freePort()}`);
    const findings = await checkTemporal({ settings, embedded: true, ...QUEUE, deadlineMs: 30_000 });
    expect(findings.map(({ level }) => level)).toEqual(Array(9).fill('info'));
    expect(findings[0]?.message).toContain('npm start');
  });

  it("finds a namespace that isn't there; its command makes it", async () => {
    const namespace = uniqueName('doctor');
    const found = (await examined(namespace)).get('namespace');
    expect(found).toMatchObject({ level: 'problem' });
    expect(found?.message).toContain('Correct TEMPORAL_NAMESPACE');
    await obey(found?.message);
    // The server remembers for some seconds that there was none.
    await until(async () => (await examined(namespace)).get('namespace')?.level === 'ok');
  });

  it('warns of a retention under three days; its command raises it', async () => {
    const namespace = await newNamespace('1d');
    const found = (await examined(namespace)).get('retention');
    expect(found).toMatchObject({ level: 'warning', message: expect.stringContaining('1 day') });
    await obey(found?.remedy);
    expect((await examined(namespace)).get('retention')).toMatchObject({ level: 'ok' });
    expect((await examined(await newNamespace('3d'))).get('retention')).toMatchObject({ level: 'ok' });
  });

  it('finds search attributes that are missing; its command makes them', async () => {
    const namespace = await newNamespace('7d');
    const found = (await examined(namespace)).get('search attributes');
    expect(found).toMatchObject({ level: 'problem', remedy: expect.stringContaining('npm run setup') });
    for (const { name } of SEARCH_ATTRIBUTES) expect(found?.message).toContain(name);
    await obey(found?.remedy);
    expect((await examined(namespace)).get('search attributes')).toMatchObject({ level: 'ok' });
  });

  it('finds a search attribute of another type; its commands mend it', async () => {
    const namespace = await newNamespace('7d');
    const wrong = ['Outcome', 'AiTokens', 'AiCost'];
    const searchAttributes = Object.fromEntries(
      SEARCH_ATTRIBUTES.map(({ name }) => [name, wrong.includes(name) ? TEXT : KEYWORD]),
    );
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    const found = (await examined(namespace)).get('search attributes');
    const message = 'These have a wrong type: Outcome, AiTokens, AiCost.';
    expect(found).toMatchObject({ level: 'problem', message });
    await obey(found?.remedy);
    expect((await examined(namespace)).get('search attributes')).toMatchObject({ level: 'ok' });
  });

  it('tells the rate limit of HubSpot apart: not set yet, as configured, another', async () => {
    const taskQueue = uniqueName('doctor');
    const queue = { namespace: 'default', taskQueue };
    const limitFound = async () => (await examined('default', taskQueue)).get('HubSpot rate limit');
    expect(await limitFound()).toMatchObject({ level: 'info', message: expect.stringContaining('npm run setup') });
    await limitRateEverywhere(connection, queue, 6);
    expect(await limitFound()).toMatchObject({
      level: 'ok',
      message: '6 activities a second in each portal. Workers make at most 10 calls a second there.',
    });
    await limitRateEverywhere(connection, queue, 5);
    expect(await limitFound()).toMatchObject({
      level: 'warning',
      message: 'Temporal has 5 activities a second in each portal, but HUBSPOT_ACTIVITIES_PER_SECOND is 6.',
    });
  });

  it('says where so few activities begin that calls are left unused, as with a setting of an earlier version', async () => {
    const taskQueue = uniqueName('doctor');
    await limitRateEverywhere(connection, { namespace: 'default', taskQueue }, 6);
    const found = async (rates: { hubspotCallsPerSecond: number }) =>
      (await examined('default', taskQueue, undefined, rates)).get('HubSpot rate limit');
    expect(await found({ hubspotCallsPerSecond: 19 })).toMatchObject({
      level: 'info',
      message: expect.stringMatching(/19 calls a second.*leave out HUBSPOT_ACTIVITIES_PER_SECOND/),
    });
    expect(await found({ hubspotCallsPerSecond: 0 })).toMatchObject({
      level: 'ok',
      message: '6 activities a second in each portal.',
    });
  });

  it('warns of each task queue that nobody polls', async () => {
    const found = await examined('default', 'misspelt');
    expect(found.get('workflow worker')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('"misspelt"'),
      remedy: expect.stringContaining('npm run worker'),
    });
    expect(found.get('HubSpot worker')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('"misspelt-hubspot"'),
    });
  });
});
