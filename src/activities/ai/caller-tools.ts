import type { ReplyRequest } from '../../ai/backend.ts';
import { NO_SUCH_TOOL } from '../../ai/steps.ts';
import type { Toolbox, ToolCall, ToolCaller, ToolOffer, ToolOutcome } from '../../ai/tools/tool.ts';
import { HubSpotRefused, HubSpotUnauthorized } from '../../hubspot/errors.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import type { ReadablePortal } from './ai-reading.ts';

/** A request says of who asks. */
export type Asker = Pick<ReplyRequest, 'portalId' | 'threadId' | 'channel' | 'contact' | 'contactId' | 'ticketId'>;

/** The tools of the business for one customer. */
export interface CallerTools {
  offers: readonly ToolOffer[];
  /** See {@link Toolbox.preview}. */
  preview(call: ToolCall): string | null;
  /** See {@link Toolbox.call}. */
  call(call: ToolCall, options: { idempotencyKey: string; signal: AbortSignal }): Promise<ToolOutcome>;
}

/** None. */
export const WITHOUT_TOOLS: CallerTools = { offers: [], preview: () => null, call: async () => NO_SUCH_TOOL };

/** Gives the tools that a customer may be helped with. @throws what HubSpot's client throws where it is away */
export type ToolsOf = (who: Asker) => Promise<CallerTools>;

/** A portal without tools. */
export const NO_TOOLS: Toolbox = { offered: () => [], preview: WITHOUT_TOOLS.preview, call: async () => NO_SUCH_TOOL };

/** The mail address of a contact's record; `null`: it has none, there is no such record, or we may not read it. */
const addressOnRecord = async (client: ReadablePortal['client'], contactId: string): Promise<string | null> => {
  try {
    return (await client.contactProperties(contactId, ['email']))?.email ?? null;
  } catch (error) {
    if (error instanceof HubSpotRefused || error instanceof HubSpotUnauthorized) return null;
    throw error;
  }
};

/**
 * Gives each customer's tools. Who the customer is, HubSpot says, never the model: the thread's contact by its record.
 * A mail names a sender that anyone can write there, so nobody is verified by mail; where HubSpot names no contact, the
 * address is the sender's own claim.
 */
export const createToolsOf =
  (
    portal: (portalId: PortalId) => Pick<ReadablePortal, 'client'>,
    toolboxOf: (portalId: PortalId) => Toolbox = () => NO_TOOLS,
  ): ToolsOf =>
  async ({ portalId, threadId, channel, contact, contactId, ticketId }) => {
    const toolbox = toolboxOf(portalId);
    const claimed = { id: contactId, ...contact };
    const mayBeVerified = contactId !== null && channel !== 'email';
    const callerAs = (known: ToolCaller['contact']): ToolCaller => ({
      ...{ portalId, threadId, channel, ticketId },
      contact: known,
    });
    // What nobody would be offered needs no look at the record.
    const atBest = callerAs({ ...claimed, verified: mayBeVerified });
    const record =
      mayBeVerified && toolbox.offered(atBest).length > 0
        ? await addressOnRecord(portal(portalId).client, contactId)
        : null;
    const caller = callerAs(
      record === null ? { ...claimed, verified: false } : { ...claimed, email: record, verified: true },
    );
    return {
      offers: toolbox.offered(caller),
      preview: (call) => toolbox.preview(call, caller),
      call: (call, options) => toolbox.call(call, caller, options),
    };
  };
