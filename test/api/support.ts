import { createHash, createHmac } from 'node:crypto';
import { createConnection } from 'node:net';
import { Registry } from 'prom-client';
import { type AppDependencies, createApp, WEBHOOK_PATH } from '../../src/api/app.ts';
import { type ListenOptions, listen } from '../../src/api/server.ts';
import { portalIdSchema } from '../../src/hubspot/id-schemas.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { createLogger } from '../../src/logging.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import type { PlannedStart } from '../../src/runs/planned-start.ts';
import type { RunStarter, StartResult } from '../../src/temporal/run-starter.ts';
import { handoff } from '../support/messages.ts';

export const SECRET = 'client-secret';
export const PUBLIC_URL = 'https://example.com/webhooks/hubspot';

export const portal = (id: string, changes: Partial<PortalSettings> = {}): PortalSettings => ({
  portalId: portalIdSchema.parse(id),
  aiActorId: 'A-1' as PortalSettings['aiActorId'],
  autonomy: { default: 'auto', channels: {} },
  aiCommands: true,
  ticketingEnabled: true,
  handoff: handoff(),
  unassignedThreads: 'skip',
  emailDelayMs: 0,
  quietPeriodMs: 0,
  quietPeriodMaxMs: 15_000,
  deliveryCheckMs: 0,
  attentionAfterMs: 600_000,
  maxRepliesPerHour: 20,
  maxMessageAgeMs: 86_400_000,
  approvalTimeoutMs: 86_400_000,
  catchUpIntervalMs: 0,
  ...changes,
});

export const portalId = (id: string): PortalId => portalIdSchema.parse(id);

export const newMessage = (changes: Record<string, unknown> = {}) => ({
  eventId: 1,
  portalId: 1,
  subscriptionType: 'conversation.newMessage',
  attemptNumber: 0,
  occurredAt: 1_702_439_388_898,
  objectId: 10,
  messageId: 'm1',
  messageType: 'MESSAGE',
  ...changes,
});

export const ticketChange = (changes: Record<string, unknown> = {}) => ({
  eventId: 7,
  portalId: 1,
  subscriptionType: 'ticket.propertyChange',
  attemptNumber: 0,
  occurredAt: 1_702_439_388_898,
  objectId: 20,
  propertyName: 'hs_ticket_priority',
  propertyValue: 'HIGH',
  ...changes,
});

/** `count` messages, each on a thread of its own. */
export const ownerChange = (changes: Record<string, unknown> = {}) => ({
  subscriptionType: 'conversation.propertyChange',
  portalId: 1,
  objectId: 10,
  eventId: 7,
  propertyName: 'assignedTo',
  propertyValue: 'A-7',
  occurredAt: 1_700_000_000_000,
  ...changes,
});

export const messages = (count: number) =>
  Array.from({ length: count }, (_, at) => newMessage({ objectId: at + 1, messageId: `m${at}` }));

/**
 * Temporal as the API sees it: each workflow ID once, in memory. Whatever `before` throws or waits for, a start does.
 */
export class MemoryStarter implements RunStarter {
  readonly runs = new Map<string, PlannedStart | PlannedStart[]>();
  /** Of each dispatch asked for. */
  readonly beginsInMs: number[] = [];
  before: (workflowId: string) => Promise<void> = async () => {};

  start(planned: PlannedStart): Promise<StartResult> {
    return this.#take(planned.workflowId, planned);
  }

  dispatch(workflowId: string, starts: PlannedStart[], beginsInMs = 0): Promise<StartResult> {
    this.beginsInMs.push(beginsInMs);
    return this.#take(workflowId, starts);
  }

  async #take(workflowId: string, run: PlannedStart | PlannedStart[]): Promise<StartResult> {
    await this.before(workflowId);
    if (this.runs.has(workflowId)) return 'duplicate';
    this.runs.set(workflowId, run);
    return 'started';
  }
}

