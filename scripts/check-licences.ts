/**
 * Looks whether every package of a production install stands under a licence that we allow: `npm run licences`. Exits 1
 * and names the others.
 */
import { readFileSync } from 'node:fs';
import { checkLicences, type Lockfile } from './licences.ts';

const lockfile: Lockfile = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const { checked, problems } = checkLicences(lockfile);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write(`${checked} packages, each under a licence of scripts/licences.ts.\n`);
