import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createApiMetrics } from '../../src/api/metrics.ts';
import { SKIP_REASONS } from '../../src/rules/skip-reasons.ts';
import { replyToMessageRun } from '../../src/runs/reply-to-message.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { SEARCH_ATTRIBUTES } from '../../src/runs/search-attributes.ts';
import { parseReplyToMessage } from '../../src/workflows/shared/input.ts';
import { codesIn, firstColumn, PAGES, ROOT, read, section } from './markdown.ts';

const SCRIPTS: string[] = Object.keys(JSON.parse(read('package.json')).scripts);

/** Pages that stand beside what they are about. */
const BESIDE_THE_CODE = [
  'bench/README.md',
  'bench/results/README.md',
  'eval/README.md',
  'test/README.md',
  'test/chaos/README.md',
];

/** As GitHub makes anchors of headings. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each([...PAGES, ...BESIDE_THE_CODE].map((page) => [page]))('%s', (page) => {
  const text = read(page);

  it('has no link that leads nowhere', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const dead = links
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !SCRIPTS.includes(name))).toEqual([]);
  });

  it('names only search attributes, workflow types and skip reasons that exist, where it shows a command', () => {
    const known = [
      ...SEARCH_ATTRIBUTES.map(({ name }) => name),
      'WorkflowType',
      'ExecutionStatus',
      'StartTime',
      'TemporalWorkerDeploymentVersion',
    ];
    const commands = text.split('\n').filter((line) => line.includes('temporal workflow'));
    const queries = commands.flatMap((line) => /--query '([^']*)'/.exec(line)?.[1] ?? []);
    const terms = queries.flatMap((query) => [...query.matchAll(/(\w+) ?[=<] ?"([^"]*)"/g)]);
    expect(terms.map(([, name]) => name).filter((name) => !known.includes(name ?? ''))).toEqual([]);
    for (const [, name, value] of terms) {
      if (name === 'SkipReason') expect(SKIP_REASONS).toContain(value);
      if (name === 'WorkflowType') expect(WORKFLOW_TYPES).toContain(value);
    }
  });

  it('speaks of code files that exist', () => {
    const named = codesIn(text).filter((code) => /^(?:src|dev|test|lint|docs|hubspot-app)\/[\w./-]+$/.test(code));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('package.json, Dockerfile, docker-compose.yml and the pages', () => {
  it('start only programs that the build makes', () => {
    const texts = ['package.json', 'Dockerfile', 'docker-compose.yml', ...PAGES].map(read).join('\n');
    const programs = new Set([...texts.matchAll(/\bdist\/([\w/-]+)\.js\b/g)].map(([, name = '']) => `src/${name}.ts`));
    expect([...programs].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('docs/run-by-hand.md', () => {
  it('shows a command by hand whose id belongs to its input', () => {
    const [, workflowId, json = ''] =
      /workflow execute --type replyToMessage[\s\S]*?--workflow-id (\S+)[\s\S]*?--input '([^']+)'/.exec(
        read('docs/run-by-hand.md'),
      ) ?? [];
    expect(replyToMessageRun.workflowId(parseReplyToMessage(JSON.parse(json)))).toBe(workflowId);
  });
});

describe('docs/metrics.md', () => {
  it('has every metric of the API, and no other', async () => {
    const registry = new Registry();
    createApiMetrics(registry);
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(firstColumn(section('docs/metrics.md', 'Metrics'))).toEqual(names);
  });
});

describe('docs/alerts.md', () => {
  it('has a section for every alert, in order, and no other', () => {
    const alerts = [...read('ops/alerts.yaml').matchAll(/^\s*- alert: (\w+)$/gm)].map(([, name]) => name);
    const sections = [...read('docs/alerts.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(alerts.length).toBeGreaterThan(10);
    expect(sections).toEqual(alerts);
  });
});

describe('docs/README.md', () => {
  it('leads to every page', () => {
    const missing = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md').filter(
      (page) => !read('docs/README.md').includes(`](${page.slice('docs/'.length)})`),
    );
    expect(missing).toEqual([]);
  });
});
