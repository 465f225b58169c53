import type { ThreadItem, World } from '../world.ts';

/** A webhook event as HubSpot sends it; `attemptNumber` is set anew for each attempt. */
export interface WebhookEvent {
  eventId: number | string;
  subscriptionId: number | string;
  portalId: number | string;
  appId: number | string;
  /** ms since the epoch. */
  occurredAt: number;
  subscriptionType: string;
  attemptNumber: number;
  objectId: number | string;
  [field: string]: unknown;
}

/** One subscription each, as in the app's settings. */
const SUBSCRIPTION_IDS: Record<string, number> = {
  'conversation.newMessage': 2_371_671,
  'conversation.propertyChange': 2_371_672,
  'conversation.deletion': 2_371_673,
  'ticket.propertyChange': 2_371_680,
  'object.propertyChange': 2_371_681,
};

const event = (
  world: World,
  subscriptionType: string,
  objectId: string,
  occurredAt: number,
  details: Record<string, unknown>,
): WebhookEvent => ({
  eventId: world.ids.event(),
  subscriptionId: SUBSCRIPTION_IDS[subscriptionType] ?? 2_371_699,
  portalId: Number(world.portalId),
  appId: Number(world.appId),
  occurredAt,
  subscriptionType,
  attemptNumber: 0,
  objectId: Number(objectId),
  ...details,
});

/** Says that something was written, by whomever, but neither what nor by whom: that has to be fetched. */
export const newMessageEvent = (world: World, item: ThreadItem): WebhookEvent =>
  event(world, 'conversation.newMessage', item.conversationsThreadId, Date.parse(item.createdAt), {
    messageId: item.id,
    messageType: item.type,
    changeFlag: 'NEW_MESSAGE',
  });

export const threadPropertyEvent = (
  world: World,
  threadId: string,
  propertyName: 'assignedTo' | 'status' | 'isArchived',
  propertyValue: string,
): WebhookEvent => event(world, 'conversation.propertyChange', threadId, world.now(), { propertyName, propertyValue });

/** The thread was archived, which HubSpot calls deleted. */
export const threadDeletionEvent = (world: World, threadId: string): WebhookEvent =>
  event(world, 'conversation.deletion', threadId, world.now(), { changeFlag: 'DELETED' });

/**
 * `legacy` is `ticket.propertyChange`, `generic` the newer `object.propertyChange`; an app may have subscribed to both.
 */
export type PropertyEventShape = 'legacy' | 'generic';

export const ticketPropertyEvent = (
  world: World,
  shape: PropertyEventShape,
  change: {
    ticketId: string;
    name: string;
    value: string;
    occurredAt: number;
    /** HubSpot hides the value of a sensitive property. */
    sensitive: boolean;
    changeSource: 'CRM_UI' | 'INTEGRATION';
  },
): WebhookEvent =>
  event(
    world,
    shape === 'legacy' ? 'ticket.propertyChange' : 'object.propertyChange',
    change.ticketId,
    change.occurredAt,
    {
      ...(shape === 'generic' && { objectTypeId: '0-5', isSensitive: change.sensitive }),
      propertyName: change.name,
      propertyValue: change.sensitive ? 'REDACTED' : change.value,
      changeSource: change.changeSource,
      sourceId: change.changeSource === 'CRM_UI' ? 'userId:98499705' : world.appId,
    },
  );
