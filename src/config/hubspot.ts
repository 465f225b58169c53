import { z } from 'zod';
import { API_VERSIONS } from '../hubspot/api-version.ts';
import { baseUrl, flag, httpUrl, required } from './primitives.ts';

/**
 * The environment says this of HubSpot and of the one portal that stands there. Who that is, `readSinglePortal` checks:
 * beside `PORTALS_FILE` or OAuth none of it is needed.
 */
export const hubspotVariables = {
  HUBSPOT_PORTAL_ID: z.string().optional().meta({
    takes: 'digits',
    without: 'required',
    description: 'The HubSpot account.',
  }),
  HUBSPOT_ACCESS_TOKEN: z.string().optional().meta({
    takes: 'text',
    without: 'required',
    description: "The app's access token (`pat-…`).",
  }),
  HUBSPOT_CLIENT_SECRET: z
    .string()
    .optional()
    .meta({
      takes: 'text, comma-separated',
      without: 'required',
      description:
        "The app's client secret, which signs the webhooks; several while one is rotated. With `PORTALS_FILE`: " +
        'for all portals there without a secret of their own.',
    }),
  HUBSPOT_AI_ACTOR_ID: z.string().optional().meta({
    takes: '`A-` and digits',
    without: 'required',
    description: 'The user that the AI speaks as.',
  }),
  WEBHOOK_PUBLIC_URL: required(
    'the URL that HubSpot calls, as configured there, such as https://example.com/webhooks/hubspot',
  )
    .pipe(httpUrl)
    .meta({
      takes: 'URL',
      without: 'required',
      description:
        'The URL that HubSpot calls, letter by letter as configured there: signature v3 signs it. Best without ' +
        'a query.',
    }),
  HUBSPOT_API_URL: baseUrl.prefault('https://api.hubapi.com').describe("Base of HubSpot's API."),
  HUBSPOT_API_VERSION: z
    .enum(API_VERSIONS, { error: `must be ${API_VERSIONS.join(' or ')}` })
    .default('v3')
    .describe(
      "Which version of HubSpot's API is called: the same calls under other paths. HubSpot supports v3 until " +
        'September 2027.',
    ),
  HUBSPOT_ALLOW_SIGNATURE_V1: flag(false).describe(
    'Accept the old signatures where no v3 header came: v1 of webhooks, v2 of [workflow actions](hubspot-app.md). ' +
      'They sign no time, so a captured call can be replayed; the same event still runs only once.',
  ),
};
