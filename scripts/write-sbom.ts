/** Prints what a production install holds, as CycloneDX: `npm run --silent sbom > sbom.json`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { productionSbom } from './sbom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { name } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
// Not `--omit=dev`: npm 11.19 then leaves out what a development package wants as a peer, such as express.
const everything = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
process.stdout.write(`${JSON.stringify(productionSbom(JSON.parse(everything.toString()), name), null, 2)}\n`);
