import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { inputCheck, SchemaError } from '../ai/tools/input.ts';
import {
  fill,
  inPath,
  type JsonTemplate,
  parseJsonTemplate,
  parseTemplate,
  type Template,
  TemplateError,
  valuesIn,
  valuesInJson,
} from '../ai/tools/template.ts';
import type {
  HttpToolConfig,
  Identity,
  McpServerConfig,
  McpToolConfig,
  ToolsConfig,
} from '../ai/tools/tools-config.ts';
import { plainAdvice } from './errors.ts';
import { problemsByLine } from './escalation.ts';
import { type ToolsFileContent, toolsFileContent } from './tools-file-content.ts';

type Secrets = Readonly<Record<string, string | undefined>>;
type Listed = ToolsFileContent['tools'][number];
type ListedServer = ToolsFileContent['mcpServers'][number];

/** The model has these already. */
const TAKEN = ['searchKnowledge', 'readCustomer', 'readTicket'];

/** Ours to write, or dangerous to. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*)$/;

/** Says something is wrong with a field. */
class FieldProblem extends Error {}

const within = <T>(field: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof SchemaError)) throw error;
    throw new FieldProblem(`${field} ${error.message}`);
  }
};

const PLAIN = ['string', 'number', 'integer', 'boolean', 'null'];
const isPlain = (property: unknown): boolean => {
  const { type, enum: values, const: value, items } = (property ?? {}) as Record<string, unknown>;
  const types = Array.isArray(type) ? type : [type];
  if (types.every((one) => PLAIN.includes(String(one)))) return true;
  if (type === 'array') return isPlain(items) && (items as { type?: unknown }).type !== 'array';
  return (
    type === undefined &&
    (Array.isArray(values) ? values : [value]).every((one) => one !== undefined && Object(one) !== one)
  );
};

/** The schema, closed to other fields, once it is sure that a template can use it. */
const inputOf = ({ input }: Listed) => {
  const {
    type,
    properties = {},
    required = [],
  } = input as { type?: unknown; properties?: object; required?: string[] };
  if (type !== 'object') throw new FieldProblem('input must have type: object');
  const schema = { ...input, additionalProperties: false };
  within('input', () => inputCheck(schema));
  for (const [name, property] of Object.entries(properties)) {
    if (!/^[A-Za-z_]\w{0,63}$/.test(name)) throw new FieldProblem(`input has ${name}: use letters, digits and _`);
    if (isPlain(property)) continue;
    throw new FieldProblem(`input.${name} must have a type: ${PLAIN.slice(0, 4).join(', ')}, or a list of one of them`);
  }
  const unknown = required.find((name) => !Object.hasOwn(properties, name));
  if (unknown !== undefined) throw new FieldProblem(`input requires ${unknown}, which is none of its properties`);
  return { schema, names: Object.keys(properties), required };
};

