import { holdsNoValue } from '../../hubspot/property-value.ts';
import type { SkipReason } from '../../rules/skip-reasons.ts';
import { type SyncTicketPropertyResult, syncTicketPropertyRun } from '../../runs/sync-ticket-property.ts';
import { activitiesOf, askSessions, portalSettings, type SessionCalls } from '../shared/activity-options.ts';
import { parseSyncTicketProperty } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/**
 * Brings one changed ticket property into the sessions of that ticket, where the AI finds it. The newest `occurredAt`
 * wins, whatever the order of arrival (design promise 7).
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function syncTicketProperty(input: unknown): Promise<SyncTicketPropertyResult> {
  const change = parseSyncTicketProperty(input);
  const { portalId, ticketId, propertyName: name, propertyValue: value, occurredAt } = change;
  const settings = await portalSettings(portalId);
  const { hubspotReads, sessionCalls } = activitiesOf(portalId, 'sync');
  const story = new RunStory<SyncTicketPropertyResult>(syncTicketPropertyRun.about(change));
  const skip = (reason: SkipReason): SyncTicketPropertyResult => story.end({ outcome: 'skipped', reason });

  if (!settings.ticketingEnabled) return skip('ticketing-disabled');
  if (holdsNoValue(value)) return skip('empty-value');

  const summary = `ticket ${ticketId}`;
  // A ticket often has several threads, and each may have begun before its session knew the ticket.
  const associated = await hubspotReads.fetchTicketThreads(summary, { portalId, ticketId });
  const inWords = `${associated.length} associated thread${associated.length === 1 ? '' : 's'}`;
  const link = (sessions: SessionCalls) => sessions.linkTicket(inWords, { portalId, ticketId, threadIds: associated });
  const threadIds = await askSessions(link, () => link(sessionCalls));
  story.step(`the ticket's threads: ${associated.length} at HubSpot, ${threadIds.length} with a session`);
  if (threadIds.length === 0) return skip('no-session');

  const property = { name, value, occurredAt };
  const set = (sessions: SessionCalls) => sessions.setCustomData(name, { portalId, threadIds, property });
  const changed = await askSessions(set, () => set(sessionCalls));
  return story.end(changed > 0 ? { outcome: 'synced' } : { outcome: 'synced', reason: 'a newer value already stands' });
}