type Options = Partial<Omit<AppDependencies, 'settings' | 'starter'>> & {
  settings?: Partial<AppDependencies['settings']>;
  listen?: Partial<ListenOptions>;
};

/** The API on a free port, with Temporal in memory and two portals, 1 and 2. */
export const startApi = async ({ settings, listen: listenOptions, ...options }: Options = {}) => {
  const starter = new MemoryStarter();
  const registry = new Registry();
  const logged: string[] = [];
  const app = createApp({
    settings: {
      publicUrl: PUBLIC_URL,
      secrets: [{ secret: SECRET, portalIds: null }],
      allowSignatureV1: false,
      portals: [portal('1'), portal('2')],
      bulkRunsPerSecond: 0,
      ...settings,
    },
    starter,
    readiness: async () => {},
    registry,
    logger: createLogger({ level: 'debug', destination: { write: (line: string) => void logged.push(line) } }),
    // Twelve times the product's: on a busy machine 8 MiB take longer than its five seconds.
    bodyDeadlineMs: 60_000,
    ...options,
  });
  // Node's own limit for a request would end such an upload after ten seconds, without a word.
  const server = await listen(app, { port: 0, host: '127.0.0.1', requestTimeoutMs: 120_000, ...listenOptions });
  return {
    starter,
    server,
    /** Lines of the log so far. */
    logged,
    url: server.url,
    webhook: server.url + WEBHOOK_PATH,
    close: server.close,
    /** Values of one metric, by its labels: `'reason=comment' -> 2`. */
    counted: async (name: string): Promise<Record<string, number>> => {
      const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
      return Object.fromEntries(
        values
          .filter(({ value }) => value > 0)
          .map(({ labels, value }) => [
            Object.entries(labels)
              .filter(([, label]) => label !== '')
              .map(([label, text]) => `${label}=${text}`)
              .join(' '),
            value,
          ]),
      );
    },
  };
};

export type Api = Awaited<ReturnType<typeof startApi>>;

export const signedHeaders = (
  body: string | Uint8Array,
  { secret = SECRET, url = PUBLIC_URL, now = Date.now() } = {},
) => ({
  'content-type': 'application/json',
  'x-hubspot-signature-v3': createHmac('sha256', secret)
    .update(`POST${url}`)
    .update(body)
    .update(`${now}`)
    .digest('base64'),
  'x-hubspot-request-timestamp': `${now}`,
});

export const v1Headers = (body: string, secret = SECRET) => ({
  'content-type': 'application/json',
  'x-hubspot-signature-version': 'v1',
  'x-hubspot-signature': createHash('sha256')
    .update(secret + body)
    .digest('hex'),
});

/** Posts a body as HubSpot would, signed unless `headers` are given. */
export const post = async (
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = signedHeaders(body),
) => {
  const response = await fetch(url, { method: 'POST', body: Buffer.from(body), headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

/** Posts events as HubSpot would. */
export const deliver = (api: Pick<Api, 'webhook'>, events: unknown[]) => post(api.webhook, JSON.stringify(events));

/** A delivery as bytes on the wire. Headers that are given in pairs may stand there twice. */
export const rawPost = (
  body: string,
  headers: Record<string, string> | [string, string][] = signedHeaders(body),
  target = WEBHOOK_PATH,
): string => {
  const given = Array.isArray(headers) ? headers : Object.entries(headers);
  const lines = [['Host', 'x'], ['Content-Length', `${Buffer.byteLength(body)}`], ...given].map((pair) =>
    pair.join(': '),
  );
  return `POST ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
};

/** Asks the server to close the connection after its answer. */
export const LAST = { connection: 'close' };

/** Sends bytes over a socket of its own and gives all that came back until the server closed it. */
export const sendRaw = (url: string, ...chunks: string[]): Promise<string> => {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection({ host: hostname, port: Number(port) }, () => {
      for (const chunk of chunks) socket.write(chunk);
    });
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
};
