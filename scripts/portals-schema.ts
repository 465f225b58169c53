import { z } from 'zod';
import { escalationContent } from '../src/config/escalation.ts';
import { knowledgeFileContent } from '../src/config/knowledge-file.ts';
import { portalsFileContent } from '../src/config/portals-file.ts';
import { INSTEAD } from '../src/config/primitives.ts';
import { toolsFileContent } from '../src/config/tools-file-content.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Text that is read from a number too, as YAML gives one where nothing is quoted. */
const isReadFromNumber = ({ def }: z.core.$ZodTypes['_zod'], { type }: JsonSchema): boolean =>
  def.type === 'pipe' && def.in._zod.def.type === 'transform' && type === 'string';

/** The fields that can't be left out. */
const requiredOf = ({ shape }: z.ZodObject): string[] =>
  Object.entries(shape).flatMap(([name, field]) => (z.safeParse(field, undefined).success ? [] : [name]));

/** Without links, which lead somewhere in `docs/configuration.md` alone, and Markdown's marks. */
export const plainText = (markdown: string): string =>
  markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');

/** What the reference says beside a field, put into words: an editor shows nothing but the description. */
const forEditors = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (_, value) => {
    if (typeof value?.description !== 'string') return value;
    const { takes, without: _none, ...field } = value;
    const description = plainText(takes ? `${field.description} (${takes})` : field.description);
    return { ...field, description };
  });

/**
 * What may stand in a file, as JSON Schema for editors (draft 7, which YAML's language server knows best), from the
 * schema that the processes check it with. What that says in code alone, such as a duration's bounds, is not in it.
 */
const editorSchema = (content: z.ZodType, about: { title: string; description: string }): JsonSchema => {
  const { $schema, ...schema }: JsonSchema = z.toJSONSchema(content, {
    io: 'input',
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (isReadFromNumber(zodSchema._zod, jsonSchema)) Object.assign(jsonSchema, { type: ['string', 'number'] });
      if (zodSchema instanceof z.ZodObject) jsonSchema.required = requiredOf(zodSchema);
      const { [INSTEAD]: instead, description, ...whole } = jsonSchema;
      if (!instead) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, { description, anyOf: [instead, whole] });
    },
  });
  return forEditors({ ...($schema ? { $schema } : {}), ...about, ...schema });
};

/** Of `PORTALS_FILE`. */
export const portalsSchema = (): JsonSchema =>
  editorSchema(portalsFileContent, {
    title: "Threadkeeper's portals",
    description: 'The file that PORTALS_FILE names.',
  });

/** Of `ESCALATION_RULES`. */
export const escalationSchema = (): JsonSchema =>
  editorSchema(escalationContent, {
    title: "Threadkeeper's escalation rules",
    description: 'The file that ESCALATION_RULES names.',
  });

/** Of `KNOWLEDGE_SOURCES`. */
export const knowledgeSchema = (): JsonSchema =>
  editorSchema(knowledgeFileContent, {
    title: "Threadkeeper's sources of articles",
    description: 'The file that KNOWLEDGE_SOURCES names.',
  });

/** Of `TOOLS_FILE`. */
export const toolsSchema = (): JsonSchema =>
  editorSchema(toolsFileContent, {
    title: "Threadkeeper's tools",
    description: 'The file that TOOLS_FILE names.',
  });
