import type { ToolCaller } from './tool.ts';

/** A piece of a text: as it was written, the name of a value that a call brings, or a secret of the environment. */
export type Part = string | { value: string } | { secret: string };

/** A text with placeholders, taken apart once, so that no value is ever read for a placeholder itself. */
export type Template = readonly Part[];

/** What a call fills in, by name, such as `input.order` and `contact.email`. Absent or `null`: there is none. */
export type Values = Readonly<Record<string, unknown>>;

/** The values that we fill in ourselves. A model has no say in them: its own are all below `input.`. */
export const OWN_VALUES = [
  'contact.id',
  'contact.email',
  'contact.name',
  'ticket.id',
  'thread.id',
  'portal.id',
  'call.key',
] as const;

/** A template that can't be used. The message says what is wrong with it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A value can't be put where the template has it. */
export class ValueError extends Error {
  override readonly name = 'ValueError';

  /** @param which the value's name; its content is never said */
  constructor(which: string, problem: string) {
    super(`${which.replace(/^input\./, '')} ${problem}`);
  }
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}|\$\{([^}]*)\}/g;
const INPUT = /^input\.[A-Za-z_][A-Za-z\d_]{0,63}$/;

const isOwn = (name: string): boolean => OWN_VALUES.some((own) => own === name);

/**
 * Takes a text apart: `{{input.order}}` and `{{contact.email}}` are values, `${env:NAME}` is a secret.
 * @param secretOf a variable of the environment; `undefined`: it is not set
 * @throws {TemplateError}
 */
export const parseTemplate = (text: string, secretOf: (name: string) => string | undefined): Template => {
  const parts: Part[] = [];
  const say = (literal: string): void => {
    if (literal.includes('{{') || literal.includes('}}')) {
      throw new TemplateError('has {{ or }} that belong to no placeholder');
    }
    if (literal !== '') parts.push(literal);
  };
  let from = 0;
  for (const { 0: whole, 1: value, 2: variable, index } of text.matchAll(PLACEHOLDER)) {
    say(text.slice(from, index));
    from = index + whole.length;
    if (value !== undefined) {
      if (!INPUT.test(value) && !isOwn(value)) {
        throw new TemplateError(`has {{${value}}}: use {{input.NAME}}, or one of ${OWN_VALUES.join(', ')}`);
      }
      parts.push({ value });
      continue;
    }
    const [, name] = /^env:([A-Za-z_][A-Za-z\d_]*)$/.exec(variable ?? '') ?? [];
    if (name === undefined) throw new TemplateError(`has ${whole}: a secret is written \${env:NAME}`);
    const secret = secretOf(name);
    if (secret === undefined) throw new TemplateError(`needs ${name}, which is not set in the environment`);
    parts.push({ secret });
  }
  say(text.slice(from));
  return parts;
};

/** The names of the values in it. */
export const valuesIn = (template: Template): string[] =>
  template.flatMap((part) => (typeof part === 'object' && 'value' in part ? [part.value] : []));

/** What a caller brings to a call's values. */
export const callerValues = ({ contact, ticketId, threadId, portalId }: ToolCaller, callKey: string): Values => ({
  'contact.id': contact.id,
  'contact.email': contact.email,
  'contact.name': contact.name,
  'ticket.id': ticketId,
  'thread.id': threadId,
  'portal.id': portalId,
  'call.key': callKey,
});

/** One value as text, for its place. @throws {ValueError} where it would be more than a value there */
type Encode = (name: string, value: string) => string;

const CONTROL = /\p{Cc}/u;
/** Servers and proxies decode these once more than they should, or end a segment at them. */
const PATH_SYNTAX = /[/\\?#%;]|\.\./;

/** For a segment of a path: nothing that any server could take for another path. */
export const inPath: Encode = (name, value) => {
  // Some servers fold look-alikes, such as a full-width slash, into what they look like.
  const plain = value.normalize('NFKC');
  const isOne = plain.trim() !== '' && plain !== '.' && !PATH_SYNTAX.test(plain);
  if (!isOne || CONTROL.test(value) || !value.isWellFormed()) throw new ValueError(name, "can't be part of an address");
  return encodeURIComponent(value);
};

/** For the value of a query parameter. */
export const inQuery: Encode = (name, value) => {
  if (CONTROL.test(value) || !value.isWellFormed()) throw new ValueError(name, "can't be part of an address");
  return encodeURIComponent(value);
};

/** For a header's value: one line of ASCII. */
export const inHeader: Encode = (name, value) => {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) throw new ValueError(name, "can't be part of a header");
  return value;
};

/** For JSON, whose own quoting keeps it a value. */
export const inJson: Encode = (_name, value) => value;

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/**
 * The text with its values. `null`: one of them is absent, so the whole is left out.
 * @param mask stands for each secret; unless given, the secrets themselves do
 * @throws {ValueError}
 */
export const fill = (template: Template, values: Values, encode: Encode, mask?: string): string | null => {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') text += part;
    else if ('secret' in part) text += mask ?? part.secret;
    else {
      const value = values[part.value];
      if (value === undefined || value === null) return null;
      if (!isScalar(value)) throw new ValueError(part.value, 'must be a single value');
      text += encode(part.value, String(value));
    }
  }
  return text;
};

/** JSON with placeholders in its texts. Names of fields are as they were written. */
export type JsonTemplate =
  | { text: Template }
  | { constant: number | boolean | null }
  | { list: readonly JsonTemplate[] }
  | { fields: readonly (readonly [string, JsonTemplate])[] };

/** Takes what YAML gave apart. @throws {TemplateError} */
export const parseJsonTemplate = (json: unknown, secretOf: (name: string) => string | undefined): JsonTemplate => {
  if (typeof json === 'string') return { text: parseTemplate(json, secretOf) };
  if (Array.isArray(json)) return { list: json.map((item) => parseJsonTemplate(item, secretOf)) };
  if (typeof json === 'object' && json !== null) {
    return { fields: Object.entries(json).map(([name, field]) => [name, parseJsonTemplate(field, secretOf)] as const) };
  }
  if (json === null || typeof json === 'boolean' || typeof json === 'number') return { constant: json };
  throw new TemplateError('holds something that is no JSON');
};

/** The names of the values in it. */
export const valuesInJson = (template: JsonTemplate): string[] => {
  if ('text' in template) return valuesIn(template.text);
  if ('list' in template) return template.list.flatMap(valuesInJson);
  return 'fields' in template ? template.fields.flatMap(([, field]) => valuesInJson(field)) : [];
};

const isData = (value: unknown): boolean => isScalar(value) || (Array.isArray(value) && value.every(isScalar));

/**
 * The JSON with its values. A text that is one placeholder alone becomes the value as it is: a number stays one, and a
 * list of values too. `undefined`: a value is absent, so its field is left out.
 * @throws {ValueError} for a value with fields of its own
 */
export const fillJson = (template: JsonTemplate, values: Values, mask?: string): unknown => {
  if ('constant' in template) return template.constant;
  if ('list' in template) {
    return template.list.map((item) => fillJson(item, values, mask)).filter((item) => item !== undefined);
  }
  if ('fields' in template) {
    const fields = template.fields.map(([name, field]) => [name, fillJson(field, values, mask)] as const);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  const [only, ...others] = template.text;
  if (typeof only === 'object' && 'value' in only && others.length === 0) {
    const value = values[only.value];
    if (value === undefined || value === null) return undefined;
    if (!isData(value)) throw new ValueError(only.value, 'must be a value, or a list of them');
    return value;
  }
  return fill(template.text, values, inJson, mask) ?? undefined;
};
