import type { Simulator } from '../src/simulator/simulator.ts';
import type { WebhookEvent } from '../src/simulator/webhooks/events.ts';
import { APP_ID, PORTAL_ID } from '../test/support/simulator.ts';

let eventId = 0;

/** HubSpot's event about something that was written. */
export const messageEvent = (
  { threadId, messageId }: { threadId: string; messageId: string },
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

/** New questions, each on a thread of its own that the AI owns. */
export const questions = (simulator: Simulator, count: number): WebhookEvent[] =>
  Array.from({ length: count }, () =>
    messageEvent(simulator.customerWrites({ channel: 'chat', text: 'How long does shipping take?' })),
  );

let invented = 1_000_000_000;

/** Events about messages that nobody will ever fetch, to measure the taking of events alone. */
export const inventedEvents = (count: number): WebhookEvent[] =>
  Array.from({ length: count }, () => {
    invented += 1;
    return messageEvent({ threadId: String(invented), messageId: `m${invented.toString(16).padStart(31, '0')}` });
  });
