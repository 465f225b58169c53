/** Writes the tables of `docs/configuration.md`: `npm run settings`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withSettings } from './settings-reference.ts';

const page = new URL('../docs/configuration.md', import.meta.url);
writeFileSync(page, withSettings(readFileSync(page, 'utf8')));
