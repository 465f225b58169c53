import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CHART, COPIES, withSettings, withValues } from '../../scripts/helm-chart.ts';
import { ROOT, read } from '../docs/markdown.ts';
import {
  fromFile,
  hasHelm,
  helm,
  itWithHelm,
  KUBERNETES,
  type Manifest,
  named,
  podsOf,
  render,
  template,
} from './chart.ts';

const CI = readdirSync(join(ROOT, CHART, 'ci')).map((name) => join(CHART, 'ci', name));

const withoutSpaces = (text: string) => text.replace(/\s+/g, ' ').trim();

const deployments = (manifests: Manifest[]) =>
  manifests.flatMap(({ kind, metadata, spec }) =>
    kind === 'Deployment' ? [[metadata.name.replace(/^shop-threadkeeper-|-[0-9a-f]{6}$/g, ''), spec.replicas]] : [],
  );

describe('What the chart has of elsewhere, as npm run chart writes it:', () => {
  it('the settings', () => {
    const schema = read(`${CHART}/values.schema.json`);
    expect(JSON.parse(schema)).toEqual(JSON.parse(withSettings(schema)));
  });

  it('the values in its README', () => {
    const readme = read(`${CHART}/README.md`);
    expect(withoutSpaces(readme)).toBe(withoutSpaces(withValues(readme, read(`${CHART}/values.yaml`))));
  });

  it.each(COPIES)('%s', (name) => {
    expect(read(`${CHART}/files/${name}`)).toBe(read(`ops/${name}`));
  });
});

describe(`${CHART}, by helm${hasHelm ? '' : ' (skipped: not installed)'}`, () => {
  itWithHelm.each(CI)('passes the linter with %s', async (file) => {
    await helm('lint', '--strict', CHART, ...KUBERNETES, '--values', file);
    expect((await template('--values', file)).length).toBeGreaterThan(5);
  });

  itWithHelm('takes numbers and words as a person writes them in YAML', async () => {
    const text = 'settings: { HUBSPOT_PORTAL_ID: 62515123, AUTONOMY: off, MIN_CONFIDENCE: 0.7, OPS_SHOW_TEXT: true }';
    expect(named(await fromFile(text), 'ConfigMap', 'shop-threadkeeper')?.data).toMatchObject({
      HUBSPOT_PORTAL_ID: '62515123',
      AUTONOMY: 'off',
      MIN_CONFIDENCE: '0.7',
      OPS_SHOW_TEXT: 'true',
    });
    await expect(fromFile('image: { tag: 1.10 }')).rejects.toThrow(/got number, want string/);
  });

  itWithHelm('switches versions on beside the workers that answer, and takes those away when it is said', async () => {
    const before = await render();
    const switched = await render('versioning.enabled=true');
    const after = await render('versioning.enabled=true', 'versioning.unversionedWorkers=false');
    expect(deployments(before)).toEqual([
      ['api', 2],
      ['worker', 2],
    ]);
    expect(deployments(switched)).toEqual([
      ['api', 2],
      ['worker-0-1-0', 2],
      ['worker', 2],
    ]);
    expect(deployments(after)).toEqual([
      ['api', 2],
      ['worker-0-1-0', 2],
    ]);
    // The same to the letter, so that none of its pods is made anew.
    const old = 'shop-threadkeeper-worker';
    expect(named(switched, 'Deployment', old)).toEqual(named(before, 'Deployment', old));

    const workers = switched.filter(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name !== 'shop-threadkeeper-api',
    );
    for (const { spec } of workers) {
      const selected = workers.filter(({ spec: { template: pods } }) =>
        Object.entries(spec.selector?.matchLabels ?? {}).every(
          ([name, value]) => pods?.metadata.labels?.[name] === value,
        ),
      );
      expect(selected).toHaveLength(1);
    }
  });

  itWithHelm('keeps as many workers as a build had, while it is the one that answers', async () => {
    const next = ['versioning.enabled=true', 'image.tag=1.4.0', 'versioning.previousTags={1.3.0}'];
    const replicas = async (...values: string[]) => Object.fromEntries(deployments(await render(...next, ...values)));
    expect(await replicas('worker.replicas=5')).toMatchObject({ 'worker-1-4-0': 5, 'worker-1-3-0': 5, worker: 5 });
    expect(await replicas('versioning.previousReplicas=1')).toMatchObject({ 'worker-1-4-0': 2, 'worker-1-3-0': 1 });
    expect(await replicas('autoscaling.kind=keda')).toEqual({ api: 2 });
  });

  itWithHelm('lets no upgrade or way back take away workers that are needed', async () => {
    const checkOf = async (...values: string[]) => named(await render(...values), 'Job', 'shop-threadkeeper-roll-out');
    const words = (job: Manifest | undefined) => job?.spec.template?.spec.containers[0]?.args.slice(2).join(' ');
    const plain = await checkOf();
    expect(plain?.metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-upgrade,pre-rollback',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    expect(words(plain)).toBe('--deployment threadkeeper --unversioned');
    const versions = ['versioning.enabled=true', 'image.tag=1.4.0', 'versioning.previousTags={1.3.0}'];
    expect(words(await checkOf(...versions))).toBe(
      '--deployment threadkeeper --build 1.4.0 --build 1.3.0 --unversioned',
    );
    const after = words(await checkOf(...versions, 'versioning.unversionedWorkers=false'));
    expect(after).toBe('--deployment threadkeeper --build 1.4.0 --build 1.3.0');
    expect(await checkOf('versioning.check=false')).toBeUndefined();
  });

  itWithHelm('gives the set-up nothing that is made after it', async () => {
    const [[, setup] = []] = podsOf(
      await render('serviceAccount.create=true', 'files.a=b', 'portalsSecret=portals'),
    ).filter(([name]) => name === 'Job shop-threadkeeper-setup');
    expect(setup?.serviceAccountName).toBeUndefined();
    expect(setup?.volumes.map(({ name }) => name)).toEqual(['tmp']);
    expect(setup?.containers[0]?.envFrom).toBeUndefined();
  });

  itWithHelm('starts pods anew when a file of theirs changes', async () => {
    const checksums = async (text: string): Promise<(string | undefined)[]> => {
      const manifests = await render(`files.rules=${text}`);
      return ['api', 'worker'].map((name) => {
        const deployment = named(manifests, 'Deployment', `shop-threadkeeper-${name}`);
        return deployment?.spec.template?.metadata.annotations?.['checksum/files'];
      });
    };
    const [one, other] = [await checksums('one'), await checksums('other')];
    expect(one).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), one[0]]);
    expect(other[0]).not.toBe(one[0]);
  });
});
