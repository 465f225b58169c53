import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import ms from 'ms';
import { SEARCH_ATTRIBUTES } from '../runs/search-attributes.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

/**
 * A closed run is kept this long, and with it the lock of its workflow ID. HubSpot redelivers for up to 24 h, and an
 * endpoint may be away for days before its backlog comes.
 */
export const RETENTION_DAYS = 7;

/** Threadkeeper needs to know this of a namespace. */
export interface NamespaceState {
  retentionMs: number;
  /** Names of {@link SEARCH_ATTRIBUTES} that are not registered; `null` where the server doesn't let us look. */
  missingSearchAttributes: string[] | null;
  /** Names of {@link SEARCH_ATTRIBUTES} that someone registered with another type than theirs. */
  mistypedSearchAttributes: string[];
}

export interface PreparedNamespace {
  /** Search attributes registered by this call. */
  registered: string[];
  retentionMs: number;
  retentionRaised: boolean;
  /** A person has this left to do, one readable line each. */
  warnings: string[];
}

/** The namespace doesn't exist on this server. */
export class NamespaceMissing extends Error {
  override readonly name = 'NamespaceMissing';

  constructor(namespace: string) {
    super(
      `Temporal has no namespace "${namespace}". Correct TEMPORAL_NAMESPACE, or create it: temporal operator ` +
        `namespace create --namespace ${namespace} --retention ${RETENTION_DAYS}d`,
    );
  }
}

/** Search attributes are missing, or have the wrong type, and could not be registered from here. */
export class SearchAttributesMissing extends Error {
  override readonly name = 'SearchAttributesMissing';
  readonly missing: string[];
  readonly mistyped: string[];

  constructor(namespace: string, { missing, mistyped }: { missing: string[]; mistyped: string[] }, cause?: unknown) {
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    const commands = [];
    if (mistyped.length > 0) commands.push(searchAttributeCommand('remove', namespace, mistyped));
    commands.push(searchAttributeCommand('create', namespace, [...mistyped, ...missing]));
    super(
      `Search attributes of namespace "${namespace}" are missing or of another type, and can't be registered ` +
        `from here${reason}. Someone who may has to run:\n${commands.map((line) => `  ${line}`).join('\n')}`,
      { cause },
    );
    this.missing = missing;
    this.mistyped = mistyped;
  }
}

// temporal.api.enums.v1.IndexedValueType
const INDEXED_VALUE_TYPES: Record<string, number> = { Keyword: 2, Int: 3, Double: 4 };

/** A search attribute's type, as the command and the API name it. */
const typeOf = (attribute: string): { name: string; indexedValueType: number | undefined } => {
  const key = SEARCH_ATTRIBUTES.find(({ name }) => name === attribute);
  const name = key ? TypedSearchAttributes.toMetadataType(key.type) : 'Keyword';
  return { name, indexedValueType: INDEXED_VALUE_TYPES[name] };
};

/** The command that makes these search attributes in a namespace, or takes them away. */
export const searchAttributeCommand = (
  verb: 'create' | 'remove',
  namespace: string,
  names: readonly string[],
): string =>
  [
    `temporal operator search-attribute ${verb} --namespace ${namespace}`,
    ...names.map((name) => (verb === 'create' ? `--name ${name} --type ${typeOf(name).name}` : `--name ${name}`)),
    ...(verb === 'remove' ? ['--yes'] : []),
  ].join(' ');

type Services = Pick<Connection, 'workflowService' | 'operatorService'>;

// A namespace that was made a moment ago is not known to every part of a server yet: its caches refresh each ten
// seconds.
const NEWS_TRAVELS_MS = 15_000;
const LOOK_AGAIN_MS = 500;

const registeredTypes = async ({ operatorService }: Services, namespace: string) => {
  const until = Date.now() + NEWS_TRAVELS_MS;
  for (;;) {
    try {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      return new Map(Object.entries(customAttributes));
    } catch (error) {
      const status = grpcStatus(error);
      // A hosted server may keep its operator API to itself.
      if (status === GRPC.PERMISSION_DENIED || status === GRPC.UNIMPLEMENTED) return null;
      if (status !== GRPC.NOT_FOUND || Date.now() > until) throw error;
      await delay(LOOK_AGAIN_MS);
    }
  }
};

