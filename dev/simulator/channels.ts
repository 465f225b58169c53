import type { components } from '../../src/hubspot/openapi.ts';

type ChannelAccount = components['schemas']['ChannelAccount'];

const CHANNELS = {
  chat: { id: '1000', name: 'LIVE_CHAT' },
  messenger: { id: '1001', name: 'FB_MESSENGER' },
  email: { id: '1002', name: 'EMAIL' },
  forms: { id: '1003', name: 'FORMS' },
  whatsapp: { id: '1007', name: 'WHATSAPP' },
  sms: { id: '1009', name: 'SMS' },
  instagram: { id: '1010', name: 'INSTAGRAM' },
  custom: { id: '1205743', name: 'CUSTOM_CHANNEL' },
} as const;

export type ChannelKind = keyof typeof CHANNELS;

export const channelIdOf = (kind: ChannelKind): string => CHANNELS[kind].id;

/** The API can't send on WhatsApp (HubSpot: conversations guide), and forms have nowhere to send to. */
export const REFUSED_CHANNELS: Record<string, string> = {
  [CHANNELS.whatsapp.id]: CHANNELS.whatsapp.name,
  [CHANNELS.forms.id]: CHANNELS.forms.name,
};

export const INBOX_ID = '478120936';

export const SUPPORT_ADDRESS = 'support@example.com';

export const allChannels = (): { id: string; name: string }[] =>
  Object.values(CHANNELS).map(({ id, name }) => ({ id, name }));

const ACCOUNT_IDS: Record<ChannelKind, string> = {
  chat: '211840567',
  messenger: '211840571',
  email: '304951228',
  forms: '304951240',
  whatsapp: '418072913',
  sms: '418072920',
  instagram: '418072944',
  custom: '520183077',
};

export const channelAccountIdOf = (kind: ChannelKind): string => ACCOUNT_IDS[kind];

/** A further mailbox of the same inbox. */
export const mailbox = (id: string, address: string, createdAt: string): ChannelAccount => ({
  id,
  channelId: CHANNELS.email.id,
  inboxId: INBOX_ID,
  name: address,
  active: true,
  authorized: true,
  archived: false,
  createdAt,
  deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: address },
});

/** One account per channel, all in one inbox. */
export const channelAccounts = (createdAt: string): ChannelAccount[] =>
  (Object.keys(CHANNELS) as ChannelKind[]).map((kind) => ({
    id: ACCOUNT_IDS[kind],
    channelId: CHANNELS[kind].id,
    inboxId: INBOX_ID,
    name: kind === 'email' ? 'Support mailbox' : `Support ${kind}`,
    active: true,
    authorized: true,
    archived: false,
    createdAt,
    ...(kind === 'email' && { deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value: SUPPORT_ADDRESS } }),
  }));
