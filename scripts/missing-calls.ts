import type { OpenApi } from './openapi-differences.ts';

/** `/a/{x}/c` fits `/a/b/c` and `/a/{y}/c`: HubSpot's newer files say {objectType} where older ones name the type. */
const fits = (theirs: string, ours: string): boolean => {
  const [parts, others] = [theirs.split('/'), ours.split('/')];
  return parts.length === others.length && parts.every((part, index) => part.startsWith('{') || part === others[index]);
};

/** What stands before a version: `/crm/objects` of `/crm/objects/2026-09/tickets`. */
const familyOf = (path: string, version: string): string => path.split(`/${version}`)[0] ?? path;

/**
 * The calls of ours, by path and method in one version of HubSpot's API, that are in none of HubSpot's files, though
 * one of these holds calls of the same family in that version.
 */
export const missingCalls = (ours: OpenApi['paths'], version: string, theirs: OpenApi[]): string[] => {
  const known = theirs.flatMap(({ paths }) => Object.entries(paths)).filter(([path]) => path.includes(`/${version}`));
  const families = new Set(known.map(([path]) => familyOf(path, version)));
  return Object.entries(ours)
    .filter(([path]) => families.has(familyOf(path, version)))
    .flatMap(([path, { parameters: _, ...methods }]) =>
      Object.keys(methods)
        .filter((method) => !known.some(([candidate, item]) => fits(candidate, path) && method in item))
        .map((method) => `${method.toUpperCase()} ${path}: no such call there`),
    );
};
