import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { PortalId } from '../../hubspot/ids.ts';
import type { WebhookSecret } from '../../hubspot/signature.ts';
import { parseWebhookEvents, TooManyEvents, type WebhookEvent } from '../../hubspot/webhook-events.ts';
import { withDeadline } from '../../lib/deadline.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import type { RunStarter } from '../../temporal/run-starter.ts';
import type { ApiMetrics } from '../metrics.ts';
import { type Accepted, accept } from './accept.ts';
import { createBulkPacing } from './bulk-pacing.ts';
import type { HoldBody, TakePlace } from './in-flight.ts';
import type { FindOwn } from './own-changes.ts';
import { type Plan, plan, portalsSpokenFor } from './plan.ts';
import { RETRY_AFTER, Refused } from './refusals.ts';
import { takeSigned } from './signed.ts';

/** The webhook endpoint goes by these. */
export interface WebhookSettings {
  /** The URL that HubSpot calls, as configured there. */
  publicUrl: string;
  secrets: readonly WebhookSecret[];
  allowSignatureV1: boolean;
  portals: readonly PortalSettings[];
  /** All starts of a delivery may take this long, in ms. HubSpot gives up after 5 s. */
  startDeadlineMs: number;
  /** The runs of a portal's bulk that begin each second; 0: all at once. */
  bulkRunsPerSecond: number;
}

export interface WebhookDependencies {
  settings: WebhookSettings;
  /** Portals that installed the app, beside those of the settings. */
  installed: () => Promise<readonly PortalSettings[]>;
  /** Finds the starts that nobody needs, as their events are about what a run of ours has done. */
  findOwn: FindOwn;
  holdBody: HoldBody;
  takePlace: TakePlace;
  starter: RunStarter;
  metrics: ApiMetrics;
  logger: Logger;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** A body has to come within so many ms. */
  bodyDeadlineMs: number;
}

/** An answer lists so many rejected events. HubSpot sends no more events than that. */
const LISTED_REJECTED = 100;

/** The answer to an acknowledged delivery: each of its events counts once. */
interface Acknowledgement {
  accepted: number;
  duplicate: number;
  ignored: number;
  /** The first {@link LISTED_REJECTED} of them. */
  rejected: Plan['rejected'];
  /** The number of them, where not all are listed. */
  rejectedCount?: number;
}

/** The events that need no run though they ask for one. */
type Own = Awaited<ReturnType<FindOwn>>;

const acknowledge = (planned: Plan, own: Own, { accepted, duplicate }: Accepted): Acknowledgement => ({
  accepted,
  duplicate: duplicate + planned.duplicates,
  ignored: planned.ignored.length + own.size,
  rejected: planned.rejected.slice(0, LISTED_REJECTED),
  ...(planned.rejected.length > LISTED_REJECTED ? { rejectedCount: planned.rejected.length } : {}),
});

const eventsIn = (body: Uint8Array): WebhookEvent[] => {
  let events: WebhookEvent[] | null;
  try {
    events = parseWebhookEvents(body);
  } catch (cause) {
    throw cause instanceof TooManyEvents ? new Refused('too-many-events') : cause;
  }
  if (!events) throw new Refused('not-an-array');
  return events;
};

const countEvents = ({ events }: ApiMetrics, planned: Plan, own: Own, { accepted, duplicate }: Accepted): void => {
  events.inc({ fate: 'accepted', reason: '' }, accepted);
  events.inc({ fate: 'duplicate', reason: '' }, duplicate + planned.duplicates);
  for (const { reason } of planned.ignored) events.inc({ fate: 'ignored', reason });
  for (const reason of own.values()) events.inc({ fate: 'ignored', reason });
  for (const { reason } of planned.rejected) events.inc({ fate: 'rejected', reason });
};

/**
 * Takes a webhook delivery: what its head alone can refuse, its body, verify, parse, plan, accept; then, only once
 * every start is durable, 200 with the counts.
 * @throws {Refused} for the app's error handler to answer. A delivery is never acknowledged in part.
 */
export const webhookHandler = ({
  settings,
  installed,
  findOwn,
  holdBody,
  takePlace,
  starter,
  metrics,
  logger,
  clock,
  bodyDeadlineMs,
}: WebhookDependencies): RequestHandler => {
  const pacing = createBulkPacing(settings.bulkRunsPerSecond, clock);
  const rules = () => ({ ...settings, allowV1: settings.allowSignatureV1, now: clock() });

  const take = async (body: Uint8Array, portalIds: readonly PortalId[] | null): Promise<Acknowledgement> => {
    const events = eventsIn(body);
    // What can't be known in time is refused, and comes again.
    const portals = [...settings.portals, ...(await withDeadline(installed(), settings.startDeadlineMs))];
    const spokenFor = portalsSpokenFor(portals, portalIds);
    const planned = plan(events, spokenFor);
    const lookedAt = clock();
    const own = await findOwn(planned.starts, spokenFor);
    const spentMs = Math.max(clock() - lookedAt, 0);
    if (own.size > 0) logger.debug({ own: Object.fromEntries(own) }, 'Events about what our own runs have done');
    const starts = planned.starts.filter(({ workflowId }) => !own.has(workflowId));

    const accepted = await accept(starts, starter, {
      deadlineMs: settings.startDeadlineMs - spentMs,
      pacing,
      onStart: (type, result) => metrics.starts.inc({ type, result }),
    }).catch((cause) => {
      throw new Refused('not-durable', { headers: RETRY_AFTER, cause });
    });
    countEvents(metrics, planned, own, accepted);
    return acknowledge(planned, own, accepted);
  };

  return async (request, response) => {
    const signed = { rules, holdBody, takePlace, bodyDeadlineMs };
    const acknowledgement = await takeSigned(request, response, signed, take);
    if (acknowledgement.rejected.length > 0) {
      logger.warn(acknowledgement, 'Delivery taken, but for events that make no sense');
    } else logger.debug(acknowledgement, 'Delivery taken');
    response.json(acknowledgement);
  };
};
