import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Installation } from '../installations/store.ts';

/** The API counts these. Every label is from a closed set; nothing that a caller sent becomes one. */
export interface ApiMetrics {
  /** Events of acknowledged deliveries, by `fate` (accepted, duplicate, ignored, rejected) and `reason` (or empty). */
  events: Counter<'fate' | 'reason'>;
  /** Requests refused, by the error code of the answer. */
  refusals: Counter<'reason'>;
  /** Deliveries at work now. */
  inFlight: Gauge;
  /** Bytes of bodies in memory now, genuine or not. */
  bodyBytes: Gauge;
  /** Seconds from a delivery's headers to the end of its answer, by `status` (`none`: the caller hung up before). */
  ack: Histogram<'status'>;
  /** Starts tried, by workflow `type` and `result` (started, duplicate, failed). */
  starts: Counter<'type' | 'result'>;
}

/**
 * Registers how many installed portals there are, by whether they have to be connected again, and of how many the
 * tokens can't be renewed for another reason. Looked up when asked for.
 */
export const registerInstallations = (registry: Registry, list: () => Promise<readonly Installation[]>): void => {
  new Gauge({
    name: 'threadkeeper_installations',
    help: 'Portals that installed the app, by state: connected, or reconnect-needed',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const installations = await list();
      const broken = installations.filter(({ reconnect }) => reconnect !== null).length;
      this.set({ state: 'reconnect-needed' }, broken);
      this.set({ state: 'connected' }, installations.length - broken);
    },
  });
  new Gauge({
    name: 'threadkeeper_installations_token_trouble',
    help: "Portals that installed the app and whose tokens can't be renewed, though HubSpot has not refused them",
    registers: [registry],
    async collect() {
      this.set((await list()).filter(({ reconnect, trouble }) => reconnect === null && trouble !== undefined).length);
    },
  });
};

/** Registers how many connections were closed to make room for others. Gives what counts one. */
export const registerDroppedConnections = (registry: Registry): (() => void) => {
  const dropped = new Counter({
    name: 'threadkeeper_http_connections_dropped_total',
    help: 'Connections that were closed, idle or unfinished, because too many were open',
    registers: [registry],
  });
  return () => dropped.inc();
};

/** Registers the API's metrics. Once a registry. */
export const createApiMetrics = (registry: Registry): ApiMetrics => {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'threadkeeper_webhook_events_total',
      help: 'Events of acknowledged webhook deliveries, by result',
      labelNames: ['fate', 'reason'],
      registers,
    }),
    refusals: new Counter({
      name: 'threadkeeper_http_refusals_total',
      help: 'Requests that were refused, by the error code of the answer',
      labelNames: ['reason'],
      registers,
    }),
    inFlight: new Gauge({
      name: 'threadkeeper_webhook_requests_in_flight',
      help: 'Webhook deliveries that are at work now',
      registers,
    }),
    bodyBytes: new Gauge({
      name: 'threadkeeper_webhook_body_bytes',
      help: 'Bytes of webhook bodies in memory now, signed or not',
      registers,
    }),
    ack: new Histogram({
      name: 'threadkeeper_webhook_ack_seconds',
      help: 'Time to answer a webhook delivery (HubSpot gives up after 5 s)',
      labelNames: ['status'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5],
      registers,
    }),
    starts: new Counter({
      name: 'threadkeeper_run_starts_total',
      help: 'Workflow runs that the API tried to start, by type and result',
      labelNames: ['type', 'result'],
      registers,
    }),
  };
};
