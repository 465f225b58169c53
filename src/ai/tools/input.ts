import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { cut } from '../models/data.ts';
import type { JsonSchema } from './tool.ts';

/** All of an input together, in characters of JSON: an agent who has to agree reads it to its end. */
const LONGEST_INPUT = 4_000;

/** Says what is wrong with a model's input, without a value of it; `null`: it fits. */
export type InputCheck = (input: unknown) => string | null;

/** A schema that can't be used. The message says what is wrong with it. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const compile = (schema: JsonSchema, strict: boolean): ValidateFunction => {
  const ajv = new Ajv2020({ strict, strictTypes: false, allErrors: false, logger: false });
  formats.default(ajv);
  return ajv.compile(schema);
};

/** In our own words: a library's message may quote the input. */
const problemIn = (validate: ValidateFunction): string => {
  const [error] = validate.errors ?? [];
  if (!error) return "the input doesn't fit";
  const where = error.instancePath.split('/').slice(1).join('.');
  switch (error.keyword) {
    case 'required':
      return `the input lacks ${error.params.missingProperty}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'the input has a field that there is not';
    case 'type':
      return `${where || 'the input'} must be of type ${error.params.type}`;
    case 'enum':
      return `${where} must be one of ${JSON.stringify(error.params.allowedValues)}`;
    case 'pattern':
      return `${where} must have the form ${error.params.pattern}`;
    default:
      return `${where || 'the input'} doesn't fit ${error.keyword}`;
  }
};

const checkOf =
  (validate: ValidateFunction): InputCheck =>
  (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'the input must be an object';
    if (JSON.stringify(input).length > LONGEST_INPUT) return `the input is longer than ${LONGEST_INPUT} characters`;
    return validate(input) ? null : problemIn(validate);
  };

/**
 * A check of the input by a schema that the user wrote.
 * @throws {SchemaError} where it is no JSON Schema
 */
export const inputCheck = (schema: JsonSchema): InputCheck => {
  try {
    return checkOf(compile(schema, true));
  } catch (error) {
    const [message = ''] = (error as Error).message.split('\n');
    const [, unknown] = /unknown keyword: "(.*)"/.exec(message) ?? [];
    if (unknown === undefined) throw new SchemaError(message);
    throw new SchemaError(`has "${unknown}", which is no word of JSON Schema: is a text with a comma not in quotes?`);
  }
};

/** Regular expressions of a stranger can be made to run for ever, and references to lead elsewhere. */
const NOT_CHECKED = new Set(['pattern', 'patternProperties', 'format', '$id', '$schema', '$anchor', '$dynamicAnchor']);

const withoutTraps = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutTraps);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, value]) => {
      // A property may be called so too: then its value is a schema.
      const isKeyword = typeof value === 'string' || name === 'patternProperties';
      return isKeyword && NOT_CHECKED.has(name) ? [] : [[name, withoutTraps(value)]];
    }),
  );
};

/** The same by a stranger's schema: what it says that is not checked here, its server checks. */
export const strangersInputCheck = (schema: JsonSchema): InputCheck => {
  try {
    return checkOf(compile(withoutTraps(schema) as JsonSchema, false));
  } catch {
    return checkOf(compile({ type: 'object' }, false));
  }
};

/** The input as it is sent and shown: without characters that nobody sees. */
export const visible = (input: unknown): unknown => {
  if (typeof input === 'string') return cut(input, Number.POSITIVE_INFINITY);
  if (Array.isArray(input)) return input.map(visible);
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, visible(value)]));
};
