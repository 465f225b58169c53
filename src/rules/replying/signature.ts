/**
 * The signature for mails from an address (`null`: HubSpot doesn't say which), or `null` for none. Keys are domains:
 * the whole one beats `*.example.com`, which is for its subdomains, the longer of two such beats the shorter, and `*`
 * is for the rest.
 */
export const signatureFor = (address: string | null, signatures: Readonly<Record<string, string>>): string | null => {
  const domain = address?.slice(address.lastIndexOf('@') + 1).toLowerCase() ?? '';
  const labels = domain.split('.');
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  const key = [domain, ...wildcards, '*'].find((candidate) => Object.hasOwn(signatures, candidate));
  return key === undefined ? null : (signatures[key] ?? null);
};
