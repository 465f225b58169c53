import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { WebhookEvent } from '../../dev/simulator/webhooks/events.ts';
import { APP_ID, PORTAL_ID } from './simulator.ts';

let eventId = 0;

/**
 * HubSpot's event about something that was written, on the tests' portal, for what is sent past the simulator's own
 * webhooks.
 */
export const messageEvent = (
  { threadId, messageId }: WrittenIds,
  changes: Partial<WebhookEvent> = {},
): WebhookEvent => {
  eventId += 1;
  return {
    eventId,
    subscriptionId: 1,
    portalId: Number(PORTAL_ID),
    appId: Number(APP_ID),
    occurredAt: Date.now(),
    subscriptionType: 'conversation.newMessage',
    attemptNumber: 0,
    objectId: Number(threadId),
    messageId,
    messageType: 'MESSAGE',
    changeFlag: 'NEW_MESSAGE',
    ...changes,
  };
};

/** Deliveries of so many events. */
export const inBatches = (events: WebhookEvent[], size: number): WebhookEvent[][] =>
  Array.from({ length: Math.ceil(events.length / size) }, (_, at) => events.slice(at * size, (at + 1) * size));
