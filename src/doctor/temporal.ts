import { Connection } from '@temporalio/client';
import ms from 'ms';
import { SEARCH_ATTRIBUTES } from '../runs/search-attributes.ts';
import { type BoundedCalls, boundCalls } from '../temporal/bounded-calls.ts';
import { TemporalUnreachable } from '../temporal/connection.ts';
import type { TemporalSettings } from '../temporal/envconfig.ts';
import { GRPC, grpcStatus } from '../temporal/grpc-status.ts';
import {
  inspectNamespace,
  NamespaceMissing,
  type NamespaceState,
  RETENTION_DAYS,
  searchAttributeCommand,
} from '../temporal/namespace.ts';
import type { EncryptionPolicy } from '../temporal/payload-codec.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import { readRateLimit } from '../temporal/rate-limit.ts';
import { SAVED_VIEWS, savedViewUrl } from '../temporal/saved-views.ts';
import { type CheckResult, examine, type Finding, info, notChecked, ok, problem, warning } from './finding.ts';
import { payloadKeysCheck } from './payload-keys.ts';
import { workerChecks } from './workers.ts';

/** HubSpot repeats an event for up to 24 h; that much three times over is the least. */
const LEAST_RETENTION_MS = ms('3d');

export interface TemporalUnderExamination {
  settings: TemporalSettings;
  /** Nothing says which server to use: `npm start` brings this one along, so that it need not run now. */
  embedded: boolean;
  /** The workflows' own. */
  taskQueue: string;
  /** These are what the settings say; 0: no limit. */
  hubspotCallsPerSecond: number;
  hubspotActivitiesPerSecond: number;
  /** Where people see runs; absent: nobody has said. */
  uiUrl?: string | undefined;
  /** Tried on what Temporal holds. */
  payloadKeys: readonly PayloadKey[];
  encryption?: EncryptionPolicy;
  deadlineMs: number;
}

const connect = async ({ settings, embedded, deadlineMs }: TemporalUnderExamination): Promise<Connection | null> => {
  try {
    // A server on this machine answers at once or isn't there.
    const connectTimeout = embedded ? Math.min(deadlineMs, 1_000) : deadlineMs * 0.8;
    return await Connection.connect({ ...settings.connectionOptions, connectTimeout });
  } catch (error) {
    if (embedded) return null;
    throw new TemporalUnreachable(settings.address, error);
  }
};

const judgeRetention = ({ retentionMs }: NamespaceState, namespace: string, at: string): CheckResult => {
  const kept = `Closed runs are kept for ${ms(retentionMs, { long: true })}`;
  if (retentionMs >= LEAST_RETENTION_MS) return ok(`${kept}.`);
  return warning(
    `${kept}. An event that HubSpot repeats later than that runs again.`,
    `npm run setup, or: temporal operator namespace update --namespace ${namespace} --retention ` +
      `${RETENTION_DAYS}d${at}`,
  );
};

const judgeSearchAttributes = (state: NamespaceState, namespace: string, at: string): CheckResult => {
  const { missingSearchAttributes: missing, mistypedSearchAttributes: mistyped } = state;
  const all = SEARCH_ATTRIBUTES.map(({ name }) => name);
  const create = (names: string[]): string => searchAttributeCommand('create', namespace, names) + at;
  if (missing === null) return warning("The server doesn't say which there are.", `Make sure of them: ${create(all)}`);
  if (mistyped.length > 0) {
    return problem(
      `These have a wrong type: ${mistyped.join(', ')}.` +
        (missing.length > 0 ? ` These are missing: ${missing.join(', ')}.` : ''),
      `${searchAttributeCommand('remove', namespace, mistyped)}${at} && ${create([...mistyped, ...missing])}`,
    );
  }
  if (missing.length > 0) return problem(`Missing: ${missing.join(', ')}.`, `npm run setup, or: ${create(missing)}`);
  return ok(`All ${all.length} are there.`);
};

const lookAt = async (calls: BoundedCalls, connection: Connection, namespace: string): Promise<NamespaceState> => {
  try {
    return await calls.call(() => inspectNamespace(connection, namespace));
  } catch (error) {
    if (error instanceof NamespaceMissing) throw error;
    if (grpcStatus(error) === GRPC.NOT_FOUND) {
      throw new Error(
        `Temporal knows namespace "${namespace}" only in part: where it has just been made, run doctor again ` +
          'in a few seconds.',
        { cause: error },
      );
    }
    if (grpcStatus(error) === GRPC.PERMISSION_DENIED) {
      throw new Error(
        `Temporal refuses access to namespace "${namespace}": check TEMPORAL_NAMESPACE, and whether ` +
          'TEMPORAL_API_KEY or the TLS certificate may use it.',
        { cause: error },
      );
    }
    throw error;
  }
};

