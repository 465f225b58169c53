import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { linkTo } from '../../site/links.ts';
import { navigation } from '../../site/navigation.ts';
import { PAGES, read } from '../docs/markdown.ts';

const REPOSITORY = 'https://github.com/owner/name';
const CONTENTS = read('docs/README.md');

describe("the site's navigation", () => {
  const sections = navigation(CONTENTS, REPOSITORY);

  it('has each page of docs once', () => {
    const links = sections.flatMap(({ items }) => items.map(({ link }) => link));
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    const paths = pages.map((page) => page.replace(/^docs(.*)\.md$/, '$1'));
    expect(links.filter((link) => link.startsWith('/')).sort()).toEqual(paths.sort());
  });

  it('has the sections of docs/README.md, each with entries', () => {
    expect(sections.map(({ text }) => text)).toEqual([...CONTENTS.matchAll(/^## (.*)$/gm)].map(([, text]) => text));
    for (const { text, items } of sections) expect([text, items.length > 0]).toEqual([text, true]);
  });

  it('has every link of a list, in order, and what is outside of docs only with a repository', () => {
    const contents = '# All\n[x](y)\n## One\n- [A](tools.md): a, and [B](email.md#senders)\n- [C](../SECURITY.md)\n';
    const [a, b] = [
      { text: 'A', link: '/tools' },
      { text: 'B', link: '/email#senders' },
    ];
    const c = { text: 'C', link: `${REPOSITORY}/blob/main/SECURITY.md` };
    expect(navigation(contents, REPOSITORY)).toEqual([{ text: 'One', items: [a, b, c] }]);
    expect(navigation(contents, undefined)).toEqual([{ text: 'One', items: [a, b] }]);
  });
});

describe('a link of the site', () => {
  it.each([
    ['a page', 'tools.md#what', 'tools.md#what'],
    ['a place on the page', '#what', '#what'],
    ['another site', 'https://example.com/../a', 'https://example.com/../a'],
    ['the list of pages', 'README.md#trust-it', './index.md#trust-it'],
    ['a file', '../README.md#five-promises', `${REPOSITORY}/blob/main/README.md#five-promises`],
    ['a folder', '../hubspot-app/', `${REPOSITORY}/tree/main/hubspot-app`],
  ])('leads to %s', (_, target, link) => {
    expect(linkTo(target, 'faq.md', REPOSITORY)).toBe(link);
  });

  it('is none to a file of a repository whose address is unknown', () => {
    expect(linkTo('../README.md', 'faq.md', undefined)).toBeUndefined();
  });

  it.each(['../src/no-such-file.ts', 'no-such-page.md'])('to %s stops the build', (target) => {
    expect(() => linkTo(target, 'faq.md', REPOSITORY)).toThrow(`docs/faq.md links to ${target}`);
  });
});

describe("the site's packages", () => {
  const manifest = JSON.parse(read('site/package.json'));
  const text = read('site/package-lock.json');
  const { packages } = JSON.parse(text);

  it('are of exact versions, which the lockfile has, and are none of the product', () => {
    expect(manifest.dependencies).toBeUndefined();
    for (const [name, version] of Object.entries<string>(manifest.devDependencies)) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      expect([name, packages[`node_modules/${name}`].version]).toEqual([name, version]);
    }
    expect(JSON.parse(read('package-lock.json')).packages['node_modules/vitepress']).toBeUndefined();
  });

  it('each have a hash, and the lockfile names no registry', () => {
    for (const [path, { integrity }] of Object.entries<{ integrity?: string }>(packages)) {
      if (path) expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
    }
    expect(text).not.toContain('"resolved"');
  });

  it('are installed by the rules of the product, so that none runs a script', () => {
    expect(read('site/.npmrc')).toBe(read('.npmrc'));
  });

  it('are raised by Renovate together', () => {
    const { packageRules, ignorePaths } = JSON.parse(read('renovate.json'));
    const rule = packageRules.find(({ groupName }: { groupName?: string }) => groupName === 'documentation site');
    expect([rule.matchFileNames, ignorePaths]).toEqual([['site/package.json'], undefined]);
  });
});

describe('.github/workflows/site.yml', () => {
  const { on, jobs } = parse(read('.github/workflows/site.yml'));

  it('builds the site at each push, and publishes that of main alone', () => {
    expect(on).toEqual({ push: null, pull_request: null });
    expect(jobs.build.steps.map(({ run }: { run?: string }) => run)).toContain('npm run docs:site');
    expect([jobs.publish.needs, jobs.publish.if]).toEqual([
      'build',
      "github.event_name == 'push' && github.ref == 'refs/heads/main'",
    ]);
    expect(jobs.publish.permissions).toEqual({ pages: 'write', 'id-token': 'write' });
  });
});
