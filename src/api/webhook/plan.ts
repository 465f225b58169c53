import type { PortalId } from '../../hubspot/ids.ts';
import { holdsNoValue } from '../../hubspot/property-value.ts';
import type {
  ContactErasureEvent,
  MessageEvent,
  RejectReason,
  ThreadErasureEvent,
  ThreadOwnerEvent,
  ThreadStatusEvent,
  TicketPropertyEvent,
  WebhookEvent,
} from '../../hubspot/webhook-events.ts';
import { asksForRatings } from '../../rules/rating/may-ask.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { askForRatingRun } from '../../runs/ask-for-rating.ts';
import { followCommandRun } from '../../runs/follow-command.ts';
import { forgetContactRun } from '../../runs/forget-contact.ts';
import { forgetThreadRun } from '../../runs/forget-thread.ts';
import { noticeOwnerChangeRun } from '../../runs/notice-owner-change.ts';
import { type PlannedStart, planned, plannedReply } from '../../runs/planned-start.ts';
import type { ReplyToMessageInput } from '../../runs/reply-to-message.ts';
import { syncTicketPropertyRun } from '../../runs/sync-ticket-property.ts';

/**
 * An event needs no run for one of these reasons, as its envelope shows, or what our own runs have noted. A closed set:
 * the same words in the metric's label.
 */
export const IGNORE_REASONS = [
  'unsupported-type',
  'unknown-portal',
  'comment',
  'empty-value',
  'ticketing-disabled',
  'not-closed',
  'csat-off',
  'own-post',
  'own-assignment',
] as const;
export type IgnoreReason = (typeof IGNORE_REASONS)[number];

/** A delivery, sorted. Every event is in exactly one of the four, counted by its place in the delivery. */
export interface Plan {
  starts: PlannedStart[];
  ignored: { index: number; reason: IgnoreReason }[];
  rejected: { index: number; reason: RejectReason }[];
  /** Events that say again what another one of the same delivery says. */
  duplicates: number;
}

/** The portals that an event may concern: those configured that the signing secret speaks for (`null`: all of them). */
export const portalsSpokenFor = (
  portals: readonly PortalSettings[],
  portalIds: readonly PortalId[] | null,
): ReadonlyMap<PortalId, PortalSettings> => {
  const spokenFor = portalIds && new Set(portalIds);
  return new Map(
    portals
      .filter(({ portalId }) => !spokenFor || spokenFor.has(portalId))
      .map((settings) => [settings.portalId, settings]),
  );
};

/** An event that is a run by itself. */
type DirectEvent = MessageEvent | ThreadOwnerEvent | ThreadStatusEvent | ThreadErasureEvent | ContactErasureEvent;

const whyNoRun = (
  event: DirectEvent | TicketPropertyEvent,
  portal: PortalSettings | undefined,
): IgnoreReason | null => {
  if (!portal) return 'unknown-portal';
  if (event.kind === 'message') return event.messageType === 'COMMENT' && !portal.aiCommands ? 'comment' : null;
  if (event.kind === 'threadStatus') {
    if (!event.closed) return 'not-closed';
    return asksForRatings(portal) ? null : 'csat-off';
  }
  if (event.kind !== 'ticketProperty') return null;
  if (!portal.ticketingEnabled) return 'ticketing-disabled';
  // The older shape of the event says REDACTED for a sensitive value, the newer one sets a flag (HubSpot: webhooks
  // guide).
  return holdsNoValue(event.propertyValue) || event.sensitive ? 'empty-value' : null;
};

// Without the event id: both shapes of the event may be subscribed, and one change then comes as two events.
const sameChange = ({ portalId, ticketId, propertyName, propertyValue, occurredAt }: TicketPropertyEvent): string =>
  JSON.stringify([portalId, ticketId, propertyName, propertyValue, occurredAt]);

const plannedSync = (event: TicketPropertyEvent): PlannedStart => {
  const { portalId, ticketId, propertyName, propertyValue, occurredAt, eventId } = event;
  return planned(syncTicketPropertyRun, { portalId, ticketId, propertyName, propertyValue, occurredAt }, eventId);
};

const plannedNotice = ({ portalId, threadId, assignedTo, occurredAt, eventId }: ThreadOwnerEvent): PlannedStart =>
  planned(noticeOwnerChangeRun, { portalId, threadId, assignedTo, occurredAt }, eventId);

const plannedAsk = ({ portalId, threadId, eventId }: ThreadStatusEvent): PlannedStart =>
  planned(askForRatingRun, { portalId, threadId }, eventId);

/** Only its words say whether a comment commands the AI, and only its run reads them. */
const plannedCommand = ({ portalId, threadId, messageId }: MessageEvent): PlannedStart =>
  planned(followCommandRun, { portalId, threadId, messageId });

const plannedMessage = (event: MessageEvent): PlannedStart =>
  event.messageType === 'COMMENT' ? plannedCommand(event) : plannedReply(askedBy(event));

const plannedThreadErasure = ({ portalId, threadId, eventId }: ThreadErasureEvent): PlannedStart =>
  planned(forgetThreadRun, { portalId, threadId }, eventId);

const plannedContactErasure = ({ portalId, contactId, eventId }: ContactErasureEvent): PlannedStart =>
  planned(forgetContactRun, { portalId, contactId }, eventId);

const askedBy = ({ portalId, threadId, messageId, appId }: MessageEvent): ReplyToMessageInput => ({
  portalId,
  threadId,
  messageId,
  ...(appId === null ? {} : { appId }),
});

const plannedOf = (event: DirectEvent): PlannedStart => {
  switch (event.kind) {
    case 'message':
      return plannedMessage(event);
    case 'threadOwner':
      return plannedNotice(event);
    case 'threadStatus':
      return plannedAsk(event);
    case 'threadErasure':
      return plannedThreadErasure(event);
    case 'contactErasure':
      return plannedContactErasure(event);
  }
};

/**
 * Decides what becomes of each event of a delivery: a run to start, or why none is needed. What the envelope can't
 * tell, the run decides. Two events about one message, or about one change of a property, are one start.
 */
export const plan = (events: readonly WebhookEvent[], portals: ReadonlyMap<PortalId, PortalSettings>): Plan => {
  // All but ticket properties by their workflow IDs.
  const starts = new Map<string, PlannedStart>();
  const changes = new Map<string, TicketPropertyEvent>();
  const result: Plan = { starts: [], ignored: [], rejected: [], duplicates: 0 };
  for (const event of events) {
    const { index } = event;
    if (event.kind === 'rejected') {
      result.rejected.push({ index, reason: event.reason });
      continue;
    }
    if (event.kind === 'other') {
      result.ignored.push({ index, reason: 'unsupported-type' });
      continue;
    }
    const reason = whyNoRun(event, portals.get(event.portalId));
    if (reason) {
      result.ignored.push({ index, reason });
    } else if (event.kind !== 'ticketProperty') {
      const start = plannedOf(event);
      if (starts.has(start.workflowId)) result.duplicates += 1;
      starts.set(start.workflowId, start);
    } else {
      const key = sameChange(event);
      const known = changes.get(key);
      if (known) result.duplicates += 1;
      // The lesser event id, whichever came first: the same run, should HubSpot send both again in another order.
      if (!known || event.eventId < known.eventId) changes.set(key, event);
    }
  }
  const syncs = new Map([...changes.values()].map(plannedSync).map((start) => [start.workflowId, start]));
  // One id can still stand for two values: HubSpot used an event id twice. The run id is taken then.
  result.duplicates += changes.size - syncs.size;
  result.starts = [...starts.values(), ...syncs.values()];
  return result;
};
