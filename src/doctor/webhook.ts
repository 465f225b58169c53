import { WEBHOOK_PATH } from '../api/app.ts';
import { type Check, type CheckResult, ok, problem, warning } from './finding.ts';

/** A URL as it may be shown: without what could be a secret in it. */
export const shown = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

const judgeAddress = (url: string): CheckResult => {
  const { search, hash, pathname, protocol } = new URL(url);
  const place = shown(url);
  const asAtHubSpot = "Set WEBHOOK_PUBLIC_URL, and the app's target URL at HubSpot, both to";
  const inFront = '(or with a path in front that your proxy takes away)';
  const proper = `${asAtHubSpot} ${new URL(url).origin}${WEBHOOK_PATH} ${inFront}.`;
  if (search || hash || url.endsWith('?') || url.endsWith('#')) {
    return problem(
      `${place} is set with a query or a fragment: how HubSpot signs these is not certain.`,
      `${asAtHubSpot} ${place}.`,
    );
  }
  if (pathname.endsWith('/')) return problem(`${place} ends in a slash: nothing is there.`, proper);
  if (!pathname.endsWith(WEBHOOK_PATH)) return problem(`${place} doesn't end in ${WEBHOOK_PATH}.`, proper);
  if (protocol !== 'https:') {
    return warning(
      `${place} is not https: HubSpot calls no other, and customers' words would be readable on the way.`,
      `${asAtHubSpot} an https:// URL: by a reverse proxy with a certificate, or a tunnel.`,
    );
  }
  return ok(`${place} is as HubSpot wants it.`);
};

/** Says whether `WEBHOOK_PUBLIC_URL` is one that HubSpot can call and sign. Calls nobody. */
export const addressCheck = (webhookPublicUrl: string): Check => ({
  name: 'webhook address',
  run: () => judgeAddress(webhookPublicUrl),
  whenSilent: 'Check WEBHOOK_PUBLIC_URL.',
});

/** Says whether only signatures that can't be replayed count. Calls nobody. */
export const signatureCheck = (allowSignatureV1: boolean): Check => ({
  name: 'webhook signature',
  run: () =>
    allowSignatureV1
      ? warning(
          'Signature v1 is allowed: it holds no time, so somebody who captured a call can send it again. ' +
            'The same event still runs only once.',
          'Set HUBSPOT_ALLOW_SIGNATURE_V1=false, unless your app gets no X-HubSpot-Signature-v3.',
        )
      : ok('Only signature v3 counts.'),
  whenSilent: 'Check HUBSPOT_ALLOW_SIGNATURE_V1.',
});
