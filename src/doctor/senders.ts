import type { HubSpotClient } from '../hubspot/client.ts';
import { isFreeMail } from '../hubspot/free-mail.ts';
import { SCOPE_OF } from '../hubspot/scopes.ts';
import { isListed } from '../rules/mail/message-reading.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { type Check, ok, warning } from './finding.ts';

type SenderSettings = Pick<
  PortalSettings,
  'portalId' | 'colleagueDomains' | 'colleaguesByDomain' | 'answerSenders' | 'ignoreSenders'
>;

/** Which of two settings counts where both name a sender. */
const STRONGER = [
  ['IGNORE_SENDERS', 'ANSWER_SENDERS'],
  ['IGNORE_SENDERS', 'COLLEAGUE_DOMAINS'],
  ['ANSWER_SENDERS', 'COLLEAGUE_DOMAINS'],
] as const;

const isDomain = (entry: string): boolean => !entry.includes('@');

/** Whether two entries are about one sender: the same ones, or one within the other. */
const overlap = (one: string, other: string): boolean => {
  const within = (inner: string, outer: string): boolean =>
    inner === outer || (isDomain(outer) && isListed(isDomain(inner) ? `x@${inner}` : inner, [outer]));
  return within(one, other) || within(other, one);
};

/** What the settings of a portal's senders can't mean, a line each. `mailboxes`: the portal's own addresses. */
export const senderProblems = (
  { colleagueDomains = [], answerSenders = [], ignoreSenders = [] }: SenderSettings,
  mailboxes: Iterable<string>,
): string[] => {
  const lists = { COLLEAGUE_DOMAINS: colleagueDomains, ANSWER_SENDERS: answerSenders, IGNORE_SENDERS: ignoreSenders };
  const anybodys = (['COLLEAGUE_DOMAINS', 'IGNORE_SENDERS'] as const).flatMap((name) =>
    lists[name]
      .filter((entry) => isDomain(entry) && isFreeMail(entry))
      .map((entry) => `${name} has ${entry}, where anybody can have an address: none of them gets an answer`),
  );
  const own = [...mailboxes];
  const ours = answerSenders
    .filter((entry) => own.includes(entry))
    .map((entry) => `ANSWER_SENDERS has ${entry}, the portal's own mailbox: what comes from there is never answered`);
  const twice = STRONGER.flatMap(([stronger, weaker]) =>
    lists[stronger].flatMap((one) =>
      lists[weaker]
        // An address may be an exception from a domain.
        .filter((other) => overlap(one, other) && !(isDomain(other) && !isDomain(one)))
        .map((other) => `${weaker} has ${other}, and ${stronger} ${one}: ${stronger} counts`),
    ),
  );
  return [...anybodys, ...ours, ...twice];
};

/** Checks whom a portal takes for its own people, and whether its lists of senders contradict each other. */
export const sendersCheck = (
  settings: SenderSettings,
  client: Pick<HubSpotClient, 'ownAddresses' | 'ownPeople'>,
): Check => ({
  name: `portal ${settings.portalId}: senders`,
  async run() {
    const problems = senderProblems(settings, await client.ownAddresses());
    if (problems.length > 0) return warning(`${problems.join('. ')}.`, 'See docs/email.md.');
    const { domains, users } = await client.ownPeople();
    if (users.length === 0)
      return warning(
        "HubSpot lists no users: what one of them mails from an address elsewhere is taken for a customer's.",
        `Add to the app's scopes: ${SCOPE_OF.listOwners}. Or name their addresses in COLLEAGUE_DOMAINS.`,
      );
    const byDomain = settings.colleaguesByDomain === false ? [] : domains;
    const where = byDomain.length === 0 ? '' : `, and who mails from ${byDomain.join(', ')}`;
    return ok(`Colleagues are the portal's ${users.length} user(s)${where}.`);
  },
  whenSilent: 'Check HUBSPOT_API_URL and the network on the way out.',
});
