import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { API_VERSIONS, type DescribedPath, pathIn } from '../../../src/hubspot/api-version.ts';
import type { OperationName } from './operations.ts';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];

/** A JSON Schema. What it points to stands in the description: `{"$ref": "openapi#/components/…"}`. */
export type Schema = Record<string, unknown>;

interface Pointer {
  $ref: string;
}

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
  schema: Schema;
}

interface Content {
  content?: { 'application/json': { schema: Schema } };
}

interface Operation {
  operationId: OperationName;
  parameters?: (Parameter | Pointer)[];
  requestBody?: Content;
  responses: Record<string, Content | Pointer>;
}

/** What calls point to. */
export interface Components {
  parameters: Record<string, Parameter>;
  responses: Record<string, Content>;
  schemas: Record<string, Schema>;
}

interface Description {
  paths: Record<DescribedPath, { parameters?: (Parameter | Pointer)[] } & Partial<Record<Method, Operation>>>;
  components: Components;
}

/** A call of HubSpot's API. */
export interface Call {
  name: OperationName;
  method: Method;
  /** The templates of its path, one in each of HubSpot's versions. */
  paths: string[];
  parameters: Parameter[];
  /** `null` where there is none. */
  requestBody: Schema | null;
  /** By status, and by `default`; `null` where there is no body. */
  responses: Map<string, Schema | null>;
}

const FILE = new URL('../../../src/hubspot/openapi.yaml', import.meta.url);

/** What `$ref`s of the description begin with. */
export const DESCRIPTION_ID = 'openapi';

const schemaOf = ({ content }: Content): Schema | null => content?.['application/json'].schema ?? null;

/** What src/hubspot/openapi.yaml says: the calls, and the schemas that those point to. */
export const readDescription = (): { calls: Call[]; components: Components } => {
  const { paths, components }: Description = parse(readFileSync(FILE, 'utf8'), (key, value) =>
    key === '$ref' ? `${DESCRIPTION_ID}${value}` : value,
  );
  const resolve = <One extends object>(ones: Record<string, One>, one: One | Pointer): One =>
    '$ref' in one ? (ones[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] as One) : one;

  const calls = Object.entries(paths).flatMap(([path, { parameters: ofAll = [], ...operations }]) =>
    METHODS.flatMap((method): Call[] => {
      const operation = operations[method];
      if (!operation) return [];
      const { operationId: name, parameters = [], requestBody = {}, responses } = operation;
      return [
        {
          name,
          method,
          paths: API_VERSIONS.map((version) => pathIn(version, path as DescribedPath)),
          parameters: [...ofAll, ...parameters].map((one) => resolve(components.parameters, one)),
          requestBody: schemaOf(requestBody),
          responses: new Map(
            Object.entries(responses).map(([status, one]) => [status, schemaOf(resolve(components.responses, one))]),
          ),
        },
      ];
    }),
  );
  return { calls, components };
};
