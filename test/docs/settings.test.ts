import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { withComments } from '../../scripts/settings-example.ts';
import { withSettings } from '../../scripts/settings-reference.ts';
import { demoEnvironment } from '../../src/config/demo.ts';
import { type ConfigError, loadConfig, SETTINGS } from '../../src/config.ts';
import { codeBlocks, codesIn, ROOT, read, section, tableRows } from './markdown.ts';

const PAGE = 'docs/configuration.md';

/** Variable and value of every line of .env.example, commented out or not. */
const EXAMPLE = new Map(
  [...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

/** Each setting below a heading of its own: what may stand there, what counts without it, and what it means. */
const REFERENCE = [...read(PAGE).matchAll(/^### ([A-Z0-9_]+)\n\n((?:.+\n)+)\n((?:.+\n)+)/gm)].map(
  ([, name = '', values = '', meaning = '']) => {
    const [takes = '', without = ''] = values.trim().replaceAll('\n', ' ').split(' · ');
    return { name, takes, without, meaning };
  },
);

/** What counts without it, by variable; Temporal's and Compose's own are in tables. */
const DOCUMENTED = new Map([
  ...REFERENCE.map(({ name, without }) => [name, without.replace(/^default: /, '')] as const),
  ...tableRows(read(PAGE)).flatMap(([names = '', fallback = '']) =>
    codesIn(names).map((name) => [name, fallback] as const),
  ),
]);

const TEMPORALS_OWN = (() => {
  const folder = dirname(createRequire(import.meta.url).resolve('@temporalio/envconfig'));
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  return new Set(code.join('\n').match(/TEMPORAL_[A-Z_]+/g));
})();
const COMPOSES_OWN = new Set([...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));

const REQUIRED: Record<string, string> = {
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-eu1-0',
  HUBSPOT_CLIENT_SECRET: 'secret',
  HUBSPOT_AI_ACTOR_ID: 'A-500',
  WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
};

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['.env.example', EXAMPLE],
  [PAGE, DOCUMENTED],
])('%s', (_, named) => {
  it('has every setting', () => {
    expect(SETTINGS.filter((name) => !named.has(name))).toEqual([]);
  });

  it('has no variable that nobody reads', () => {
    const read = (name: string) => SETTINGS.includes(name) || TEMPORALS_OWN.has(name) || COMPOSES_OWN.has(name);
    expect([...named.keys()].filter((name) => !read(name))).toEqual([]);
  });
});

describe('.env.example', () => {
  it('says of each setting what the schema says: npm run settings', () => {
    expect(read('.env.example')).toBe(withComments(read('.env.example')));
  });

  it('leads to pages that exist', () => {
    const pages = [
      ...read('.env.example')
        .replaceAll('\n# ', ' ')
        .matchAll(/docs\/[\w-]+\.md/g),
    ].map(([path]) => path);
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('leaves open exactly what is required', () => {
    const open = [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)];
    expect(open.map(([, name, value]) => [name, value])).toEqual(Object.keys(REQUIRED).map((name) => [name, '']));
    expect(() => loadConfig(REQUIRED)).not.toThrow();
    for (const name of Object.keys(REQUIRED)) {
      expect(() => loadConfig({ ...REQUIRED, [name]: '' })).toThrow(new RegExp(`${name} is`));
    }
  });

  it('shows the defaults: with all of them set, nothing changes', () => {
    expect(loadConfig({ ...Object.fromEntries(EXAMPLE), ...REQUIRED })).toEqual(loadConfig(REQUIRED));
  });
});

describe(PAGE, () => {
  it('has the settings as the schema has them: npm run settings', () => {
    expect(read(PAGE)).toBe(withSettings(read(PAGE)));
  });

  it('says of each setting what may stand there, what counts without it, and what it means', () => {
    const missing = SETTINGS.filter((name) => !TEMPORALS_OWN.has(name) && !REFERENCE.some((one) => one.name === name));
    expect(missing).toEqual([]);
  });

  it('shows the defaults of .env.example', () => {
    for (const [name, fallback] of DOCUMENTED) {
      if (EXAMPLE.get(name)) expect(`${name}: ${fallback}`).toBe(`${name}: \`${EXAMPLE.get(name)}\``);
      if (name in REQUIRED) expect(`${name}: ${fallback}`).toBe(`${name}: required`);
    }
  });

  it('names the settings that the demo takes, and no other', () => {
    const all = Object.fromEntries(SETTINGS.map((name) => [name, 'set']));
    const named = codesIn(section(PAGE, 'Settings of the demo')).filter((code) => SETTINGS.includes(code));
    expect(named.sort()).toEqual(Object.keys(demoEnvironment(all, {})).sort());
  });

  it('has a PORTALS_FILE that works', () => {
    const [yaml = ''] = codeBlocks(read('docs/many-portals.md'), 'yaml');
    const path = join(folder, 'portals.yaml');
    writeFileSync(path, yaml);
    const { WEBHOOK_PUBLIC_URL, HUBSPOT_CLIENT_SECRET } = REQUIRED;
    const { portals } = loadConfig({ PORTALS_FILE: path, WEBHOOK_PUBLIC_URL, HUBSPOT_CLIENT_SECRET });
    expect(portals.map(({ settings }) => [settings.portalId, settings.autonomy.default])).toEqual([
      ['62515', 'draft'],
      ['62516', 'auto'],
    ]);
  });

  it('names what is an error beside PORTALS_FILE, and nothing else', () => {
    const named = codesIn(section('docs/many-portals.md', 'Settings that the file replaces')).filter(
      (code) => code !== 'PORTALS_FILE',
    );
    const problems = ((): string[] => {
      try {
        const all = Object.fromEntries([...EXAMPLE].map(([name, value]) => [name, value || 'set']));
        loadConfig({ ...all, ...REQUIRED, PORTALS_FILE: join(folder, 'missing.yaml') });
        return [];
      } catch (error) {
        return (error as ConfigError).problems;
      }
    })();
    const refused = problems.filter((problem) => problem.includes('beside PORTALS_FILE'));
    expect(named).toEqual(refused.map((problem) => problem.split(' ')[0]));
  });
});
