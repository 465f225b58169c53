import { type PropertyEventShape, ticketPropertyEvent, type WebhookEvent } from './webhooks/events.ts';
import { isoTime, ticketRecord, type World } from './world.ts';

const DEFAULT_PROPERTIES = {
  subject: 'A question',
  content: '',
  hs_pipeline: '0',
  hs_pipeline_stage: '1',
  hs_ticket_priority: '',
};

/** A new ticket, with HubSpot's usual properties and those given. Gives its id. */
export const createTicket = (world: World, properties: Record<string, string> = {}): string => {
  const id = world.ids.ticket();
  const createdAt = isoTime(world.now());
  const record = {
    id,
    createdAt,
    updatedAt: createdAt,
    contactIds: new Set<string>(),
    properties: { ...DEFAULT_PROPERTIES, createdate: createdAt, hs_object_id: id, ...properties },
  };
  world.tickets.set(id, record);
  world.changed({ kind: 'ticket', ticketId: id });
  return id;
};

export interface PropertyChange {
  /** ms since the epoch; now by default. */
  occurredAt?: number;
  /** Which subscriptions the app has; each sends an event of its own. `['legacy']` by default. */
  shapes?: PropertyEventShape[];
  /** HubSpot hides the value from webhooks. */
  sensitive?: boolean;
  changeSource?: 'CRM_UI' | 'INTEGRATION';
}

/** Someone changes a property of a ticket, a new one too. */
export const setTicketProperty = (
  world: World,
  ticketId: string,
  name: string,
  value: string,
  { occurredAt = world.now(), shapes = ['legacy'], sensitive = false, changeSource = 'CRM_UI' }: PropertyChange = {},
): WebhookEvent[] => {
  const record = ticketRecord(world, ticketId);
  record.properties[name] = value;
  record.updatedAt = isoTime(world.now());
  world.changed({ kind: 'ticket', ticketId });
  return shapes.map((shape) =>
    ticketPropertyEvent(world, shape, { ticketId, name, value, occurredAt, sensitive, changeSource }),
  );
};
