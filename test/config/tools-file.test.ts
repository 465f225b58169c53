// biome-ignore-all lint/suspicious/noTemplateCurlyInString: files of tools have them
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { toolsSchema } from '../../scripts/portals-schema.ts';
import { loadConfig } from '../../src/config.ts';
import { readTools } from '../ai/tools/caller.ts';
import { codeBlocks, read, section } from '../docs/markdown.ts';
import { problemsOf } from '../support/config-problems.ts';

const ONE_PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};
const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-tools-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const SCHEMA = 'schemas/tools.schema.json';
const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(toolsSchema());
const examples = ['HTTP tools', 'MCP servers'].flatMap((title) => codeBlocks(section('docs/tools.md', title), 'yaml'));
const SECRETS = { SHOP_TOKEN: 'one', CRM_TOKEN: 'two' };

/** One tool that is right but for what is changed. */
const tool = (changes: string, url = 'https://shop.example/orders'): string =>
  `tools: [{ name: a, description: A, show: all, url: '${url}', ${changes} }]`;
const input = (properties: string, more = ''): string => `input: { type: object, properties: ${properties}, ${more} }`;
const mcp = (changes: string): string =>
  `mcpServers: [{ name: s, url: 'https://mcp.example/mcp', tools: [{ tool: get, ${changes} }] }]`;

describe('the JSON Schema of TOOLS_FILE', () => {
  it('is the one that is published: npm run schema', () => {
    expect(JSON.parse(read(SCHEMA))).toEqual(JSON.parse(JSON.stringify(toolsSchema())));
  });

  it('takes the examples of the docs, which name it, and so do the processes', () => {
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      expect(example.split('\n')[0]).toBe(`# yaml-language-server: $schema=${SCHEMA}`);
      expect(fits(parse(example))).toBe(true);
      expect(readTools(example, SECRETS)).not.toBeInstanceOf(Array);
    }
  });

  it.each([
    ['a field that there is not', tool('methd: GET')],
    ['a method that there is not', tool('method: TRACE')],
    ['a rule that there is not', tool('rule: always')],
    ['a timeout without a unit', tool('timeout: 10')],
    ['no list', 'tools: { a: 1 }'],
  ])('refuses %s, and so do the processes', (_, yaml) => {
    expect(fits(parse(yaml))).toBe(false);
    expect(readTools(yaml)).toBeInstanceOf(Array);
  });
});

