import { log } from '@temporalio/activity';
import type { Readable, ReadableFields, ReplyRequest } from '../ai/backend.ts';
import { unlessAborted } from '../deadline.ts';
import type { HubSpotClient } from '../hubspot/client.ts';
import type { PortalId } from '../hubspot/ids.ts';

/** A portal as its AI may look into it. */
export interface ReadablePortal {
  client: Pick<HubSpotClient, 'contactProperties' | 'ticketProperties'>;
  /** Internal names of the properties that may leave HubSpot for the AI. */
  aiFields: { contact: readonly string[]; ticket: readonly string[] };
}

/** A customer waits, and an answer without the record is better than none. */
const RECORD_MS = 5_000;

/** What one answer may look at. */
export type AiReading = (request: ReplyRequest) => Readable;

/**
 * What an AI may look at in its portal. The ids are the thread's own; only properties of the settings' lists are ever asked
 * for. These calls go past the rate limit of HubSpot's task queue: they are few, and a refused one only says "not now".
 */
export const createAiReading = (portal: (portalId: PortalId) => ReadablePortal): AiReading => {
  const fields = (
    what: string,
    names: readonly string[],
    call: () => Promise<Record<string, string> | null>,
  ): ReadableFields => ({
    names,
    async read(signal) {
      try {
        return (await unlessAborted(call(), AbortSignal.any([signal, AbortSignal.timeout(RECORD_MS)]))) ?? {};
      } catch (error) {
        signal.throwIfAborted();
        log.warn(`The AI goes without the ${what}'s properties`, { reason: (error as Error).message });
        return null;
      }
    },
  });
  return ({ portalId, contactId, ticketId }) => {
    const { client, aiFields } = portal(portalId);
    const { contact, ticket } = aiFields;
    return {
      ...(contact.length === 0
        ? {}
        : {
            customer: fields('contact', contact, async () =>
              contactId === null ? null : await client.contactProperties(contactId, contact),
            ),
          }),
      ...(ticket.length === 0
        ? {}
        : {
            ticket: fields('ticket', ticket, async () =>
              ticketId === null ? null : await client.ticketProperties(ticketId, ticket),
            ),
          }),
    };
  };
};
