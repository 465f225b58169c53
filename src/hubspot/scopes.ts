import type { operations } from './openapi.ts';

/**
 * The scope that each call of HubSpot's API needs; `null` for one that any installed app may make. (HubSpot's OpenAPI
 * files, `security` of each operation; `tickets` is what the granular ticket scopes are in an app of one's own.)
 */
export const SCOPE_OF = {
  getAccountDetails: null,
  listThreads: 'conversations.read',
  getThread: 'conversations.read',
  updateThread: 'conversations.write',
  assignThread: 'conversations.write',
  unassignThread: 'conversations.write',
  listMessages: 'conversations.read',
  postMessage: 'conversations.write',
  getMessage: 'conversations.read',
  getOriginalContent: 'conversations.read',
  getActor: 'conversations.read',
  listChannels: 'conversations.read',
  listChannelAccounts: 'conversations.read',
  getChannelAccount: 'conversations.read',
  getContact: 'crm.objects.contacts.read',
  createContact: 'crm.objects.contacts.write',
  searchContacts: 'crm.objects.contacts.read',
  getTicket: 'tickets',
  createTicket: 'tickets',
  searchTickets: 'tickets',
  upsertTickets: 'tickets',
  getOwner: 'crm.objects.owners.read',
  listPipelines: 'tickets',
  associate: 'tickets',
  listAssociations: 'tickets',
  updateTicket: 'tickets',
} as const satisfies Record<keyof operations, string | null>;

/**
 * The app asks a portal for these: what the calls need, and what its webhooks do beside. The same as in `hubspot-app`.
 */
export const SCOPES: readonly string[] = [
  'oauth',
  ...new Set(Object.values(SCOPE_OF).filter((scope) => scope !== null)),
];
