import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const FILE = new URL('../../docker-compose.yml', import.meta.url);

const serviceSchema = z.object({
  environment: z.record(z.string(), z.string()).default({}),
  command: z.array(z.string()).default([]),
});

const fileSchema = z.object({
  services: z.object({
    postgresql: serviceSchema,
    'temporal-schema': serviceSchema,
    temporal: serviceSchema,
    'temporal-namespace': serviceSchema,
  }),
  configs: z.object({ 'temporal-dynamic-config': z.object({ content: z.string() }) }),
});

/** What docker-compose.yml says of PostgreSQL and Temporal, as `docker compose` reads it. */
export interface Compose {
  /** By service: what its process finds in its environment, and what it is called with. */
  services: z.infer<typeof fileSchema>['services'];
  /** Temporal's dynamic configuration, a file's content. */
  dynamicConfig: string;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?problem}`, but for those that have another one in their default. */
const INNERMOST = /(?<!\$)\$\{(\w+)(?::\?[^{}]*|:-([^{}]*))?\}/g;

/** Variables are filled in, those in the defaults of others too, and `$$` is a dollar, as Compose has it. */
const filledIn = (text: string, variables: Record<string, string>): string => {
  const filled = text.replace(INNERMOST, (_, name: string, preset = '') => variables[name] ?? preset);
  return filled === text ? text.replaceAll('$$', '$') : filledIn(filled, variables);
};

/**
 * Reads docker-compose.yml, its variables filled in with `variables` or else with what the file presets.
 * @throws {z.ZodError} where the file no longer has what is looked for
 */
export const readCompose = async (variables: Record<string, string>): Promise<Compose> => {
  const { services, configs } = fileSchema.parse(
    parse(
      await readFile(FILE, 'utf8'),
      (_, value) => (typeof value === 'string' ? filledIn(value, variables) : value),
      {
        merge: true,
      },
    ),
  );
  return { services, dynamicConfig: configs['temporal-dynamic-config'].content };
};

/**
 * The settings that the file starts PostgreSQL with, `name=value`, and no shortcut that a production server doesn't
 * take.
 */
export const postgresSettings = ({ services: { postgresql } }: Compose): string[] =>
  postgresql.command.filter((_, at, words) => words[at - 1] === '-c');