describe('TOOLS_FILE', () => {
  it('gives each tool its defaults: a GET reads, what changes something needs an agent', () => {
    const read = readTools(`${tool('method: GET')}\n${mcp('mayRepeat: true')}`);
    expect(read).toMatchObject({
      verifiedChannels: [],
      tools: [{ rule: 'reads', channels: null, identity: null, timeoutMs: 10_000, longest: 2_000 }],
      servers: [{ timeoutMs: 10_000, tools: [{ name: 'get', rule: 'approve', description: null, identity: null }] }],
    });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(readTools(tool(`method: ${method}`))).toMatchObject({ tools: [{ rule: 'approve' }] });
    }
    expect(readTools(tool('method: POST, rule: reads'))).toMatchObject({ tools: [{ rule: 'reads' }] });
  });

  it('takes a host from the environment, with a path that it begins with', () => {
    const yaml = tool(input('{ id: { type: integer } }', 'required: [id]'), '${env:SHOP_URL}/orders/{{input.id}}');
    expect(readTools(yaml, { SHOP_URL: 'http://10.0.0.7:8080/api/' })).toMatchObject({
      tools: [{ origin: 'http://10.0.0.7:8080', path: ['/api/orders/', { value: 'input.id' }] }],
    });
  });

  it.each([
    [
      'a variable that is not set',
      tool("headers: { a: 'Bearer ${env:NONE}' }"),
      'headers.a needs NONE, which is not set',
    ],
    ['a variable that is empty', tool("headers: { a: '${env:BLANK}' }"), 'headers.a needs BLANK, which is not set'],
    [
      'another way to write one',
      tool("headers: { a: '$' }", 'https://s.example/${NONE}'),
      'a secret is written ${env:NAME}',
    ],
    ['a secret in the path', tool('', 'https://s.example/${env:SET}'), 'url needs SET, which is not set'],
    ['a value that nobody fills in', tool("query: { a: '{{contact.phone}}' }"), 'query.a has {{contact.phone}}: use'],
    ['an input that is not named', tool("query: { a: '{{input.b}}' }"), 'has {{input.b}}, which input does not name'],
    ['a stray brace', tool("query: { a: '{{ {{input.b}}' }"), 'query.a has {{ or }} that belong to no placeholder'],
    ['a placeholder in the host', tool('', 'https://{{input.a}}.example/'), 'no placeholder, user or password in it'],
    ['a placeholder as the host', tool('', '{{input.a}}'), 'url must begin with http:// or https:// and a host'],
    ['a placeholder behind the host', tool('', 'https://shop.example{{contact.id}}'), 'url must have a plain path'],
    ['a user in the host', tool('', 'https://a:b@shop.example/'), 'no placeholder, user or password in it'],
    ['another scheme', tool('', 'ftp://shop.example/'), 'url must begin with http:// or https:// and a host'],
    ['parameters in the URL', tool('', 'https://s.example/a?b=1'), 'url must end before its ? or #'],
    ['dots in the path', tool('', 'https://s.example/a/../b'), 'url must have a plain path'],
    [
      'an optional input in the path',
      tool(input('{ a: { type: string } }'), 'https://s.example/{{input.a}}'),
      'which input has to require',
    ],
    ['a body for a GET', tool('body: { a: 1 }'), 'body is for other methods than GET'],
    ['a header of ours', tool("headers: { Host: 'evil.example' }"), "headers can't set Host"],
    ['a header in two lines', tool('headers: { a: "b\\r\\nc: d" }'), 'headers.a must be one line of ASCII'],
    ['a schema of no object', tool('input: { type: string }'), 'input must have type: object'],
    ['a schema that is none', tool(input('{ a: { type: strin } }')), 'input schema is invalid'],
    [
      'a misspelt word in a schema',
      tool(input('{}', 'propertis: {}')),
      'input has "propertis", which is no word of JSON Schema',
    ],
    ['an input with fields of its own', tool(input('{ a: { type: object } }')), 'input.a must have a type'],
    ['an input of any type', tool(input('{ a: {} }')), 'input.a must have a type'],
    ['a name for a field that no placeholder has', tool(input('{ a.b: { type: string } }')), 'input has a.b'],
    ['a required field that there is not', tool(input('{}', 'required: [a]')), 'a'],
    [
      'two of a name',
      `tools: [${[1, 2].map(() => '{ name: a, description: A, show: all, url: https://s.example }').join()}]`,
      'the tool a: the name is taken',
    ],
    ['a name that the AI has already', mcp('name: searchKnowledge, rule: reads'), 'the name is taken'],
    [
      'a contact that no channel verifies',
      tool("query: { a: '{{contact.email}}' }"),
      'verifiedChannels lists no channel',
    ],
    ['no tool', 'tools: []', 'lists no tool'],
    [
      'a changing tool of a server that does not know a call again',
      mcp('rule: safe'),
      'fill an argument with "{{call.key}}"',
    ],
    ['an input to fill in', mcp("rule: reads, fill: { a: '{{input.b}}' }"), 'what the AI gives needs no filling in'],
    [
      'a server tool that the AI could not call',
      `mcpServers: [{ name: s, url: 'https://a.example', tools: [{ tool: a/b }] }]`,
      'needs a name of letters',
    ],
    [
      'a field that is misspelt',
      tool('chanels: [email]'),
      'line 1: tools.0 Unrecognized key: "chanels" (did you mean channels?)',
    ],
    ['no YAML', 'tools: [', "can't be read"],
    ['a text', 'tools', 'must hold a list named tools'],
  ])('says what is wrong with a file: %s', (_, yaml, problem) => {
    const problems = readTools(yaml, { BLANK: ' ', SET: 'secret-value' });
    expect(problems).toBeInstanceOf(Array);
    expect((problems as string[]).join('\n')).toContain(problem);
    expect((problems as string[]).join('\n')).not.toContain('secret-value');
  });

  it('is read with the other settings, each portal with its own; all that is wrong is said at once', () => {
    const shared = fileOf('shared.yaml', tool("headers: { a: 'Bearer ${env:SHOP_TOKEN}' }"));
    const own = fileOf('own.yaml', mcp('rule: reads'));
    const portals = fileOf(
      'portals.yaml',
      `portals: [${[1, 2].map((id) => `{ portalId: ${id}, accessToken: p, aiActorId: A-1, clientSecret: s${id === 1 ? `, toolsFile: ${own}` : ''} }`).join()}]`,
    );
    const { WEBHOOK_PUBLIC_URL } = ONE_PORTAL;
    const env = { WEBHOOK_PUBLIC_URL, PORTALS_FILE: portals, TOOLS_FILE: shared };
    const config = loadConfig({ ...env, SHOP_TOKEN: 'one' });
    expect(config.tools).toMatchObject({ path: shared, tools: [{ name: 'a' }] });
    expect(config.portals.map(({ tools }) => tools?.path)).toEqual([own, undefined]);
    expect(problemsOf({ ...env, PORT: 'x' }).map((problem) => problem.replace(shared, 'FILE'))).toEqual([
      expect.stringMatching(/^PORT/),
      'TOOLS_FILE FILE: the tool a: headers.a needs SHOP_TOKEN, which is not set in the environment',
    ]);
    // The API's own process has none of the secrets, and calls no tool.
    expect(loadConfig(env, null)).toMatchObject({ tools: null });
    expect(problemsOf({ ...ONE_PORTAL, TOOLS_FILE: '/nowhere/tools.yaml' })).toEqual([
      expect.stringMatching(/^TOOLS_FILE \/nowhere\/tools\.yaml can't be read: ENOENT/),
    ]);
  });
});
