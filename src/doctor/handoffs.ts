import { ticketPlace } from '../activities/ticket-place.ts';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { CrmClient } from '../hubspot/crm.ts';
import { HubSpotNotFound, HubSpotRateLimited, HubSpotUnauthorized } from '../hubspot/errors.ts';
import type { ActorId, PortalId } from '../hubspot/ids.ts';
import { SCOPE_OF } from '../hubspot/scopes.ts';
import { momentInWords, nextOpening } from '../rules/handoff/business-hours.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';
import { type CheckResult, examine, type Finding, ok, warning } from './finding.ts';

export interface HandoffsUnderExamination {
  portalId: PortalId;
  handoff: HandoffSettings;
  /** Absent: UTC. */
  timeZone?: string | undefined;
  /** Ms since the epoch; absent: now. */
  now?: number;
  /** Whom the portal's escalation rules name; absent: nobody. */
  assignedByRules?: readonly ActorId[];
  client: Pick<HubSpotClient, 'actor'>;
  crm: Pick<CrmClient, 'tryReading' | 'tryWriting' | 'ticketPipelines' | 'ticketWith' | 'ownerOf'>;
  deadlineMs: number;
}

/** Whatever is wrong here costs a ticket or an assignment, never the comment: a warning. */
const tolerated = (error: unknown, scope: string): CheckResult => {
  if (!(error instanceof Error)) throw error;
  const message = `${error.message}. Handoffs go on without.`;
  if (error instanceof HubSpotUnauthorized) {
    const scopes = error.requiredScopes.length > 0 ? error.requiredScopes.join(', ') : scope;
    return warning(message, `Add to the app's scopes: ${scopes}. Or set HANDOFF_TICKETS to false.`);
  }
  if (error instanceof HubSpotRateLimited) return warning(message, 'Run doctor again in a while.');
  return warning(message, 'See docs/handoffs.md.');
};

const attempt = async (work: () => Promise<CheckResult>, scope: string): Promise<CheckResult> => {
  try {
    return await work();
  } catch (error) {
    return tolerated(error, scope);
  }
};

const checkContacts = ({ crm }: HandoffsUnderExamination): Promise<CheckResult> =>
  attempt(async () => {
    await crm.tryReading('contacts');
    await crm.tryWriting('contacts');
    return ok('Contacts can be found and made.');
  }, `${SCOPE_OF.getContact}, ${SCOPE_OF.createContact}`);

const checkTickets = ({ crm, handoff }: HandoffsUnderExamination): Promise<CheckResult> =>
  attempt(async () => {
    await crm.tryReading('tickets');
    await crm.tryWriting('tickets');
    const { pipeline, stage } = ticketPlace(await crm.ticketPipelines(), handoff);
    // HubSpot says that no ticket has a value only where the property finds tickets at all.
    if (handoff.keyProperty) await crm.ticketWith(handoff.keyProperty, 'threadkeeper-doctor');
    return ok(`Tickets can be made, in pipeline ${pipeline}, stage ${stage}.`);
  }, SCOPE_OF.createTicket);

/** Says who gets a thread owns its ticket too, where HubSpot has them as an owner. */
const checkOwners = async ({ crm, handoff }: HandoffsUnderExamination): Promise<CheckResult> => {
  const strangers: ActorId[] = [];
  for (const actorId of new Set(handoff.assignTo.map(({ to }) => to)))
    if ((await crm.ownerOf(actorId)) === null) strangers.push(actorId);
  if (strangers.length === 0) return ok('Each agent who gets a thread also owns its ticket.');
  return warning(
    `${strangers.join(', ')} can't own tickets: the tickets of their threads have no owner.`,
    "Look in HubSpot's settings, Users & Teams, whether they are active users with a seat.",
  );
};

const checkAssignees = async (
  { client }: HandoffsUnderExamination,
  named: readonly ActorId[],
): Promise<CheckResult> => {
  const isAgent = async (actorId: ActorId): Promise<boolean> => {
    try {
      return (await client.actor(actorId)).type === 'AGENT';
    } catch (error) {
      if (error instanceof HubSpotNotFound) return false;
      throw error;
    }
  };
  const strangers: ActorId[] = [];
  for (const actorId of new Set(named)) if (!(await isAgent(actorId))) strangers.push(actorId);
  if (strangers.length === 0) return ok(`${[...new Set(named)].join(', ')} may get threads.`);
  return warning(
    `This portal has no user ${strangers.join(', ')}: threads are not assigned to them.`,
    "Set HANDOFF_ASSIGN_TO, HANDOFF_ESCALATE_TO and assignTo of escalation rules to A- and the users' " +
      "ids: HubSpot's settings, Users & Teams.",
  );
};

const checkHours = ({ hours }: HandoffSettings, timeZone: string, now: number): CheckResult => {
  const opening = hours ? nextOpening(now, hours, timeZone) : now;
  if (opening === null)
    return warning('Business hours never come within a year: HOLIDAYS take them all.', 'Correct HOLIDAYS.');
  const state =
    opening <= now
      ? 'Business hours, now.'
      : `Business hours begin ${momentInWords(opening, now, timeZone)} (${timeZone}).`;
  return timeZone === 'UTC'
    ? warning(
        `${state} They go by the clocks of UTC.`,
        'Set TIME_ZONE to where the business is, such as Europe/Berlin.',
      )
    : ok(state);
};

/**
 * Checks what handoffs need of a portal whose token is good: its scopes, pipeline, key property and agents. Changes
 * nothing.
 */
export const checkHandoffs = async (portal: HandoffsUnderExamination): Promise<Finding[]> => {
  const { portalId, handoff, assignedByRules = [], deadlineMs, timeZone = 'UTC', now = Date.now() } = portal;
  const check = (what: string, run: () => Promise<CheckResult>) =>
    examine(
      { name: `portal ${portalId}: ${what}`, run, whenSilent: 'Check HUBSPOT_API_URL and the network on the way out.' },
      deadlineMs,
    );
  const named = [
    ...handoff.assignTo.map(({ to }) => to),
    ...(handoff.escalateTo === null ? [] : [handoff.escalateTo]),
    ...assignedByRules,
  ];
  return Promise.all([
    ...(handoff.tickets
      ? [check('contacts', () => checkContacts(portal)), check('tickets', () => checkTickets(portal))]
      : []),
    ...(handoff.tickets && handoff.assignTo.length > 0
      ? [check('ticket owners', () => attempt(() => checkOwners(portal), SCOPE_OF.getOwner))]
      : []),
    ...(handoff.hours ? [check('business hours', async () => checkHours(handoff, timeZone, now))] : []),
    ...(named.length > 0
      ? [check('assignment', () => attempt(() => checkAssignees(portal, named), SCOPE_OF.getActor))]
      : []),
  ]);
};