/**
 * Looks at a namespace, changing nothing.
 * @throws {NamespaceMissing}
 */
export const inspectNamespace = async (connection: Services, namespace: string): Promise<NamespaceState> => {
  let retentionMs: number;
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    retentionMs = tsToMs(config?.workflowExecutionRetentionTtl);
  } catch (error) {
    if (grpcStatus(error) === GRPC.NOT_FOUND) throw new NamespaceMissing(namespace);
    throw error;
  }
  const types = await registeredTypes(connection, namespace);
  const names = SEARCH_ATTRIBUTES.map(({ name }) => name);
  return {
    retentionMs,
    missingSearchAttributes: types && names.filter((name) => !types.has(name)),
    mistypedSearchAttributes: names.filter(
      (name) => types?.has(name) && types.get(name) !== typeOf(name).indexedValueType,
    ),
  };
};

/** @returns why the server refused, where it did; whether it worked is for a second look to say */
const register = async ({ operatorService }: Services, namespace: string, names: string[]): Promise<unknown> => {
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(names.map((name) => [name, typeOf(name).indexedValueType as number])),
    });
    return undefined;
  } catch (error) {
    return error;
  }
};

const raiseRetention = async ({ workflowService }: Services, namespace: string): Promise<void> => {
  try {
    await workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(`${RETENTION_DAYS}d`) },
    });
  } catch (error) {
    const status = grpcStatus(error);
    if (status !== GRPC.PERMISSION_DENIED && status !== GRPC.UNIMPLEMENTED) throw error;
  }
};

/**
 * Makes a namespace fit for Threadkeeper: registers the search attributes that it lacks and, where `raiseRetention`
 * says so, raises its retention to {@link RETENTION_DAYS} days; never lowers it. Doing it again changes nothing. What
 * was done is verified by looking again.
 * @throws {NamespaceMissing}
 * @throws {SearchAttributesMissing} where they can't be registered from here
 */
export const prepareNamespace = async (
  connection: Services,
  namespace: string,
  options: { raiseRetention: boolean },
): Promise<PreparedNamespace> => {
  const before = await inspectNamespace(connection, namespace);
  const registered = before.missingSearchAttributes ?? [];
  const wantedRetentionMs = RETENTION_DAYS * ms('1d');
  const retentionIsShort = before.retentionMs < wantedRetentionMs;

  const refusal = registered.length > 0 ? await register(connection, namespace, registered) : undefined;
  if (retentionIsShort && options.raiseRetention) await raiseRetention(connection, namespace);

  const { retentionMs, missingSearchAttributes, mistypedSearchAttributes } = await inspectNamespace(
    connection,
    namespace,
  );
  if (missingSearchAttributes?.length || mistypedSearchAttributes.length) {
    throw new SearchAttributesMissing(
      namespace,
      { missing: missingSearchAttributes ?? [], mistyped: mistypedSearchAttributes },
      refusal,
    );
  }
  const warnings = [];
  if (missingSearchAttributes === null) {
    const create = searchAttributeCommand(
      'create',
      namespace,
      SEARCH_ATTRIBUTES.map(({ name }) => name),
    );
    warnings.push(
      `The server doesn't say which search attributes namespace "${namespace}" has. It needs these: ${create}`,
    );
  }
  if (retentionMs < wantedRetentionMs) {
    warnings.push(
      `Namespace "${namespace}" keeps closed runs for ${ms(retentionMs, { long: true })}. An event that ` +
        'HubSpot repeats later than that runs again. Raise it: temporal operator namespace update --namespace ' +
        `${namespace} --retention ${RETENTION_DAYS}d`,
    );
  }
  return { registered, retentionMs, retentionRaised: retentionMs > before.retentionMs, warnings };
};
