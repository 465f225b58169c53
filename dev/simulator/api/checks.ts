import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type { Request } from 'express';
import { type Call, type Components, DESCRIPTION_ID, type Schema } from './description.ts';
import { failure, invalidRequest } from './errors.ts';
import type { ApiRequest, OperationName } from './operations.ts';

/** What the description demands of a call. */
export interface Checks<Name extends OperationName> {
  /**
   * What a request asks for, numbers and lists made of the URL's texts. @throws {HubSpotError} where it doesn't fit.
   */
  parse(request: Request): ApiRequest<Name>;
  /** How an answer doesn't fit; `null` where it does. */
  violation(status: number, body: unknown): string | null;
}

const FORMATS = {
  int32: { type: 'number', validate: (value: number) => Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff },
  'date-time': (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  uuid: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
} as const;

/** Where in the request the error is: `/query/limit`. */
const placeOf = ({ instancePath, params: { missingProperty, additionalProperty } }: ErrorObject): string =>
  [instancePath, missingProperty ?? additionalProperty].filter((part) => part !== undefined).join('/');

/** No parameter may come that isn't described. */
const parametersSchema = ({ parameters }: Call): Schema => {
  const of = (place: 'path' | 'query'): Schema => {
    const some = parameters.filter((parameter) => parameter.in === place);
    return {
      type: 'object',
      properties: Object.fromEntries(some.map(({ name, schema }) => [name, schema])),
      required: some.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    };
  };
  return { type: 'object', properties: { params: of('path'), query: of('query') } };
};

const bodySchema = (body: Schema | null): Schema =>
  body === null ? {} : { type: 'object', properties: { body }, required: ['body'] };

/** An answer without a body fits this schema. */
const NOTHING = { not: {} };

const errorsOf = (check: ValidateFunction, value: unknown): ErrorObject[] => (check(value) ? [] : (check.errors ?? []));

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/**
 * The description's checks of each call's requests and answers. One is compiled when it is first needed, and what
 * several point to only once: most simulators live for a few calls, and to compile everything takes longer than those.
 */
export const createChecks = (components: Components) => {
  const compiler = (options: Options) =>
    new Ajv({ strict: false, formats: FORMATS, ...options }).addSchema({ components }, DESCRIPTION_ID);
  // A URL holds nothing but texts.
  const parameters = compiler({ allErrors: true, coerceTypes: 'array' });
  const bodies = compiler({ allErrors: true });
  const answers = compiler({});

  return <Name extends OperationName>(call: Call): Checks<Name> => {
    const checkParameters = once(() => parameters.compile(parametersSchema(call)));
    const checkBody = once(() => bodies.compile(bodySchema(call.requestBody)));
    const checkAnswer = new Map(
      [...call.responses].map(([status, schema]) => [status, once(() => answers.compile(schema ?? NOTHING))]),
    );
    return {
      parse: (request) => {
        if (call.requestBody && request.is('application/json') === false) throw failure(415);
        const { params, query, body } = {
          params: { ...request.params },
          query: { ...request.query },
          body: request.body,
        };
        const wrong = [
          ...errorsOf(checkParameters(), { params, query }),
          ...errorsOf(checkBody(), body === undefined ? {} : { body }),
        ];
        if (wrong.length > 0) {
          const details = wrong.map((error) => ({ message: error.message ?? error.keyword, in: placeOf(error) }));
          throw invalidRequest(`Invalid input: ${parameters.errorsText(wrong, { dataVar: 'request' })}`, details);
        }
        // The types are made of the same description.
        return { path: params, query, body } as unknown as ApiRequest<Name>;
      },
      violation: (status, body) => {
        const check = checkAnswer.get(String(status)) ?? checkAnswer.get('default');
        if (!check) return `no answer ${status} is described`;
        const wrong = errorsOf(check(), body);
        return wrong.length === 0 ? null : answers.errorsText(wrong, { dataVar: 'answer' });
      },
    };
  };
};
