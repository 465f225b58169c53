/** Writes the JSON Schemas of the files that settings name: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { escalationSchema, portalsSchema } from './portals-schema.ts';

const schemas = { portals: portalsSchema(), 'escalation-rules': escalationSchema() };
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../schemas/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
