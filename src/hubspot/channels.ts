/** HubSpot's own channels, by the id that `GET /conversations/v3/conversations/channels` gives them on every portal. */
const CHANNEL_NAMES: Record<string, string> = {
  1000: 'live chat',
  1001: 'messenger',
  1002: 'email',
  1003: 'forms',
  1004: 'customer portal',
  1007: 'whatsapp',
  1009: 'sms',
  1010: 'instagram',
  1011: 'migration',
};

/** The names of HubSpot's own channels. */
export const HUBSPOT_CHANNELS: readonly string[] = Object.values(CHANNEL_NAMES);

/**
 * Says whether `channelName` gives this name to a channel: one of HubSpot's own, or `channel {id}` for a custom one.
 */
export const isChannelName = (name: string): boolean =>
  HUBSPOT_CHANNELS.includes(name) || /^channel [1-9]\d{0,19}$/.test(name);

/** HubSpot gives its own channels ids from 1000 on; a custom channel's id is far above. */
const FIRST_CUSTOM_CHANNEL = 2000;

/**
 * Channels that `POST …/messages` delivers to. WhatsApp is refused, forms have no mailbox, the others are not known to
 * work.
 */
const SENDABLE_CHANNELS = new Set(['1000', '1001', '1002']);

export const LIVE_CHAT_CHANNEL_ID = '1000';
export const EMAIL_CHANNEL_ID = '1002';

/** A name for people: in the Temporal Web UI, the search attribute, and the AI's request. */
export const channelName = (channelId: string | null): string =>
  channelId === null ? 'unknown' : (CHANNEL_NAMES[channelId] ?? `channel ${channelId}`);

/** The inverse of {@link channelName}; `null`: no channel has this name. */
export const channelIdOf = (name: string): string | null =>
  Object.keys(CHANNEL_NAMES).find((id) => CHANNEL_NAMES[id] === name) ?? /^channel (\d+)$/.exec(name)?.[1] ?? null;

/**
 * Says whether HubSpot's API can send to the customer on this channel. (HubSpot: conversations guide; custom channels
 * take messages too.)
 */
export const canSendTo = (channelId: string | null): boolean =>
  channelId !== null && (SENDABLE_CHANNELS.has(channelId) || Number(channelId) >= FIRST_CUSTOM_CHANNEL);

/** In characters. HubSpot names no limit of its own: nobody reads more in a chat, and a mail may hold a guide. */
const LONGEST_CHAT = 2_000;
const LONGEST_EMAIL = 20_000;

/** Says how long what a customer reads may be on a channel, by its name, in characters. */
export const longestText = (channel: string): number => (channel === 'email' ? LONGEST_EMAIL : LONGEST_CHAT);