/** The host, from the text or one variable, and the path behind it. */
const addressOf = (url: string, secretOf: (name: string) => string | undefined): { origin: string; path: Template } => {
  const [, variable] = /^\$\{env:(\w+)\}/.exec(url) ?? [];
  const base = variable === undefined ? '' : secretOf(variable)?.replace(/\/+$/, '');
  if (base === undefined) throw new FieldProblem(`url needs ${variable}, which is not set in the environment`);
  const whole = variable === undefined ? url : base + url.slice(`\${env:${variable}}`.length);
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?#@\\{}$\s]+)(.*)$/is.exec(whole) ?? [];
  if (origin === '' || !URL.canParse(origin)) {
    throw new FieldProblem(
      'url must begin with http:// or https:// and a host, with no placeholder, user or password in it',
    );
  }
  if (/[?#]/.test(rest)) throw new FieldProblem('url must end before its ? or #: parameters are in query');
  const path = within('url', () => parseTemplate(rest === '' ? '/' : rest, () => undefined));
  const example = fill(path, Object.fromEntries(valuesIn(path).map((name) => [name, '1'])), inPath) ?? '';
  const parsed = URL.canParse(origin + example) ? new URL(origin + example) : null;
  if (!example.startsWith('/') || parsed?.pathname !== example) {
    throw new FieldProblem(
      'url must have a plain path, such as /orders/{{input.order}}, without .. and encoded as a URL is',
    );
  }
  return { origin: parsed.origin, path };
};

const headersOf = (given: Record<string, string>, secretOf: (name: string) => string | undefined) =>
  Object.entries(given).map(([name, value]) => {
    if (OWN_HEADERS.test(name.toLowerCase())) throw new FieldProblem(`headers can't set ${name}`);
    const parsed = within(`headers.${name}`, () => parseTemplate(value, secretOf));
    // What fetch would refuse at each call, with the secret in its words.
    const fixed = parsed
      .map((part) => (typeof part === 'string' ? part : 'secret' in part ? part.secret : ''))
      .join('');
    if (!/^[\x20-\x7e]*$/.test(fixed)) throw new FieldProblem(`headers.${name} must be one line of ASCII`);
    return [name.toLowerCase(), parsed] as const;
  });

const identityOf = (said: Identity | undefined, used: readonly string[]): Identity | null =>
  said ?? (used.some((value) => value.startsWith('contact.')) ? 'verified' : null);

const httpToolOf = (listed: Listed, secrets: Secrets): HttpToolConfig => {
  const secretOf = (name: string): string | undefined => secrets[name]?.trim() || undefined;
  const { name, description, method, show, longest, timeout: timeoutMs, idempotencyHeader, channels = null } = listed;
  const { schema, names, required } = inputOf(listed);
  const { origin, path } = addressOf(listed.url, secretOf);
  const query = Object.entries(listed.query).map(
    ([key, value]) => [key, within(`query.${key}`, () => parseTemplate(value, secretOf))] as const,
  );
  const headers = headersOf(listed.headers, secretOf);
  const body = listed.body === undefined ? null : within('body', () => parseJsonTemplate(listed.body, secretOf));
  if (body !== null && method === 'GET') throw new FieldProblem('body is for other methods than GET');
  const used = [
    ...[path, ...query.map(([, one]) => one), ...headers.map(([, one]) => one)].flatMap(valuesIn),
    ...(body === null ? [] : valuesInJson(body)),
  ];
  const unknown = used.find((value) => value.startsWith('input.') && !names.includes(value.slice('input.'.length)));
  if (unknown !== undefined) throw new FieldProblem(`has {{${unknown}}}, which input does not name`);
  const optional = valuesIn(path).find((value) => value.startsWith('input.') && !required.includes(value.slice(6)));
  if (optional !== undefined) throw new FieldProblem(`url has {{${optional}}}, which input has to require`);
  const rule = listed.rule ?? (method === 'GET' ? 'reads' : 'approve');
  return {
    name,
    description,
    input: schema,
    rule,
    channels,
    identity: identityOf(listed.identity, used),
    longest,
    method,
    origin,
    path,
    query,
    headers,
    body,
    idempotencyHeader: idempotencyHeader.toLowerCase(),
    show,
    timeoutMs,
  };
};

const mcpToolOf = (listed: ListedServer['tools'][number], secrets: Secrets): McpToolConfig => {
  const { tool, name = tool, rule = 'approve', longest, description = null, channels = null, mayRepeat } = listed;
  if (!/^[A-Za-z]\w{0,63}$/.test(name)) throw new FieldProblem('needs a name of letters, digits and _ for the AI');
  const fills = Object.entries(listed.fill).map(([argument, value]): readonly [string, JsonTemplate] => [
    argument,
    within(`fill.${argument}`, () => parseJsonTemplate(value, (variable) => secrets[variable]?.trim() || undefined)),
  ]);
  const used = fills.flatMap(([, template]) => valuesInJson(template));
  const given = used.find((value) => value.startsWith('input.'));
  if (given !== undefined) throw new FieldProblem(`fill has {{${given}}}: what the AI gives needs no filling in`);
  if (rule !== 'reads' && !mayRepeat && !used.includes('call.key')) {
    throw new FieldProblem(
      'changes something: fill an argument with "{{call.key}}", by which its server does a call once, or say ' +
        'mayRepeat: true where a second call does no harm',
    );
  }
  return { tool, name, rule, longest, description, channels, identity: identityOf(listed.identity, used), fill: fills };
};

const serverOf = (listed: ListedServer, secrets: Secrets, tools: McpToolConfig[]): McpServerConfig => {
  const { name, url, timeout: timeoutMs } = listed;
  const templates = headersOf(listed.headers, (variable) => secrets[variable]?.trim() || undefined);
  const filled = templates.map(([header, template]) => {
    if (valuesIn(template).length > 0)
      throw new FieldProblem(`headers.${header} can have no {{placeholder}}: fill can`);
    return [header, fill(template, {}, inPath) ?? ''] as const;
  });
  return { name, url, headers: Object.fromEntries(filled), timeoutMs, tools };
};

/**
 * The tools of a file, or what is wrong with it, a line each.
 * @param secrets the environment that the file's `${env:NAME}` are taken from
 */
export const readToolsFile = (path: string, secrets: Secrets, setting = 'TOOLS_FILE'): ToolsConfig | string[] => {
  const file = `${setting} ${path}`;
  let source: string;
  let content: unknown;
  try {
    source = readFileSync(path, 'utf8');
    const document = parseDocument(source);
    const [error] = document.errors;
    if (error) throw error;
    content = document.toJS();
  } catch (error) {
    return [`${file} can't be read: ${(error as Error).message.split('\n')[0]}`];
  }
  const parsed = z
    .record(z.string(), z.unknown(), { error: 'must hold a list named tools, or one named mcpServers' })
    .pipe(toolsFileContent)
    .safeParse(content, { error: plainAdvice });
  if (!parsed.success) return problemsByLine(parsed.error, source, `${file}:`);
  const { data } = parsed;
  const problems: string[] = [];
  const attempt = <T>(what: string, read: () => T): T[] => {
    try {
      return [read()];
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      problems.push(`${file}: ${what}: ${error.message}`);
      return [];
    }
  };
  const tools = data.tools.flatMap((one) => attempt(`the tool ${one.name}`, () => httpToolOf(one, secrets)));
  const servers = data.mcpServers.flatMap((server) => {
    const own = server.tools.flatMap((one) =>
      attempt(`the tool ${one.tool} of ${server.name}`, () => mcpToolOf(one, secrets)),
    );
    return attempt(`the server ${server.name}`, () => serverOf(server, secrets, own));
  });
  const all = [...tools, ...servers.flatMap((server) => server.tools)];
  const verifiedChannels = data.verifiedChannels ?? [];
  for (const [index, { name, identity }] of all.entries()) {
    const isTaken = TAKEN.includes(name) || all.findIndex((other) => other.name === name) < index;
    if (isTaken) problems.push(`${file}: the tool ${name}: the name is taken: choose another`);
    if (identity !== 'verified' || verifiedChannels.length > 0) continue;
    problems.push(
      `${file}: the tool ${name}: needs a verified customer, and verifiedChannels lists no channel: list one, or say ` +
        'identity: claimed',
    );
  }
  if (all.length === 0 && problems.length === 0) problems.push(`${file}: lists no tool`);
  return problems.length > 0 ? problems : { path: resolve(path), verifiedChannels, tools, servers };
};
