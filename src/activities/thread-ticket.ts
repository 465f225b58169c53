import type { HubSpotClient } from '../hubspot/client.ts';
import type { CrmClient, TicketPipeline, TicketProperties } from '../hubspot/crm.ts';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnauthorized } from '../hubspot/errors.ts';
import type { ActorId, TicketId } from '../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../hubspot/property-value.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';

/** A ticket of a thread: its id alone doesn't say that it is in a state in which agents see it. */
export interface ThreadTicket {
  id: TicketId;
  isClosed: boolean;
  pipeline: string;
  content: string;
  /** Somebody owns it; where HubSpot doesn't say, somebody does. */
  isOwned: boolean;
}

const isTolerable = (error: unknown): boolean =>
  error instanceof HubSpotNotFound ||
  error instanceof HubSpotRefused ||
  (error instanceof HubSpotUnauthorized && error.status === 403);

/** The ticket as it is now, `null` where there is none. One of which HubSpot says nothing is taken for open. */
export const readTicket = async (
  client: Pick<HubSpotClient, 'ticketProperties'>,
  crm: Pick<CrmClient, 'ticketPipelines'>,
  id: TicketId,
): Promise<ThreadTicket | null> => {
  try {
    return await lookedAt(client, await crm.ticketPipelines(), id);
  } catch (error) {
    if (isTolerable(error)) return { id, isClosed: false, pipeline: '', content: '', isOwned: true };
    throw error;
  }
};

const lookedAt = async (
  client: Pick<HubSpotClient, 'ticketProperties'>,
  pipelines: readonly TicketPipeline[],
  id: TicketId,
): Promise<ThreadTicket | null> => {
  const found = await client.ticketProperties(id, ['hs_pipeline', 'hs_pipeline_stage', 'content', 'hubspot_owner_id']);
  if (found === null) return null;
  const { hs_pipeline: pipeline = '', hs_pipeline_stage: stage = '', content = '', hubspot_owner_id: ownerId } = found;
  // A stage that no pipeline has any more says nothing: then agents see the ticket where they have put it.
  const at = pipelines.find((one) => one.id === pipeline)?.stages.find((one) => one.id === stage);
  return { id, isClosed: at?.closed ?? false, pipeline, content, isOwned: ownerId !== undefined };
};

/**
 * Gives what opens a closed ticket again, in its own pipeline, and says on top of it what the new matter is; `null`
 * where that pipeline has no open stage.
 */
export const reopening = (
  { pipeline, content }: ThreadTicket,
  pipelines: readonly TicketPipeline[],
  { stage }: Pick<HandoffSettings, 'stage'>,
  matter: string,
): TicketProperties | null => {
  const stages = pipelines.find(({ id }) => id === pipeline)?.stages.filter(({ closed }) => !closed) ?? [];
  const open = stages.find(({ id }) => id === stage) ?? stages[0];
  if (!open) return null;
  const before = content === '' ? '' : `\n\nBefore the ticket was closed:\n\n${content}`;
  return { hs_pipeline_stage: open.id, content: `${matter}${before}`.slice(0, LONGEST_PROPERTY_VALUE) };
};

/** The property that makes an agent the ticket's owner; none where they can't own tickets, or HubSpot doesn't say. */
export const ownerProperty = async (
  crm: Pick<CrmClient, 'ownerOf'>,
  owner: ActorId | null | undefined,
): Promise<TicketProperties> => {
  if (!owner) return {};
  try {
    const id = await crm.ownerOf(owner);
    return id === null ? {} : { hubspot_owner_id: id };
  } catch (error) {
    if (isTolerable(error)) return {};
    throw error;
  }
};

/** Writes a ticket with its owner; without, where HubSpot doesn't take that one. */
export const withOwnerIfTaken = async <Result>(
  properties: TicketProperties,
  write: (properties: TicketProperties) => Promise<Result>,
): Promise<Result> => {
  const { hubspot_owner_id: owner, ...others } = properties;
  try {
    return await write(properties);
  } catch (error) {
    const isRefused = error instanceof HubSpotRefused && error.properties.includes('hubspot_owner_id');
    if (owner === undefined || !isRefused) throw error;
    return await write(others);
  }
};

/** Makes an agent the owner of a ticket that stands; what HubSpot doesn't take stays as it is. */
export const setOwner = async (
  crm: Pick<CrmClient, 'updateTicket'>,
  id: TicketId,
  property: TicketProperties,
): Promise<void> => {
  if (Object.keys(property).length === 0) return;
  try {
    await crm.updateTicket(id, property);
  } catch (error) {
    if (!isTolerable(error)) throw error;
  }
};
