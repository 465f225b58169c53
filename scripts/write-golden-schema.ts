/** Writes `schemas/golden.schema.json`: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { goldenSchema } from './golden-schema.ts';

const file = new URL('../schemas/golden.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(goldenSchema(), null, 2)}\n`);
