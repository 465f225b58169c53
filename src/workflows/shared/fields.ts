/**
 * What a run may be started with, field by field. By hand and not by a library: the workflows' modules are evaluated
 * once and then frozen, which zod's do not bear; and evaluated for each run, with the schemas built on them, those took
 * a third of the CPU that a reply's run takes.
 */

/** Gives what fits, as it is to be used. `at` names the field. @throws {ValidationError} */
export type Field<T> = (value: unknown, at: string) => T;

/** A field that may be absent. */
export interface OptionalField<T> {
  optional: Field<T>;
}

/** The input doesn't fit; the message has a line for each field. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

const invalid = (at: string, problem: string): ValidationError => new ValidationError([`${at || 'input'}: ${problem}`]);

/** `parse` gives `undefined` for what doesn't fit; `problem` says what would. */
export const field =
  <T>(parse: (value: unknown) => T | undefined, problem: string): Field<T> =>
  (value, at) => {
    const parsed = parse(value);
    if (parsed === undefined) throw invalid(at, problem);
    return parsed;
  };

interface TextRules {
  pattern?: RegExp;
  /** Without the white space around it. */
  trimmed?: boolean;
  /** In characters. */
  min?: number;
  max?: number;
}

/** `problem` stands in for the sentence that the rules make. */
export const text = (rules: TextRules = {}, problem?: string): Field<string> => {
  const { pattern, trimmed = false, min = 0, max = Number.POSITIVE_INFINITY } = rules;
  const length = max === Number.POSITIVE_INFINITY ? '' : ` of ${min} to ${max} characters`;
  return field((value) => {
    if (typeof value !== 'string') return undefined;
    const words = trimmed ? value.trim() : value;
    return words.length >= min && words.length <= max && (!pattern || pattern.test(words)) ? words : undefined;
  }, problem ?? `must be text${length}`);
};

export const boolean: Field<boolean> = field(
  (value) => (typeof value === 'boolean' ? value : undefined),
  'must be true or false',
);

/** A whole number from `least` on. */
export const int = (least: number): Field<number> =>
  field(
    (value) => (Number.isSafeInteger(value) && Number(value) >= least ? Number(value) : undefined),
    `must be a whole number from ${least} on`,
  );

export const enumOf = <const T extends string>(words: readonly T[]): Field<T> =>
  field((value) => words.find((word) => word === value), `must be one of ${words.join(', ')}`);

/** Takes `null` too, as `null`. */
export const nullable =
  <T>(known: Field<T>): Field<T | null> =>
  (value, at) =>
    value === null ? null : known(value, at);

/** Absent, the field is absent from what is given too. */
export const optional = <T>(known: Field<T>): OptionalField<T> => ({ optional: known });

/** Absent, it is `instead`. */
export const withDefault =
  <T>(known: Field<T>, instead: T): Field<T> =>
  (value, at) =>
    value === undefined ? instead : known(value, at);

type Fields = Record<string, Field<unknown> | OptionalField<unknown>>;
type Required<F extends Fields> = { [K in keyof F as F[K] extends Field<unknown> ? K : never]: Given<F[K]> };
type Optional<F extends Fields> = { [K in keyof F as F[K] extends Field<unknown> ? never : K]?: Given<F[K]> };
type Given<F> = F extends Field<infer T> ? T : F extends OptionalField<infer T> ? T : never;
/** {@link object} gives this. */
export type ObjectOf<F extends Fields> = { [K in keyof (Required<F> & Optional<F>)]: (Required<F> & Optional<F>)[K] };

/** An object with these fields; others that it has are left out. All that don't fit are named. */
export const object =
  <const F extends Fields>(fields: F): Field<ObjectOf<F>> =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, 'must be an object');
    const given = value as Record<string, unknown>;
    const problems: string[] = [];
    const read: Record<string, unknown> = {};
    for (const [name, known] of Object.entries(fields)) {
      // Not what every object has by birth, such as `constructor`.
      const own = Object.hasOwn(given, name) ? given[name] : undefined;
      if (typeof known !== 'function' && own === undefined) continue;
      try {
        read[name] = (typeof known === 'function' ? known : known.optional)(own, at === '' ? name : `${at}.${name}`);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (problems.length > 0) throw new ValidationError(problems);
    return read as ObjectOf<F>;
  };

/** An object whose field `by` says which of these it is. */
export const discriminatedUnion =
  <const V extends Record<string, Field<object>>>(by: string, variants: V): Field<ReturnType<V[keyof V]>> =>
  (value, at) => {
    const kind = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[by] : undefined;
    const known = typeof kind === 'string' && Object.hasOwn(variants, kind) ? variants[kind] : undefined;
    if (!known) throw invalid(at === '' ? by : `${at}.${by}`, `must be one of ${Object.keys(variants).join(', ')}`);
    return known(value, at) as ReturnType<V[keyof V]>;
  };

/** At least one. */
export const list =
  <T>(each: Field<T>): Field<T[]> =>
  (value, at) => {
    if (!Array.isArray(value) || value.length === 0) throw invalid(at, 'must be a list that is not empty');
    return value.map((one, index) => each(one, `${at}.${index}`));
  };
