import ipaddr from 'ipaddr.js';

/** What the internet's registries give out of IPv6; the rest is reserved, if not special. */
const GIVEN_OUT = ipaddr.parseCIDR('2000::/3');
/** In Azure the platform's own, on every machine, though it looks like any other address. */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * Says whether an IP address is one of the internet's: not private, loopback, link-local (where clouds keep their
 * credentials), shared, reserved, multicast, nor an IPv6 form that carries an IPv4 address to be sent on to (mapped
 * ones are looked into). Anything that is no address is not public. (IANA's special-purpose registries, as ipaddr.js
 * has them.)
 */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === AZURE_PLATFORM) return false;
  return parsed.kind() === 'ipv4' || parsed.match(GIVEN_OUT);
};
