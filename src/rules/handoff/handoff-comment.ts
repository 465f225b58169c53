import type { PortalId, TicketId } from '../../hubspot/ids.ts';
import { handoffBody, type PostBody } from '../replying/post-body.ts';
import type { PortalSettings } from '../settings.ts';
import { momentInWords } from './business-hours.ts';
import type { Closed } from './customer-notice.ts';
import { aboutHandoff, type HandoffReason } from './handoff-reason.ts';
import type { OutOfHours } from './handoff-settings.ts';

/** The ticket's page in HubSpot. */
export const ticketUrl = (uiDomain: string, portalId: PortalId, ticketId: TicketId): string =>
  `https://${uiDomain}/contacts/${portalId}/ticket/${ticketId}`;

/** Agents find this beside the reason: the ticket, or why there is none. */
export type TicketNote = { url: string } | { missing: string } | null;

/** Why nobody may come for a while; `null` where agents are there. */
export const closedNote = (
  closed: Closed | null,
  outOfHours: OutOfHours,
  { timeZone = 'UTC' }: PortalSettings,
): string | null => {
  if (closed === null) return null;
  const when =
    `Outside of business hours, which begin ${momentInWords(closed.opening, closed.now, timeZone)} ` + `(${timeZone}).`;
  if (outOfHours === 'now') return when;
  return outOfHours === 'stay'
    ? `${when} Until then the AI keeps answering here. Then the thread is handed over.`
    : `${when} The thread is handed over then.`;
};

/**
 * The internal comment of a handoff. `notes`: what else could not be done, a line each. What stands in it is said by
 * the AI or by HubSpot, never by the customer.
 */
export const handoffComment = (why: HandoffReason, ticket: TicketNote, notes: readonly string[] = []): PostBody => {
  const { reason, language, sentiment } = why;
  const about = [
    ...(sentiment === undefined ? [] : [`Sentiment: ${sentiment}`]),
    ...(language === undefined ? [] : [`Language: ${language}`]),
  ];
  const ticketLine =
    ticket === null ? [] : ['url' in ticket ? `Ticket: ${ticket.url}` : `There is no ticket: ${ticket.missing}`];
  return handoffBody([reason, ...about, ...ticketLine, ...aboutHandoff(why), ...notes].join('\n\n'));
};
