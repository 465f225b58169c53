import type { HubSpotClient } from '../hubspot/client.ts';
import type { ChannelAccount } from '../hubspot/conversation.ts';
import { HubSpotNotFound, HubSpotRateLimited, HubSpotRefused, HubSpotUnauthorized } from '../hubspot/errors.ts';
import { portalIdSchema } from '../hubspot/id-schemas.ts';
import type { TicketId } from '../hubspot/ids.ts';
import { SCOPE_OF } from '../hubspot/scopes.ts';
import { type EscalationRules, propertiesOf } from '../rules/escalation/escalation-rules.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { type CheckResult, examine, type Finding, notChecked, ok, problem, warning } from './finding.ts';

/** The settings of a portal have these names where they stand. */
export interface PortalSettingNames {
  portalId: string;
  accessToken: string;
  aiActorId: string;
}

export const IN_ENVIRONMENT: PortalSettingNames = {
  portalId: 'HUBSPOT_PORTAL_ID',
  accessToken: 'HUBSPOT_ACCESS_TOKEN',
  aiActorId: 'HUBSPOT_AI_ACTOR_ID',
};
export const IN_PORTALS_FILE: PortalSettingNames = {
  portalId: 'portalId in PORTALS_FILE',
  accessToken: 'accessToken in PORTALS_FILE',
  aiActorId: 'aiActorId in PORTALS_FILE',
};

export interface PortalUnderExamination {
  settings: Pick<PortalSettings, 'portalId' | 'aiActorId'>;
  client: Pick<
    HubSpotClient,
    'account' | 'actor' | 'tryReading' | 'tryWriting' | 'channelAccounts' | 'contactProperties' | 'ticketProperties'
  >;
  /** The AI may read these. */
  aiFields: { contact: readonly string[]; ticket: readonly string[] };
  /** By what its messages are held back; absent: by nothing. */
  escalation?: EscalationRules | undefined;
  names: PortalSettingNames;
  deadlineMs: number;
}

const explain = (error: unknown, unauthorized: (error: HubSpotUnauthorized) => string): CheckResult => {
  if (!(error instanceof Error)) throw error;
  const message = `${error.message}.`;
  if (error instanceof HubSpotUnauthorized) return problem(message, unauthorized(error));
  if (error instanceof HubSpotRateLimited) {
    return warning(message, "Another app or person spends this portal's limit: run doctor again in a while.");
  }
  if (error instanceof HubSpotNotFound || error instanceof HubSpotRefused) {
    return problem(message, 'Check HUBSPOT_API_URL: unset, it is HubSpot itself.');
  }
  return problem(message, 'Check HUBSPOT_API_URL, the network and the proxy on the way out, and status.hubspot.com.');
};

const checkToken = async ({ settings, client, names }: PortalUnderExamination): Promise<CheckResult> => {
  const revoked =
    `Copy the app's access token anew into ${names.accessToken}: it is wrong, was rotated, or the app was ` +
    'uninstalled.';
  try {
    const account = portalIdSchema.safeParse((await client.account()).portalId);
    if (!account.success) {
      return problem("The answer is not HubSpot's.", 'Check HUBSPOT_API_URL: unset, it is HubSpot itself.');
    }
    if (account.data === settings.portalId) return ok(`The token is valid and belongs to portal ${settings.portalId}.`);
    return problem(
      `The token belongs to portal ${account.data}, not ${settings.portalId}.`,
      `Set ${names.portalId} to ${account.data}, or ${names.accessToken} to the token of the app installed in ` +
        `${settings.portalId}.`,
    );
  } catch (error) {
    return explain(error, () => revoked);
  }
};

const checkActor = async ({ settings, client, names }: PortalUnderExamination): Promise<CheckResult> => {
  const { aiActorId } = settings;
  const howTo =
    `Set ${names.aiActorId} to A- and the user id of the AI's user: HubSpot's settings, Users & Teams, the ` +
    "number in the user's URL.";
  try {
    const { type } = await client.actor(aiActorId);
    if (type === 'AGENT') return ok(`${aiActorId} is a user of this portal.`);
    return problem(`${aiActorId} is of type ${type}, and HubSpot lets only a user (AGENT) send.`, howTo);
  } catch (error) {
    if (error instanceof HubSpotNotFound) return problem(`This portal has no user ${aiActorId}.`, howTo);
    return explain(error, grant(SCOPE_OF.getActor));
  }
};

