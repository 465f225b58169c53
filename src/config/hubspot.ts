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
    description: 'The number of your HubSpot account.',
  }),
  HUBSPOT_ACCESS_TOKEN: z.string().optional().meta({
    takes: 'text',
    without: 'required',
    description: 'The access token of your HubSpot app. It begins with `pat-`.',
  }),
  HUBSPOT_CLIENT_SECRET: z
    .string()
    .optional()
    .meta({
      takes: 'text, comma-separated',
      without: 'required',
      description:
        'The client secret of your HubSpot app. HubSpot signs its webhooks with it. Give two, the new one ' +
        'first, while you replace it. With `PORTALS_FILE` it is for all portals that have no secret of ' +
        'their own.',
    }),
  HUBSPOT_AI_ACTOR_ID: z
    .string()
    .optional()
    .meta({
      takes: '`A-` and digits',
      without: 'required',
      description:
        "The HubSpot user in whose name the AI writes: `A-` and the user's id. See [getting " +
        'started](getting-started.md).',
    }),
  WEBHOOK_PUBLIC_URL: required(
    'the URL that HubSpot calls, as configured there, such as https://example.com/webhooks/hubspot',
  )
    .pipe(httpUrl)
    .meta({
      takes: 'URL',
      without: 'required',
      description:
        'The URL that HubSpot calls. It must be exactly the URL that you gave HubSpot, because HubSpot ' +
        'signs it. Use one without a query.',
    }),
  HUBSPOT_API_URL: baseUrl
    .prefault('https://api.hubapi.com')
    .describe("The address of HubSpot's API. Change it only for tests with a simulated HubSpot."),
  HUBSPOT_API_VERSION: z
    .enum(API_VERSIONS, { error: `must be ${API_VERSIONS.join(' or ')}` })
    .default('v3')
    .describe(
      "The version of HubSpot's API that Threadkeeper calls. Threadkeeper works the same with both. HubSpot " +
        'supports `v3` until September 2027: change it before then.',
    ),
  HUBSPOT_ALLOW_SIGNATURE_V1: flag(false).describe(
    "Also accept HubSpot's old signatures: v1 of webhooks, v2 of [workflow actions](hubspot-app.md). " +
      'They contain no time, so somebody who recorded a call can send it again at any time. That starts no ' +
      'second run as long as Temporal keeps the first one. Set `true` only if HubSpot sends no v3 signature.',
  ),
};
