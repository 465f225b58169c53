/** As much of an OpenAPI 3.0 schema as the comparison looks at. */
interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  nullable?: boolean;
  enum?: string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  allOf?: Schema[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface Body {
  $ref?: string;
  required?: boolean;
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
type PathItem = { parameters?: Parameter[] } & Partial<Record<(typeof METHODS)[number], Operation>>;

/** An OpenAPI 3.0 document, parsed. */
export interface OpenApi {
  paths: Record<string, PathItem>;
  components?: Record<string, Record<string, unknown>>;
}

type Direction = 'request' | 'response';

interface Resolved {
  schema: Schema;
  name: string | null;
}

const resolve = <T extends { $ref?: string }>(document: OpenApi, node: T): { node: T; name: string | null } => {
  if (node.$ref === undefined) return { node, name: null };
  const [kind = '', name = ''] = node.$ref.replace('#/components/', '').split('/');
  const target = document.components?.[kind]?.[name] as T | undefined;
  if (!target) throw new Error(`${node.$ref} leads nowhere: check the $ref in the description.`);
  return { node: target, name };
};

/** Follows `$ref` and folds `allOf` into one object schema. */
const resolveSchema = (document: OpenApi, given: Schema): Resolved => {
  const { node, name } = resolve(document, given);
  if (!node.allOf) return { schema: node, name };
  const parts = node.allOf.map((part) => resolveSchema(document, part).schema);
  return {
    name,
    schema: {
      type: 'object',
      properties: Object.assign({}, ...parts.map((part) => part.properties ?? {})),
      required: parts.flatMap((part) => part.required ?? []),
    },
  };
};

const kindsOf = (schema: Schema): string[] => schema.properties?.type?.enum ?? [];

const sameSet = (a: string[] = [], b: string[] = []): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** One side of a union seen as a plain object: every kind's fields, and as required what every kind requires. */
const commonShape = (variants: Schema[]): Schema => ({
  type: 'object',
  properties: {
    ...Object.assign({}, ...variants.map((variant) => variant.properties ?? {})),
    type: { type: 'string', enum: variants.flatMap(kindsOf) },
  },
  required: (variants[0]?.required ?? []).filter((field) =>
    variants.every((variant) => variant.required?.includes(field)),
  ),
});

/**
 * Compares our description of an API with its owner's: every path, method, parameter, field, `required` and `enum` that
 * stands in ours has to stand in theirs the same way. Ours may leave out calls, optional parameters, fields of answers
 * and optional fields of requests, and may be stricter by `pattern`, `minimum` or `maximum`. Kinds of a union are
 * matched by their `type`.
 *
 * An int64 that ours carries as text with a `^\d` pattern counts as the same: that is how it looks in a URL.
 *
 * @returns one readable line per difference; a component met in many places is named once.
 */
export const openApiDifferences = (ours: OpenApi, theirs: OpenApi[]): string[] => {
  const differences = new Set<string>();
  const compared = new Set<string>();

  const compareSchemas = (mine: Schema, owner: OpenApi, other: Schema, where: string, direction: Direction): void => {
    const left = resolveSchema(ours, mine);
    const right = resolveSchema(owner, other);
    const place = left.name ?? where;
    if (left.name && right.name) {
      const pair = `${left.name} ${right.name} ${direction}`;
      if (compared.has(pair)) return;
      compared.add(pair);
    }
    if (left.schema.oneOf || right.schema.oneOf) compareUnions(left.schema, owner, right.schema, place, direction);
    else comparePlain(left.schema, owner, right.schema, place, direction);
  };

  const compareUnions = (mine: Schema, owner: OpenApi, other: Schema, where: string, direction: Direction): void => {
    const variants = (other.oneOf ?? [other]).map((variant) => resolveSchema(owner, variant).schema);
    const known = new Set<string>();
    for (const given of mine.oneOf ?? [mine]) {
      const { schema, name } = resolveSchema(ours, given);
      const kinds = kindsOf(schema);
      const matching = variants.filter((variant) => kindsOf(variant).some((kind) => kinds.includes(kind)));
      for (const kind of kinds) known.add(kind);
      if (matching.length === 0) differences.add(`${name ?? where}: no such kind there`);
      else comparePlain(schema, owner, commonShape(matching), name ?? where, direction);
    }
    // A request may use fewer kinds than there are; an answer can hold any of them.
    if (direction === 'request') return;
    for (const kind of variants.flatMap(kindsOf)) {
      if (!known.has(kind)) differences.add(`${where}: kind ${kind} is missing here`);
    }
  };

  const comparePlain = (mine: Schema, owner: OpenApi, other: Schema, where: string, direction: Direction): void => {
    const digits = mine.type === 'string' && mine.pattern?.startsWith('^\\d') && other.type === 'integer';
    if (!digits) {
      if (mine.type !== other.type) differences.add(`${where}: ${mine.type} here, ${other.type} there`);
      if (mine.format !== other.format) {
        differences.add(`${where}: format ${mine.format ?? 'none'} here, ${other.format ?? 'none'} there`);
      }
    }
    if (!sameSet(mine.enum, other.enum)) {
      differences.add(`${where}: enum [${mine.enum ?? ''}] here, [${other.enum ?? ''}] there`);
    }
    if (Boolean(mine.nullable) !== Boolean(other.nullable)) {
      differences.add(`${where}: ${mine.nullable ? 'nullable' : 'not nullable'} here, not so there`);
    }
    for (const [field, schema] of Object.entries(mine.properties ?? {})) {
      const counterpart = other.properties?.[field];
      if (counterpart) compareSchemas(schema, owner, counterpart, `${where}.${field}`, direction);
      else differences.add(`${where}.${field}: no such field there`);
    }
    for (const field of mine.required ?? []) {
      if (!other.required?.includes(field)) differences.add(`${where}.${field}: required here, optional there`);
    }
    for (const field of other.required ?? []) {
      const leftOut = direction === 'response' && !mine.properties?.[field];
      if (!leftOut && !mine.required?.includes(field)) {
        differences.add(`${where}.${field}: required there, ${mine.properties?.[field] ? 'optional' : 'missing'} here`);
      }
    }
    if (mine.items) compareSchemas(mine.items, owner, other.items ?? {}, `${where}[]`, direction);
    if (typeof mine.additionalProperties === 'object') {
      const values = typeof other.additionalProperties === 'object' ? other.additionalProperties : {};
      compareSchemas(mine.additionalProperties, owner, values, `${where}.*`, direction);
    }
  };

  const compareBodies = (mine: Body, owner: OpenApi, other: Body, where: string, direction: Direction): void => {
    if (Boolean(mine.required) !== Boolean(other.required)) differences.add(`${where}: required on one side only`);
    const [left] = Object.values(mine.content ?? {});
    const [right] = Object.values(other.content ?? {});
    if (left?.schema && right?.schema) compareSchemas(left.schema, owner, right.schema, where, direction);
    else if (left?.schema || right?.schema) differences.add(`${where}: a body on one side only`);
  };

  const compareOperations = (
    mine: Operation,
    shared: Parameter[],
    owner: OpenApi,
    other: Operation,
    otherShared: Parameter[],
    where: string,
  ): void => {
    const here = [...shared, ...(mine.parameters ?? [])].map((parameter) => resolve(ours, parameter).node);
    const there = [...otherShared, ...(other.parameters ?? [])].map((parameter) => resolve(owner, parameter).node);
    for (const parameter of here) {
      const place = `${where} ${parameter.in} ${parameter.name}`;
      const counterpart = there.find(({ name, in: kind }) => name === parameter.name && kind === parameter.in);
      if (!counterpart) differences.add(`${place}: no such parameter there`);
      else {
        if (Boolean(parameter.required) !== Boolean(counterpart.required)) {
          differences.add(`${place}: required on one side only`);
        }
        compareSchemas(parameter.schema ?? {}, owner, counterpart.schema ?? {}, place, 'request');
      }
    }
    for (const parameter of there.filter(({ required }) => required)) {
      if (!here.some(({ name }) => name === parameter.name)) {
        differences.add(`${where} ${parameter.in} ${parameter.name}: required there, missing here`);
      }
    }
    compareBodies(mine.requestBody ?? {}, owner, other.requestBody ?? {}, `${where} request`, 'request');
    for (const [status, response] of Object.entries(mine.responses)) {
      const counterpart = other.responses[status];
      if (!counterpart) differences.add(`${where}: no response ${status} there`);
      else {
        const [left, right] = [resolve(ours, response).node, resolve(owner, counterpart).node];
        compareBodies(left, owner, right, `${where} ${status}`, 'response');
      }
    }
  };

  for (const [path, item] of Object.entries(ours.paths)) {
    const owner = theirs.find((document) => document.paths[path]);
    const otherItem = owner?.paths[path];
    if (!owner || !otherItem) {
      differences.add(`${path}: no such path there`);
      continue;
    }
    for (const method of METHODS) {
      const [mine, other] = [item[method], otherItem[method]];
      const where = `${method.toUpperCase()} ${path}`;
      if (mine && other) {
        compareOperations(mine, item.parameters ?? [], owner, other, otherItem.parameters ?? [], where);
      } else if (mine) differences.add(`${where}: no such method there`);
    }
  }
  return [...differences].sort();
};
