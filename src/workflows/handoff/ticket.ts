import type { FoundTicket } from '../../activities/crm.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { attempt, type HandOffRun } from './run.ts';

/** The id of the contact who asks; made where HubSpot has none. */
export const findContact = async (run: HandOffRun): Promise<string | null> => {
  if (!makesTickets(run)) return null;
  const contactId = await attempt(run, 'there is no contact', ({ crmCalls }) =>
    crmCalls.findOrCreateContact('the contact who asks', run.thread),
  );
  run.story.step(contactId ? `contact ${contactId}` : 'no contact');
  return contactId ?? null;
};

/** The thread's ticket; made, or opened again, where it has no open one. */
export const findTicket = async (run: HandOffRun, contactId: string | null): Promise<FoundTicket | null> => {
  if (!makesTickets(run)) return null;
  const { joins } = run.asked;
  const { pipeline, stage, keyProperty, closedTicket = 'new' } = run.settings.handoff;
  const ticket = await attempt(
    run,
    'there is no ticket',
    ({ crmCalls }) =>
      crmCalls.findOrCreateTicket('the ticket of this thread', {
        ...run.thread,
        contactId,
        why: run.why(),
        settings: { pipeline, stage, keyProperty, closedTicket },
        owner: ownerToBe(run),
        ...(joins === undefined ? {} : { joins }),
      }),
    (reason) => {
      run.ticketNote = { missing: reason };
    },
  );
  if (!ticket) return null;
  run.ticketNote = { url: ticket.url };
  run.story.onTicket(ticket.ticketId);
  const was = ticket.reopened ? 'was closed, and is open again' : 'was there';
  run.story.step(`its ticket ${ticket.known ? was : 'is new'}`);
  return ticket;
};

/** Ties the ticket to the thread and to who asks, and brings over what the session knows. */
export const fillTicket = async (
  run: HandOffRun,
  ticket: FoundTicket | null,
  contactId: string | null,
): Promise<void> => {
  if (!ticket) return;
  const { portalId } = run.thread;
  const { ticketId } = ticket;
  const mapping = run.settings.handoff.properties;
  const values = await attempt(run, 'the session did not get the ticket', ({ sessionCalls }) =>
    sessionCalls.rememberHandoff('the session’s ticket', {
      ...run.thread,
      contactId,
      ticketId,
      names: Object.keys(mapping),
    }),
  );
  const untied = await attempt(run, 'the ticket’s associations are missing', ({ crmCalls }) =>
    crmCalls.associateTicket('with thread and contact', { ...run.thread, ticketId, contactId }),
  );
  if (untied && untied.length > 0) run.note(`HubSpot did not associate the ticket with its ${untied.join(' and ')}`);

  const properties = Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [mapping[name] ?? name, value]),
  );
  if (Object.keys(properties).length === 0) return;
  const dropped = await attempt(run, 'the ticket’s properties are missing', ({ crmCalls }) =>
    crmCalls.setTicketProperties(Object.keys(properties).join(', '), { portalId, ticketId, properties }),
  );
  if (dropped && dropped.length > 0) run.note(`The ticket doesn't take the properties ${dropped.join(', ')}`);
};

const makesTickets = (run: HandOffRun): boolean => !run.onlyComments && run.settings.handoff.tickets;

/** The thread will be theirs, and with it the ticket: a person who has it keeps it. */
const ownerToBe = (run: HandOffRun): ActorId | null =>
  run.owner !== null && run.owner !== run.settings.aiActorId ? run.owner : run.assignee();
