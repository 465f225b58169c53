import type { Simulator } from '../dev/simulator/simulator.ts';
import type { WebhookEvent } from '../dev/simulator/webhooks/events.ts';
import { messageEvent } from '../test/support/webhook-events.ts';

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
