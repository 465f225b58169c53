/** Writes `schemas/portals.schema.json` and `schemas/knowledge.schema.json`: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { knowledgeSchema, portalsSchema } from './portals-schema.ts';

const files = { 'portals.schema.json': portalsSchema(), 'knowledge.schema.json': knowledgeSchema() };
for (const [name, schema] of Object.entries(files)) {
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
