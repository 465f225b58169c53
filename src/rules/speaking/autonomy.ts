import { channelName } from '../../hubspot/channels.ts';

/**
 * The AI may go so far on a channel, the least first. `off`: it is not asked. `shadow`: it is asked, and nothing is
 * posted. `draft`: an internal comment for agents, whoever owns the thread. `approve`: the same, and an agent's word
 * sends it. `auto`: it answers the customer.
 */
export const AUTONOMY_LEVELS = ['off', 'shadow', 'draft', 'approve', 'auto'] as const;
export type Autonomy = (typeof AUTONOMY_LEVELS)[number];

/** The levels of a portal: those of single channels by their names (`channelName`), and what goes for all others. */
export interface PortalAutonomy {
  default: Autonomy;
  channels: Record<string, Autonomy>;
}

/** Says how far the AI may go with what comes on this channel, by HubSpot's channel id. */
export const autonomyOn = ({ autonomy }: { autonomy: PortalAutonomy }, channelId: string | null): Autonomy => {
  const name = channelName(channelId);
  return Object.hasOwn(autonomy.channels, name) ? (autonomy.channels[name] ?? autonomy.default) : autonomy.default;
};

/** Assist Mode answers no customer, so every level that isn't `off` or `shadow` becomes `draft`. */
export const assisted = ({ default: rest, channels }: PortalAutonomy): PortalAutonomy => {
  const lower = (level: Autonomy): Autonomy => (level === 'approve' || level === 'auto' ? 'draft' : level);
  return {
    default: lower(rest),
    channels: Object.fromEntries(Object.entries(channels).map(([name, level]) => [name, lower(level)])),
  };
};

/** Says whether the owner of the thread matters: what only agents see may be written on anybody's. */
export const speaksToCustomers = (level: Autonomy): boolean => level === 'approve' || level === 'auto';
