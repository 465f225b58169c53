import type { PortalId, TicketId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export interface SyncTicketPropertyInput {
  portalId: PortalId;
  ticketId: TicketId;
  propertyName: string;
  propertyValue: string;
  /** Milliseconds since the epoch, by HubSpot's clock. The newest wins. */
  occurredAt: number;
}

export interface SyncTicketPropertyResult {
  outcome: 'synced' | 'skipped';
  reason?: string;
}

/** One run for each change of a ticket property. */
export const syncTicketPropertyRun = {
  type: 'syncTicketProperty',
  title: 'Ticket',
  about: ({ portalId, ticketId, propertyName }: SyncTicketPropertyInput) => ({
    portalId,
    ticketId,
    detail: propertyName,
  }),
  // HubSpot's eventId alone is not unique.
  workflowId: ({ portalId, ticketId, propertyName, occurredAt }: SyncTicketPropertyInput, eventId: string) =>
    `ticket:${portalId}:${ticketId}-${eventId}:${propertyName}@${occurredAt}`,
  urgency: 'sync',
  example: {
    portalId: '62515',
    ticketId: '1846',
    propertyName: 'hs_ticket_priority',
    propertyValue: 'HIGH',
    occurredAt: 1_700_000_000_000,
  },
} as const satisfies RunType<SyncTicketPropertyInput, [eventId: string]>;
