import { createHash, createHmac } from 'node:crypto';

/** Which signature headers a delivery carries. HubSpot sends both. */
export type Signing = 'both' | 'v1' | 'v3' | 'none';

const v1 = (secret: string, body: string): Record<string, string> => ({
  'x-hubspot-signature': createHash('sha256')
    .update(secret + body)
    .digest('hex'),
  'x-hubspot-signature-version': 'v1',
});

const v3 = (secret: string, url: string, body: string, timestamp: number): Record<string, string> => ({
  'x-hubspot-signature-v3': createHmac('sha256', secret).update(`POST${url}${body}${timestamp}`).digest('base64'),
  'x-hubspot-request-timestamp': String(timestamp),
});

/**
 * The headers with which HubSpot signs a POST of exactly `body` to `url`, the URL as configured in the app.
 * `timestamp` is in ms. (HubSpot: request-validation guide.)
 */
export const signatureHeaders = (
  signing: Signing,
  { secret, url, body, timestamp }: { secret: string; url: string; body: string; timestamp: number },
): Record<string, string> => ({
  ...((signing === 'both' || signing === 'v1') && v1(secret, body)),
  ...((signing === 'both' || signing === 'v3') && v3(secret, url, body, timestamp)),
});
