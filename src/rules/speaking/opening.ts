import type { Message } from '../../hubspot/conversation.ts';
import type { PortalSettings } from '../settings.ts';
import { type Autonomy, speaksToCustomers } from './autonomy.ts';
import { type SenderKeys, senderKeys } from './sender-address.ts';

/** How a run opens the session of its thread, which notes that the AI is asked there. */
export interface Opening {
  channelId: string | null;
  /** The run that asks, and when the customer wrote, in ms by HubSpot's clock. Absent: nobody is to know of it. */
  asking?: { workflowId: string; at: number };
  /** What the portal's AI may cost a day, in millionths. */
  budget?: number;
  /** Given for a message that the AI may answer by itself, to an address. */
  sender?: SenderKeys & { messageId: Message['id']; writtenAt: number; mostPerHour: number; alone: boolean };
}

/** `alone`: it waits for no other run of the same mail. */
export const openingFor = (
  message: Message,
  settings: PortalSettings,
  { level, workflowId, alone }: { level: Autonomy; workflowId: string; alone: boolean },
): Opening => {
  const at = Date.parse(message.createdAt);
  const { aiDailyBudgetMillionths: budget, maxRepliesPerHour: mostPerHour } = settings;
  const keys = speaksToCustomers(level) ? senderKeys(message, settings) : null;
  return {
    channelId: message.channelId,
    // Agents who take a thread in a shadowed portal have nothing to stop.
    ...(level === 'shadow' ? {} : { asking: { workflowId, at } }),
    ...(budget === undefined ? {} : { budget }),
    ...(keys === null ? {} : { sender: { ...keys, messageId: message.id, writtenAt: at, mostPerHour, alone } }),
  };
};
