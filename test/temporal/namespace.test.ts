import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import ms from 'ms';
import { SEARCH_ATTRIBUTES } from '../../src/runs/search-attributes.ts';
import { TemporalUnreachable } from '../../src/temporal/connection.ts';
import { plainSettings } from '../../src/temporal/envconfig.ts';
import { GRPC } from '../../src/temporal/grpc-status.ts';
import {
  inspectNamespace,
  NamespaceMissing,
  prepareNamespace,
  SearchAttributesMissing,
} from '../../src/temporal/namespace.ts';
import { setUpTemporal } from '../../src/temporal/set-up.ts';
import { freePort } from '../support/free-port.ts';
import { rateIsRead } from '../support/rate-limit.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const names = SEARCH_ATTRIBUTES.map(({ name }) => name);
const TEXT = 1;
const QUEUE = { taskQueue: 'threadkeeper', hubspotCallsPerSecond: 19, hubspotActivitiesPerSecond: 6 };

describe('prepareNamespace', () => {
  const { client, settings } = useTemporal();
  const { connection } = client;

  const newNamespace = async (retention: ms.StringValue): Promise<string> => {
    const namespace = uniqueName('ns');
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(retention),
    });
    return namespace;
  };
  it('waits for a namespace that was made a moment ago and is not known everywhere yet', async () => {
    const namespace = await newNamespace('1d');
    const { operatorService, workflowService } = connection;
    let asked = 0;
    const services = {
      workflowService,
      operatorService: {
        addSearchAttributes: operatorService.addSearchAttributes.bind(operatorService),
        listSearchAttributes: async (request: { namespace: string }) => {
          asked += 1;
          if (asked > 2) return await operatorService.listSearchAttributes(request);
          throw Object.assign(new Error(`5 NOT_FOUND: Namespace ${namespace} is not found.`), {
            code: GRPC.NOT_FOUND,
            details: `Namespace ${namespace} is not found.`,
            metadata: {},
          });
        },
      },
    } as unknown as Pick<Connection, 'operatorService' | 'workflowService'>;
    expect((await prepareNamespace(services, namespace, { raiseRetention: true })).registered).toEqual(names);
  });

  /** A server that keeps its operator API, and namespace settings, to itself. */
  const refusing = (...calls: ('list' | 'add' | 'update')[]) => {
    const refuse = async () => {
      throw Object.assign(new Error('7 PERMISSION_DENIED: Request unauthorized.'), {
        code: GRPC.PERMISSION_DENIED,
        details: 'Request unauthorized.',
        metadata: {},
      });
    };
    const { operatorService, workflowService } = connection;
    return {
      operatorService: {
        listSearchAttributes: calls.includes('list')
          ? refuse
          : operatorService.listSearchAttributes.bind(operatorService),
        addSearchAttributes: calls.includes('add') ? refuse : operatorService.addSearchAttributes.bind(operatorService),
      },
      workflowService: {
        describeNamespace: workflowService.describeNamespace.bind(workflowService),
        updateNamespace: calls.includes('update') ? refuse : workflowService.updateNamespace.bind(workflowService),
      },
    } as unknown as Pick<Connection, 'operatorService' | 'workflowService'>;
  };
  /** The commands of an error message, run as a person would. */
  const obey = async (message: string): Promise<void> => {
    const { address, cliPath } = suiteTemporal();
    for (const [command] of message.matchAll(/^ {2}temporal .*$/gm)) {
      const [, ...args] = command.trim().split(' ');
      await promisify(execFile)(cliPath, [...args, '--address', address]);
    }
  };

  it('registers the search attributes that are missing; a second time there is nothing to do', async () => {
    const namespace = await newNamespace('7d');
    expect((await inspectNamespace(connection, namespace)).missingSearchAttributes).toEqual(names);
    const first = await prepareNamespace(connection, namespace, { raiseRetention: false });
    expect(first).toMatchObject({ registered: names, warnings: [] });
    expect((await inspectNamespace(connection, namespace)).missingSearchAttributes).toEqual([]);
    const second = await prepareNamespace(connection, namespace, { raiseRetention: false });
    expect(second).toMatchObject({ registered: [], warnings: [] });
  });

  it('raises a short retention to 7 days, once', async () => {
    const namespace = await newNamespace('1d');
    const first = await prepareNamespace(connection, namespace, { raiseRetention: true });
    expect(first).toMatchObject({ retentionMs: ms('7d'), retentionRaised: true, warnings: [] });
    expect((await inspectNamespace(connection, namespace)).retentionMs).toBe(ms('7d'));
    expect(await prepareNamespace(connection, namespace, { raiseRetention: true })).toMatchObject({
      retentionRaised: false,
    });
  });

  it('never lowers a long retention', async () => {
    const namespace = await newNamespace('30d');
    expect(await prepareNamespace(connection, namespace, { raiseRetention: true })).toMatchObject({
      retentionMs: ms('30d'),
      retentionRaised: false,
    });
  });

  it('leaves a short retention alone unless told otherwise, and says how to raise it', async () => {
    const namespace = await newNamespace('1d');
    const { retentionMs, warnings } = await prepareNamespace(connection, namespace, { raiseRetention: false });
    expect(retentionMs).toBe(ms('1d'));
    expect(warnings).toEqual([
      expect.stringContaining(`temporal operator namespace update --namespace ${namespace} --retention 7d`),
    ]);
  });

  it('says how to raise the retention where it may not', async () => {
    const namespace = await newNamespace('1d');
    const prepared = await prepareNamespace(refusing('update'), namespace, { raiseRetention: true });
    expect(prepared).toMatchObject({ retentionRaised: false, warnings: [expect.stringContaining('--retention 7d')] });
  });

  it('says which namespace is missing, in one line that creates it', async () => {
    const refusal = prepareNamespace(connection, 'nowhere', { raiseRetention: true });
    await expect(refusal).rejects.toThrow(NamespaceMissing);
    await expect(refusal).rejects.toThrow(
      /^Temporal has no namespace "nowhere"\. .*temporal operator namespace create --namespace nowhere --retention 7d$/,
    );
  });

  it('says which search attributes are missing where it may not register them, with the command that does', async () => {
    const namespace = await newNamespace('7d');
    const error = await prepareNamespace(refusing('add'), namespace, { raiseRetention: false }).catch((e) => e);
    expect(error).toBeInstanceOf(SearchAttributesMissing);
    expect(error).toMatchObject({ missing: names, mistyped: [], message: expect.stringContaining('unauthorized') });
    await obey(error.message);
    expect(await prepareNamespace(refusing('add'), namespace, { raiseRetention: false })).toMatchObject({
      registered: [],
    });
  });

  it('says which search attribute has the wrong type, with the commands that mend it', async () => {
    const namespace = await newNamespace('7d');
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { Outcome: TEXT } });
    const error = await prepareNamespace(connection, namespace, { raiseRetention: false }).catch((e) => e);
    expect(error).toBeInstanceOf(SearchAttributesMissing);
    expect(error).toMatchObject({ missing: [], mistyped: ['Outcome'] });
    await obey(error.message);
    await prepareNamespace(connection, namespace, { raiseRetention: false });
  });

  it('warns, and goes on, where the server doesn’t let it look at the search attributes', async () => {
    const namespace = await newNamespace('7d');
    const { warnings } = await prepareNamespace(refusing('list', 'add'), namespace, { raiseRetention: false });
    expect(warnings).toEqual([expect.stringContaining('temporal operator search-attribute create')]);
  });

  it('sets up an external server’s namespace, retention included', async () => {
    const namespace = await newNamespace('1d');
    const prepared = await setUpTemporal(plainSettings(settings.address, namespace), QUEUE);
    expect(prepared).toMatchObject({ registered: names, retentionRaised: true, warnings: [] });
    await rateIsRead(connection, { namespace, taskQueue: QUEUE.taskQueue }, 6);
  });

  it('says in one line that an external server can’t be reached', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const refusal = setUpTemporal(plainSettings(address), QUEUE);
    await expect(refusal).rejects.toThrow(TemporalUnreachable);
    await expect(refusal).rejects.toThrow(new RegExp(`^Temporal at ${address} can't be reached .*TEMPORAL_ADDRESS.*$`));
  });
});