const grant =
  (usual: string) =>
  ({ requiredScopes }: HubSpotUnauthorized): string => {
    const scopes = requiredScopes.length > 0 ? requiredScopes.join(', ') : usual;
    return `Add to the app's scopes: ${scopes}. Then install it anew, and copy its access token if that changed.`;
  };

const attempt = async (work: () => Promise<void>, done: string, scope: string): Promise<CheckResult> => {
  try {
    await work();
    return ok(done);
  } catch (error) {
    return explain(error, grant(scope));
  }
};

const stateInWords = ({ active, authorized }: ChannelAccount): string =>
  [...(active ? [] : ['not active']), ...(authorized ? [] : ['not authorized'])].join(', ');

/**
 * Where HubSpot can't send, a reply ends as a note that somebody has to act: better known before. Some are off on
 * purpose.
 */
const checkChannels = async ({ client }: PortalUnderExamination): Promise<CheckResult> => {
  try {
    const accounts = await client.channelAccounts();
    const dead = accounts.filter(({ active, authorized }) => !active || !authorized);
    if (dead.length === 0) return ok(`All ${accounts.length} channel accounts are active and authorized.`);
    const named = dead.map((account) => `${account.name} (${account.id}: ${stateInWords(account)})`);
    return warning(
      `HubSpot can't send by ${named.join(', ')}.`,
      "Connect it again in HubSpot's settings, Inboxes, Channels, or remove it there if nobody uses it.",
    );
  } catch (error) {
    return explain(error, grant(SCOPE_OF.listChannelAccounts));
  }
};

/**
 * Says whether the AI can read what it may. Of a record that there isn't, HubSpot says so only to those who may read.
 */
const tryFields = ({ client, aiFields: { contact, ticket } }: PortalUnderExamination) => ({
  contact: () =>
    attempt(
      async () => void (await client.contactProperties('0', contact)),
      `The AI may read of contacts: ${contact.join(', ')}.`,
      SCOPE_OF.getContact,
    ),
  ticket: () =>
    attempt(
      async () => void (await client.ticketProperties('0' as TicketId, ticket)),
      `The AI may read of tickets: ${ticket.join(', ')}.`,
      SCOPE_OF.getTicket,
    ),
});

const checkRules = async ({ client }: PortalUnderExamination, rules: EscalationRules): Promise<CheckResult> => {
  const contact = propertiesOf(rules, 'contact');
  const ticket = propertiesOf(rules, 'ticket');
  let scope: string = SCOPE_OF.getContact;
  try {
    if (contact.length > 0) await client.contactProperties('0', contact);
    scope = SCOPE_OF.getTicket;
    if (ticket.length > 0) await client.ticketProperties('0' as TicketId, ticket);
  } catch (error) {
    return explain(error, grant(scope));
  }
  const fields = [...contact, ...ticket];
  const count = rules.rules.length;
  return ok(
    `${count} escalation ${count === 1 ? 'rule' : 'rules'}${fields.length === 0 ? '' : `, which may read ${fields.join(', ')}`}.`,
  );
};

/**
 * Checks a portal's token, its AI user, its rights to read and write conversations, and its channels. Changes nothing.
 */
export const checkPortal = async (portal: PortalUnderExamination): Promise<Finding[]> => {
  const { settings, client, aiFields, escalation, deadlineMs } = portal;
  const fields = tryFields(portal);
  const name = (what: string): string => `portal ${settings.portalId}: ${what}`;
  const check = (what: string, run: () => Promise<CheckResult>) =>
    examine({ name: name(what), run, whenSilent: 'Check HUBSPOT_API_URL and the network on the way out.' }, deadlineMs);

  const token = await check('token', () => checkToken(portal));
  if (token.level !== 'ok') {
    return [token, ...notChecked(['AI user', 'reading', 'writing', 'channels'].map(name), 'the token comes first')];
  }
  return [
    token,
    ...(await Promise.all([
      check('AI user', () => checkActor(portal)),
      check('reading', () => attempt(client.tryReading, 'Conversations can be read.', SCOPE_OF.listThreads)),
      check('writing', () => attempt(client.tryWriting, 'Conversations may be written to.', SCOPE_OF.updateThread)),
      check('channels', () => checkChannels(portal)),
      ...(aiFields.contact.length > 0 ? [check('contact fields', fields.contact)] : []),
      ...(aiFields.ticket.length > 0 ? [check('ticket fields', fields.ticket)] : []),
      ...(escalation ? [check('escalation rules', () => checkRules(portal, escalation))] : []),
    ])),
  ];
};