/** Fewer activities than this part of the calls leave calls unused: an activity makes 1 to 3. */
const LEAST_OF_CALLS = 0.5;

const judgeRateLimit = (
  limit: number,
  {
    hubspotActivitiesPerSecond: configured,
    hubspotCallsPerSecond: calls,
  }: Pick<TemporalUnderExamination, 'hubspotActivitiesPerSecond' | 'hubspotCallsPerSecond'>,
): CheckResult => {
  const inWords = (rate: number): string => (rate === 0 ? 'none' : `${rate} activities a second in each portal`);
  if (limit !== configured) {
    if (limit === 0) return info(`None yet: npm run setup, or a worker's start, sets ${inWords(configured)}.`);
    return warning(
      `Temporal has ${inWords(limit)}, but HUBSPOT_ACTIVITIES_PER_SECOND is ${configured}.`,
      'npm run setup, or restart the workers with the same setting.',
    );
  }
  const most = calls > 0 ? ` Workers make at most ${calls} calls a second there.` : '';
  if (limit > 0 && limit < calls * LEAST_OF_CALLS) {
    return info(
      `${inWords(limit)}.${most} So few activities can't use them: ` +
        'leave out HUBSPOT_ACTIVITIES_PER_SECOND, and it follows HUBSPOT_CALLS_PER_SECOND.',
    );
  }
  return ok(`${inWords(limit)}.`.replace(/^n/, 'N') + most);
};

/** A line for each list that support engineers look at: the Web UI saves it by its link. */
const viewsOfWebUi = (uiUrl: string, namespace: string): Finding[] =>
  SAVED_VIEWS.map((view) => ({
    check: 'Web UI',
    ...info(`Open once to save the list "${view.name}": ${savedViewUrl(uiUrl, namespace, view)}`),
  }));

const AFTER_SERVER = [
  'namespace',
  'retention',
  'search attributes',
  'HubSpot rate limit',
  'workflow worker',
  'HubSpot worker',
  'worker version',
  'payload keys',
];

/** Checks the server, the namespace and what it holds, and whether Workers poll. */
export const checkTemporal = async (temporal: TemporalUnderExamination): Promise<Finding[]> => {
  const { settings, embedded, taskQueue, deadlineMs } = temporal;
  const { address, namespace } = settings;
  const at = ` --address ${address}`;
  const whenSilent = `Check that Temporal is up, TEMPORAL_ADDRESS (${address}) and the network between.`;
  const check = (name: string, run: () => Promise<CheckResult> | CheckResult) =>
    examine({ name, run, whenSilent }, deadlineMs);

  const seen: { connection?: Connection | null; state?: NamespaceState } = {};
  const server = await check('temporal', async () => {
    seen.connection = await connect(temporal);
    if (seen.connection) return ok(`${address} answers.`);
    return info('Not running now. Without TEMPORAL_ADDRESS, npm start brings a server of its own.');
  });
  const { connection } = seen;
  if (!connection) {
    const because = embedded ? 'the embedded server is not running' : 'Temporal does not answer';
    return [server, ...notChecked(AFTER_SERVER, because)];
  }

  const calls = boundCalls(connection, deadlineMs * 0.8);
  const queue = { service: connection.workflowService, calls, namespace, taskQueue };
  try {
    const found = await check('namespace', async () => {
      seen.state = await lookAt(calls, connection, namespace);
      return ok(`"${namespace}" is there.`);
    });
    const { state } = seen;
    if (!state) return [server, found, ...notChecked(AFTER_SERVER.slice(1), 'the namespace comes first')];
    return [
      server,
      found,
      await check('retention', () => judgeRetention(state, namespace, at)),
      await check('search attributes', () => judgeSearchAttributes(state, namespace, at)),
      await check('HubSpot rate limit', async () => {
        try {
          const limit = await calls.call(() => readRateLimit(connection, { namespace, taskQueue }));
          return judgeRateLimit(limit, temporal);
        } catch (error) {
          if (grpcStatus(error) === GRPC.PERMISSION_DENIED) return info("The server doesn't let us look.");
          throw error;
        }
      }),
      ...(await Promise.all(
        [...workerChecks(queue), payloadKeysCheck(queue, temporal.payloadKeys, temporal.encryption)].map(
          ({ name, run }) => check(name, run),
        ),
      )),
      ...(temporal.uiUrl === undefined ? [] : viewsOfWebUi(temporal.uiUrl, namespace)),
    ];
  } finally {
    await calls.close();
  }
};
