import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { knowledgeSchema } from '../../scripts/portals-schema.ts';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { codeBlocks, read } from '../docs/markdown.ts';
import { problemsOf } from '../support/config-problems.ts';

const ONE_PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};
const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-knowledge-'));
const file = join(folder, 'knowledge.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const sourcesOf = (yaml: string, more: Record<string, string> = {}) => {
  writeFileSync(file, yaml);
  return loadConfig({ ...ONE_PORTAL, KNOWLEDGE_SOURCES: file, ...more }).knowledgeSources;
};
const problemsIn = (yaml: string): string[] => {
  writeFileSync(file, yaml);
  const problems = problemsOf({ ...ONE_PORTAL, KNOWLEDGE_SOURCES: file });
  return problems.map((problem) => problem.replace(`KNOWLEDGE_SOURCES ${file}`, 'FILE'));
};
const example = codeBlocks(read('docs/articles.md'), 'yaml').find((block) => block.includes('sources:')) ?? '';
const site = (changes: string) => `sources: [{ type: site, sitemap: "https://a.example/sitemap.xml", ${changes} }]`;

describe('KNOWLEDGE_SOURCES', () => {
  it('reads the example of the docs', () => {
    const common = { allowLoss: false, language: null };
    expect(sourcesOf(example)).toEqual({
      refreshMs: 3_600_000,
      sources: [
        { ...common, type: 'folder', name: './handbook', folder: join(folder, 'handbook'), language: 'de' },
        {
          ...common,
          type: 'site',
          name: 'https://help.example.com/sitemap.xml',
          sitemap: 'https://help.example.com/sitemap.xml',
          allow: ['/en/', '/de/'],
          leaveOut: ['/en/changelog'],
          mostPages: 2_000,
        },
        {
          ...common,
          type: 'hubspot',
          name: 'portal 62515',
          portalId: '62515',
          domain: 'kb.example.com',
          mostPages: 2_000,
        },
      ],
    });
  });

  it('has KNOWLEDGE_DIR beside it only where that is set', () => {
    const names = (more: Record<string, string>) => sourcesOf(site(''), more)?.sources.map(({ name }) => name);
    expect(names({})).toEqual(['https://a.example/sitemap.xml']);
    expect(names({ KNOWLEDGE_DIR: 'help' })).toEqual(['https://a.example/sitemap.xml', 'KNOWLEDGE_DIR']);
    expect(sourcesOf(site(''), { KNOWLEDGE_DIR: 'help' })?.sources[1]).toMatchObject({ folder: resolve('help') });
  });

  it.each([
    ['no list', 'hello', ['FILE: must hold a list named sources']],
    ['no source', 'sources: []', ['FILE: sources lists no source']],
    [
      'an unknown type',
      'sources: [{ type: wiki }]',
      ['FILE: sources.0.type must have a type: folder, site or hubspot'],
    ],
    [
      'a folder without its path',
      'sources: [{ type: folder }]',
      ['FILE: sources.0.folder must be the path of a folder'],
    ],
    ['a sitemap that is none', 'sources: [{ type: site, sitemap: help }]', [expect.stringContaining('must be a URL')]],
    [
      'a password',
      'sources: [{ type: site, sitemap: "https://a:b@c.example/" }]',
      [expect.stringContaining('no user')],
    ],
    ['a path without its slash', site('allow: [en]'), ['FILE: sources.0.allow.0 must begin with /, such as /en/help/']],
    ['too many pages', site('mostPages: 9999'), ['FILE: sources.0.mostPages must be a whole number from 1 to 5000']],
    ['a misspelt field', site('alow: [/a]'), [expect.stringContaining('did you mean allow?')]],
    ['a short time', `refreshEvery: 1m\n${site('')}`, [expect.stringContaining('must be')]],
    ['no time', `refreshEvery: 0s\n${site('')}`, ['FILE: refreshEvery must be at least 5m']],
    [
      'two of one name',
      'sources: [{ type: folder, folder: a }, { type: folder, folder: a }]',
      ['FILE: two sources are called a: give each a name of its own'],
    ],
  ])('refuses %s, and says what to do', (_, yaml, problems) => {
    expect(problemsIn(yaml)).toEqual(problems);
  });

  it('that is not there is named', () => {
    expect(() => loadConfig({ ...ONE_PORTAL, KNOWLEDGE_SOURCES: '/no/such.yaml' })).toThrow(ConfigError);
  });

  it('has a JSON Schema, which is the one that is published: npm run schema', () => {
    const schema = knowledgeSchema();
    const path = 'schemas/knowledge.schema.json';
    expect(JSON.parse(read(path))).toEqual(JSON.parse(JSON.stringify(schema)));
    const isValid = new Ajv({ strict: false, allowUnionTypes: true }).compile(schema);
    expect(isValid(parse(example))).toBe(true);
    expect(isValid({ sources: [{ type: 'site', sitemap: 'https://a.example/', folder: 'b' }] })).toBe(false);
    expect(example.split('\n')[0]).toBe(`# yaml-language-server: $schema=${path}`);
  });
});
