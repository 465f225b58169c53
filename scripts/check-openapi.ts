/**
 * Compares src/hubspot/openapi.yaml with HubSpot's own OpenAPI files: `npm run openapi:check -- <folder>`. The folder
 * holds the `.json` files as HubSpot publishes them (github.com/HubSpot/HubSpot-public-api-spec-collection), those of
 * v3 and v4; of a dated version, which says the same, only the paths are compared. Exits 1 and names every difference,
 * and every expected one that is gone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { API_VERSIONS, type DescribedPath, pathIn } from '../src/hubspot/api-version.ts';
import { missingCalls } from './missing-calls.ts';
import { type OpenApi, openApiDifferences } from './openapi-differences.ts';

/** Where HubSpot's files are known to be wrong or incomplete, and ours are different on purpose. */
const EXPECTED: Record<string, string> = {
  'Error.category: required there, optional here': "HubSpot's error guide: all fields are optional; a 429 has none",
  'Error.correlationId: required there, optional here': 'same',
  'Error.message: required there, optional here': 'same',
  'Error.status: no such field there': 'every real error says "error"',
  'Error.errorType: no such field there': 'of a 429, in the usage guidelines',
  'Error.policyName: no such field there': 'same',
  'Error.requestId: no such field there': 'same',
  'Ticket.properties.*: nullable here, not so there': 'a property that was never set comes back as null',
  'UpsertedTicket.properties.*: nullable here, not so there': 'same',
  'AssociationType.associationCategory: enum [HUBSPOT_DEFINED,INTEGRATOR_DEFINED,USER_DEFINED,WORK] here, [HUBSPOT_DEFINED,USER_DEFINED,INTEGRATOR_DEFINED] there':
    "the tickets' file has WORK too",
};

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write("Give the folder with HubSpot's OpenAPI files: npm run openapi:check -- <folder>\n");
  process.exit(2);
}
const theirs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): OpenApi => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const ours: OpenApi = parse(readFileSync(new URL('../src/hubspot/openapi.yaml', import.meta.url), 'utf8'));

const inVersion = (version: (typeof API_VERSIONS)[number]): OpenApi['paths'] =>
  Object.fromEntries(Object.entries(ours.paths).map(([path, item]) => [pathIn(version, path as DescribedPath), item]));
const differences = [
  ...openApiDifferences(ours, theirs),
  ...API_VERSIONS.filter((version) => version !== 'v3').flatMap((version) =>
    missingCalls(inVersion(version), version, theirs),
  ),
];
const unexpected = differences.filter((line) => !(line in EXPECTED));
const gone = Object.keys(EXPECTED).filter((line) => !differences.includes(line));
for (const line of unexpected) process.stdout.write(`${line}\n`);
for (const line of gone) process.stdout.write(`no longer a difference, take it off the list: ${line}\n`);
process.stdout.write(
  `${Object.keys(ours.paths).length} paths compared with ${theirs.length} files: ` +
    `${unexpected.length + gone.length} differences, ${differences.length - unexpected.length} expected ones\n`,
);
process.exitCode = unexpected.length + gone.length > 0 ? 1 : 0;
