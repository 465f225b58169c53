/** Writes `schemas/portals.schema.json`: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { portalsSchema } from './portals-schema.ts';

const file = new URL('../schemas/portals.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(portalsSchema(), null, 2)}\n`);
