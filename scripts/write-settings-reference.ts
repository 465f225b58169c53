/** Writes the settings into `docs/configuration.md`, and the comments of `.env.example`: `npm run settings`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withComments } from './settings-example.ts';
import { withSettings } from './settings-reference.ts';

for (const [path, written] of [
  ['../docs/configuration.md', withSettings],
  ['../.env.example', withComments],
] as const) {
  const page = new URL(path, import.meta.url);
  writeFileSync(page, written(readFileSync(page, 'utf8')));
}
