import { getDomain } from 'tldts';
import { isFreeMail } from './free-mail.ts';
import { isHubSpots } from './mail-route.ts';

/** Whom HubSpot knows for people of the portal's business, by their mail addresses, in lower case. */
export interface OwnPeople {
  /** The domains of the portal's mailboxes, those below them included, but for where anybody can have an address. */
  domains: readonly string[];
  /** The addresses of the portal's users. */
  users: readonly string[];
}

/**
 * A business's whole domain, also where its mailbox is below it: who answers for `help.example.com` is at
 * `example.com`.
 */
const wholeDomain = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;

/** The domains that the owner of these mailboxes has alone. */
export const ownDomains = (mailboxes: Iterable<string>): string[] => {
  const domains = [...mailboxes]
    .filter((address) => !isHubSpots(address))
    .map((address) => wholeDomain(address.slice(address.lastIndexOf('@') + 1)));
  return [...new Set(domains)].filter((domain) => domain.includes('.') && !isFreeMail(domain));
};
