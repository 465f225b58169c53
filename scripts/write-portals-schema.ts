/** Writes the JSON Schemas of the files that settings name: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { escalationSchema, knowledgeSchema, portalsSchema, toolsSchema } from './portals-schema.ts';

const schemas = {
  portals: portalsSchema(),
  knowledge: knowledgeSchema(),
  'escalation-rules': escalationSchema(),
  tools: toolsSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`../schemas/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
