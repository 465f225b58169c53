import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { API_VERSIONS, type DescribedPath, pathIn } from '../../src/hubspot/api-version.ts';

const description = parse(readFileSync(new URL('../../src/hubspot/openapi.yaml', import.meta.url), 'utf8'));
const PATHS = Object.keys(description.paths) as DescribedPath[];
const THREAD = '/conversations/v3/conversations/threads/{threadId}';

// The right side as HubSpot's own OpenAPI files of that version have it; where these say {objectType}, with ours.
const IN_2026_09: [DescribedPath, string][] = [
  ['/account-info/v3/details', '/account-info/2026-09/details'],
  ['/conversations/v3/conversations/threads', '/conversations/conversations/2026-09/threads'],
  [`${THREAD}/messages/{messageId}`, '/conversations/conversations/2026-09/threads/{threadId}/messages/{messageId}'],
  [
    '/conversations/conversations/v3/threads/{threadId}/assignee',
    '/conversations/conversations/2026-09/threads/{threadId}/assignee',
  ],
  ['/crm/v3/objects/contacts/{contactId}', '/crm/objects/2026-09/contacts/{contactId}'],
  ['/crm/v3/objects/tickets/{ticketId}', '/crm/objects/2026-09/tickets/{ticketId}'],
];

describe('the path of a call', () => {
  it.each(PATHS)('%s is itself in v3', (path) => {
    expect(pathIn('v3', path)).toBe(path);
  });

  it.each(IN_2026_09)('%s is %s in 2026-09', (path, dated) => {
    expect(pathIn('2026-09', path)).toBe(dated);
  });

  it.each(PATHS)('%s has one in every version, and names the version in it once', (path) => {
    for (const version of API_VERSIONS.filter((one) => one !== 'v3')) {
      expect(
        pathIn(version, path)
          .split('/')
          .filter((part) => part === version),
      ).toEqual([version]);
      expect(pathIn(version, path)).not.toMatch(/\/v\d\//);
    }
  });

  it.each(API_VERSIONS)('is no other call’s in %s', (version) => {
    expect(new Set(PATHS.map((path) => pathIn(version, path))).size).toBe(PATHS.length);
  });
});
