import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { WebhookSecret } from '../config.ts';
import { verifySignature } from '../hubspot/signature.ts';
import { parseWebhookEvents } from '../hubspot/webhook-events.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { RunStarter } from '../temporal/run-starter.ts';
import { type Accepted, accept } from './accept.ts';
import { createCrowdLine } from './crowd-line.ts';
import type { TakePlace } from './in-flight.ts';
import type { ApiMetrics } from './metrics.ts';
import { type Plan, plan, portalsSpokenFor } from './plan.ts';
import { RETRY_AFTER, Refused, signatureRefusal } from './refusals.ts';

/** What the webhook endpoint goes by. */
export interface WebhookSettings {
  /** The URL that HubSpot calls, as configured there. */
  publicUrl: string;
  secrets: readonly WebhookSecret[];
  allowSignatureV1: boolean;
  portals: readonly PortalSettings[];
  /** How long all starts of a delivery may take, in ms. HubSpot gives up after 5 s. */
  startDeadlineMs: number;
  /** So many runs of a portal's crowd begin each second; 0: all at once. */
  crowdRunsPerSecond: number;
}

export interface WebhookDependencies {
  settings: WebhookSettings;
  /** Portals that installed the app, beside those of the settings. */
  installed: () => Promise<readonly PortalSettings[]>;
  takePlace: TakePlace;
  starter: RunStarter;
  metrics: ApiMetrics;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** The answer to an acknowledged delivery: each of its events counts once. */
interface Acknowledgement {
  accepted: number;
  duplicate: number;
  ignored: number;
  rejected: Plan['rejected'];
}

const countEvents = ({ events }: ApiMetrics, planned: Plan, { accepted, duplicate }: Accepted): void => {
  events.inc({ fate: 'accepted', reason: '' }, accepted);
  events.inc({ fate: 'duplicate', reason: '' }, duplicate + planned.duplicates);
  for (const { reason } of planned.ignored) events.inc({ fate: 'ignored', reason });
  for (const { reason } of planned.rejected) events.inc({ fate: 'rejected', reason });
};

/**
 * Takes a webhook delivery whose raw bytes are in `request.body`: verify, parse, plan, accept; then, only once every
 * start is durable, 200 with the counts.
 * @throws {Refused} for the app's error handler to answer. A delivery is never acknowledged in part.
 */
export const webhookHandler = ({
  settings,
  installed,
  takePlace,
  starter,
  metrics,
  logger,
  clock,
}: WebhookDependencies): RequestHandler => {
  const line = createCrowdLine(settings.crowdRunsPerSecond, clock);
  return async (request, response) => {
    const { method, headersDistinct: headers } = request;
    const body: Uint8Array = request.body ?? new Uint8Array();

    const verdict = verifySignature(
      { method, headers, body },
      { ...settings, allowV1: settings.allowSignatureV1, now: clock() },
    );
    if (!verdict.genuine) throw new Refused(signatureRefusal(verdict.reason));
    takePlace(response);

    const events = parseWebhookEvents(body);
    if (!events) throw new Refused('not-an-array');

    const portals = [...settings.portals, ...(await installed())];
    const planned = plan(events, portalsSpokenFor(portals, verdict.portalIds));

    const accepted = await accept(planned.starts, starter, {
      deadlineMs: settings.startDeadlineMs,
      line,
      onStart: (type, result) => metrics.starts.inc({ type, result }),
    }).catch((cause) => {
      throw new Refused('not-durable', { headers: RETRY_AFTER, cause });
    });

    const acknowledgement: Acknowledgement = {
      accepted: accepted.accepted,
      duplicate: accepted.duplicate + planned.duplicates,
      ignored: planned.ignored.length,
      rejected: planned.rejected,
    };
    countEvents(metrics, planned, accepted);
    if (planned.rejected.length > 0) logger.warn(acknowledgement, 'Delivery taken, but for events that make no sense');
    else logger.debug(acknowledgement, 'Delivery taken');
    response.json(acknowledgement);
  };
};
