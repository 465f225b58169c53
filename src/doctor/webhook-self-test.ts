import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { WEBHOOK_PATH } from '../api/app.ts';
import { signedUri } from '../hubspot/signature.ts';
import { type Check, type CheckResult, ok, problem } from './finding.ts';
import { shown } from './webhook.ts';

/** A delivery without events: starts nothing, and still has to be signed. */
const EMPTY_DELIVERY = '[]';

/** Only Threadkeeper answers like this (design: `{"accepted":n,…}`, and `{"error":code}`). */
const acknowledgedSchema = z.object({ accepted: z.number(), duplicate: z.number(), ignored: z.number() });
const refusedSchema = z.object({ error: z.string() });

/** The signature v3 of a POST as HubSpot makes it (HubSpot: request-validation guide). */
const signed = (secret: string, publicUrl: string, timestamp: string): Record<string, string> => ({
  'x-hubspot-signature-v3': createHmac('sha256', secret)
    .update(`POST${signedUri(publicUrl)}${EMPTY_DELIVERY}${timestamp}`)
    .digest('base64'),
  'x-hubspot-request-timestamp': timestamp,
});

const START = 'Start Threadkeeper (npm start, or npm run api)';

const REFUSAL_REMEDIES: Record<string, string> = {
  'signature-mismatch':
    'HUBSPOT_CLIENT_SECRET or WEBHOOK_PUBLIC_URL differs between here and the process that answers there: give ' +
    "both the same, HubSpot's, and start that process anew.",
  'signature-stale': 'The clocks here and there are more than 5 minutes apart: set both by NTP.',
  'signature-future': 'The clocks here and there are more than 5 minutes apart: set both by NTP.',
  'signature-missing': 'Something on the way takes the X-HubSpot-… headers off: let the proxy pass them on.',
  'signature-malformed':
    'Something on the way changes the X-HubSpot-… headers: let the proxy pass them on as they are.',
  'not-found':
    `Threadkeeper answers, but not at this path: let the proxy hand the call on as ${WEBHOOK_PATH}, without a ` +
    'slash at the end.',
};

const remedyOf = (status: number, refusal: string | undefined): string => {
  const known = refusal === undefined ? undefined : REFUSAL_REMEDIES[refusal];
  if (known !== undefined) return known;
  if (status === 401 || status === 403) {
    return (
      'Something in front of Threadkeeper (a login, a firewall) keeps callers out: let it pass POSTs to this ' + 'path.'
    );
  }
  if (status === 404 || status === 405) {
    return (
      "Not Threadkeeper answers there: correct the path in WEBHOOK_PUBLIC_URL, or hand it on to Threadkeeper's " +
      `${WEBHOOK_PATH}.`
    );
  }
  if (status >= 300 && status < 400) {
    return "HubSpot follows no redirect: set WEBHOOK_PUBLIC_URL, and the app's target URL, to where it leads.";
  }
  if (refusal === undefined && status >= 500) {
    return `The proxy or tunnel there reaches no Threadkeeper. ${START}, and check which port it forwards to.`;
  }
  return "See Threadkeeper's log there.";
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const judgeAnswer = (status: number, body: unknown, place: string): CheckResult => {
  if (status === 200) {
    if (acknowledgedSchema.safeParse(body).success) return ok(`${place} takes a signed delivery.`);
    return problem(
      `${place} answers 200, but it is not Threadkeeper that does.`,
      'Correct WEBHOOK_PUBLIC_URL, or what the proxy or tunnel forwards to: HubSpot would take such an answer ' +
        "for Threadkeeper's, and its events would be lost.",
    );
  }
  const refusal = refusedSchema.safeParse(body).data?.error;
  return problem(
    `${place} answers ${status}${refusal === undefined ? '' : ` (${refusal})`} to a signed delivery.`,
    remedyOf(status, refusal),
  );
};

// Codes of Node's TLS, such as CERT_HAS_EXPIRED and ERR_SSL_WRONG_VERSION_NUMBER.
const NO_TLS = /CERT|SSL|TLS|SELF_SIGNED|VERIFY/;

const judgeFailure = (error: unknown, place: string, timeoutMs: number): CheckResult => {
  if ((error as Error).name === 'TimeoutError') {
    return problem(
      `${place} doesn't answer within ${timeoutMs / 1000} s, and HubSpot waits 5 s.`,
      'Check the tunnel, proxy or firewall there.',
    );
  }
  const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? 'network error');
  const message = `${place} can't be reached (${code}).`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return problem(message, 'No such host name: correct WEBHOOK_PUBLIC_URL or the DNS record, or start the tunnel.');
  }
  if (NO_TLS.test(code)) {
    return problem(
      message,
      'Serve https there, with a certificate that is valid for its name: HubSpot takes no other.',
    );
  }
  return problem(message, `${START}, and the tunnel or proxy to it. Check host and port in WEBHOOK_PUBLIC_URL.`);
};

/**
 * Calls `WEBHOOK_PUBLIC_URL` as HubSpot would, from here, with a signed delivery without events, which changes nothing.
 * `which` distinguishes several secrets. `timeoutMs` bounds the call; `clock` gives milliseconds since the epoch.
 */
export const selfTest = (options: {
  publicUrl: string;
  secret: string;
  which: string;
  timeoutMs: number;
  clock: () => number;
}): Check => ({
  name: `webhook self-test${options.which}`,
  async run() {
    const { publicUrl, secret, timeoutMs, clock } = options;
    const place = shown(publicUrl);
    let response: Response;
    let text: string;
    try {
      response = await fetch(publicUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(secret, publicUrl, String(clock())) },
        body: EMPTY_DELIVERY,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (error) {
      return judgeFailure(error, place, timeoutMs);
    }
    return judgeAnswer(response.status, parsed(text), place);
  },
  whenSilent: 'Check the tunnel, proxy or firewall in front of WEBHOOK_PUBLIC_URL.',
});
