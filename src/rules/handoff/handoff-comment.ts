import type { PortalId, TicketId } from '../../hubspot/ids.ts';
import { handoffBody, type PostBody } from '../replying/post-body.ts';
import type { HandoffReason } from './handoff-reason.ts';

/** The ticket's page in HubSpot. */
export const ticketUrl = (uiDomain: string, portalId: PortalId, ticketId: TicketId): string =>
  `https://${uiDomain}/contacts/${portalId}/ticket/${ticketId}`;

/** Agents find this beside the reason: the ticket, or why there is none. */
export type TicketNote = { url: string } | { missing: string } | null;

/**
 * The internal comment of a handoff. `notes`: what else could not be done, a line each. What stands in it is said by
 * the AI or by HubSpot, never by the customer.
 */
export const handoffComment = (
  { reason, language, sentiment }: HandoffReason,
  ticket: TicketNote,
  notes: readonly string[] = [],
): PostBody => {
  const about = [
    ...(sentiment === undefined ? [] : [`Sentiment: ${sentiment}`]),
    ...(language === undefined ? [] : [`Language: ${language}`]),
  ];
  const ticketLine =
    ticket === null ? [] : ['url' in ticket ? `Ticket: ${ticket.url}` : `There is no ticket: ${ticket.missing}`];
  return handoffBody([reason, ...about, ...ticketLine, ...notes].join('\n\n'));
};
