import { sleep } from '@temporalio/workflow';
import type { FoundTicket } from '../../activities/ticket-of-thread.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { ticketOwner } from '../../rules/handoff/circumstances.ts';
import { attempt, goOnWithout, type HandOffRun } from './run.ts';

/** The id of the contact who asks; made where HubSpot has none. */
export const findContact = async (run: HandOffRun): Promise<string | null> => {
  if (!makesTickets(run)) return null;
  const contactId = await contactOf(run);
  run.story.step(contactId ? `contact ${contactId}` : 'no contact');
  return contactId ?? null;
};

const contactOf = async (run: HandOffRun): Promise<string | null | undefined> => {
  const { contactId, refused = {} } = run.opened;
  const missing = 'there is no contact';
  if (contactId !== undefined) return contactId;
  if (refused.contact !== undefined) return goOnWithout(run, missing, { reason: refused.contact, final: true });
  return await attempt(run, missing, ({ crmCalls }) =>
    crmCalls.findOrCreateContact('the contact who asks', run.thread),
  );
};

/** The thread's ticket; made, or opened again, where it has no open one. */
export const findTicket = async (run: HandOffRun, contactId: string | null): Promise<FoundTicket | null> => {
  if (!makesTickets(run)) return null;
  const ticket = await ticketOf(run, contactId);
  if (!ticket) return null;
  run.ticketNote = { url: ticket.url };
  run.story.onTicket(ticket.ticketId);
  const was = ticket.reopened ? 'was closed, and is open again' : 'was there';
  run.story.step(`its ticket ${ticket.known ? was : 'is new'}`);
  return ticket;
};

const ticketOf = async (run: HandOffRun, contactId: string | null): Promise<FoundTicket | undefined> => {
  const { ticket, refused = {}, ticketMayShowAt } = run.opened;
  const missing = 'there is no ticket';
  const note = (reason: string): void => {
    run.ticketNote = { missing: reason };
  };
  if (ticket) return ticket;
  if (refused.ticket !== undefined) return goOnWithout(run, missing, { reason: refused.ticket, final: true }, note);
  if (ticketMayShowAt !== undefined)
    await sleep(Math.max(ticketMayShowAt - Date.now(), 1), { summary: 'a lost ticket may still show' });
  const { joins } = run.asked;
  const { pipeline, stage, keyProperty, closedTicket = 'new' } = run.settings.handoff;
  const asked = {
    ...run.thread,
    contactId,
    why: run.why(),
    settings: { pipeline, stage, keyProperty, closedTicket },
    owner: ownerToBe(run),
    ...(joins === undefined ? {} : { joins }),
    ...(ticketMayShowAt === undefined ? {} : { mayBeLost: true }),
  };
  return await attempt(
    run,
    missing,
    ({ crmCalls }) => crmCalls.findOrCreateTicket('the ticket of this thread', asked),
    note,
  );
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
  const values =
    run.opened.values ??
    (await attempt(run, 'the session did not get the ticket', ({ sessionCalls }) =>
      sessionCalls.rememberHandoff('the session’s ticket', {
        ...run.thread,
        contactId,
        ticketId,
        names: Object.keys(mapping),
      }),
    ));
  const untied =
    run.opened.untied ??
    (ticket.associated
      ? []
      : await attempt(run, 'the ticket’s associations are missing', ({ crmCalls }) =>
          crmCalls.associateTicket('with thread and contact', { ...run.thread, ticketId, contactId }),
        ));
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

const makesTickets = (run: HandOffRun): boolean => !run.circumstances.onlyComments && run.settings.handoff.tickets;

const ownerToBe = (run: HandOffRun): ActorId | null =>
  ticketOwner({ assignedTo: run.owner }, run.settings, { why: run.asked, ...run.asked }, run.channelId);
