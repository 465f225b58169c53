import type { paths } from './openapi.ts';

/**
 * The versions of HubSpot's API that can be spoken. HubSpot supports v3 until September 2027; dated ones follow each
 * other.
 */
export const API_VERSIONS = ['v3', '2026-09'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

/**
 * Where each family of calls stands: in v3, in whose paths the OpenAPI description is written, and in the dated
 * versions, whose requests and answers are the same. (HubSpot: `2026-09` of its public API specs.)
 */
const ROOTS = {
  '/account-info/v3/': '/account-info/DATE/',
  '/cms/v3/site-search/': '/cms/site-search/DATE/',
  '/conversations/v3/conversations/': '/conversations/conversations/DATE/',
  '/conversations/conversations/v3/': '/conversations/conversations/DATE/',
  '/crm/v3/objects/': '/crm/objects/DATE/',
  '/crm/v3/owners': '/crm/owners/DATE',
  '/crm/v3/pipelines/': '/crm/pipelines/DATE/',
  '/crm/v3/properties/': '/crm/properties/DATE/',
  '/crm/v4/objects/': '/crm/objects/DATE/',
} as const;

type Root = keyof typeof ROOTS;

/** A path of the description. One whose family is not in the table above makes this no type for it. */
export type DescribedPath = Extract<keyof paths, `${Root}${string}`>;

/** The path template of a call in a version of HubSpot's API, by the template that stands in the description. */
export const pathIn = (version: ApiVersion, path: DescribedPath): string => {
  const root = (Object.keys(ROOTS) as Root[]).find((candidate) => path.startsWith(candidate));
  if (version === 'v3' || root === undefined) return path;
  return ROOTS[root].replace('DATE', version) + path.slice(root.length);
};

/** The path of OAuth's token endpoint, which is spoken in forms, not in JSON, and so stands not in the description. */
export const tokenPath = (version: ApiVersion): string => `/oauth/${version}/token`;
