import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { SETTINGS } from '../../src/config.ts';
import { ROOT, read } from '../docs/markdown.ts';

const CHART = 'deploy/helm/threadkeeper';
const KUBERNETES = ['--kube-version', '1.31.0'];

/** As much of a manifest as is looked at here. */
interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas?: number;
    rules?: { http: { paths: { path: string; pathType: string }[] } }[];
    template?: { spec: Pod };
    triggers?: { metadata: Record<string, string> }[];
  };
}
interface Pod {
  terminationGracePeriodSeconds?: number;
  automountServiceAccountToken: boolean;
  securityContext: object;
  containers: {
    image: string;
    command: string[];
    securityContext: object;
    env?: { name: string; value: string }[];
    livenessProbe?: object;
    resources: { requests: object; limits: object };
  }[];
}

const hasHelm = ((): boolean => {
  try {
    execFileSync('helm', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const itWithHelm = hasHelm ? it : it.skip;

const helm = async (...words: string[]): Promise<string> =>
  (await promisify(execFile)('helm', words, { cwd: ROOT, maxBuffer: 10_000_000 })).stdout;
const render = async (...values: string[]): Promise<Manifest[]> => {
  const set = values.flatMap((value) => ['--set', value]);
  const text = await helm('template', 'shop', CHART, ...KUBERNETES, ...set);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
};
const podsOf = (manifests: Manifest[]): [string, Pod][] =>
  manifests.flatMap(({ kind, spec, metadata }) =>
    spec?.template ? [[`${kind} ${metadata.name}`, spec.template.spec] as [string, Pod]] : [],
  );

it('has the version of the product', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(parse(read(`${CHART}/Chart.yaml`))).toMatchObject({ version, appVersion: version });
});

it('sets only settings that exist', () => {
  const values = `${read(`${CHART}/values.yaml`)}${read(`${CHART}/templates/worker.yaml`)}`;
  const named = [...values.matchAll(/^\s*(?:# )?(?:- \{ name: )?([A-Z][A-Z_]{3,})(?::|,)/gm)].map(
    ([, name = '']) => name,
  );
  expect(named).toContain('WORKER_BUILD_ID');
  expect(named.filter((name) => !SETTINGS.includes(name) && name !== 'TEMPORAL_NAMESPACE')).toEqual([]);
});

describe(`${CHART}, by helm${hasHelm ? '' : ' (skipped: not installed)'}`, () => {
  const everything = [
    'versioning.enabled=true',
    'versioning.previousTags={0.0.9}',
    'autoscaling.kind=keda',
    'ingress.enabled=true',
    'ingress.host=threadkeeper.example.com',
    'ingress.tlsSecret=certificate',
    'portalsSecret=portals',
    'knowledgeConfigMap=articles',
  ];

  itWithHelm('passes its linter', async () => {
    await helm('lint', '--strict', CHART, ...KUBERNETES);
    await helm('lint', '--strict', CHART, ...KUBERNETES, ...everything.flatMap((value) => ['--set', value]));
  });

  itWithHelm('runs everything as nobody in particular, and lets a worker end its work', async () => {
    const pods = podsOf(await render(...everything));
    expect(pods.map(([name]) => name.replace(/-[0-9a-f]{6}$/, '')).sort()).toEqual([
      'Deployment shop-threadkeeper-api',
      'Deployment shop-threadkeeper-worker-0-0-9',
      'Deployment shop-threadkeeper-worker-0-1-0',
      'Job shop-threadkeeper-setup',
    ]);
    for (const [name, pod] of pods) {
      expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
      for (const container of pod.containers) {
        expect(container).toMatchObject({
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { memory: expect.anything() }, limits: { memory: expect.anything() } },
        });
        if (name.startsWith('Deployment')) expect(container.livenessProbe).toBeDefined();
      }
      if (name.includes('worker')) expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    }
  });

  itWithHelm('publishes the webhook path and nothing else', async () => {
    const ingress = (await render(...everything)).filter(({ kind }) => kind === 'Ingress');
    const paths = ingress.flatMap(({ spec }) => spec.rules?.flatMap(({ http }) => http.paths) ?? []);
    expect(paths).toMatchObject([{ path: '/webhooks/hubspot', pathType: 'Exact' }]);
    expect((await render()).filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  itWithHelm('keeps the workers of builds that still have runs, each under its own build id', async () => {
    const workers = podsOf(await render(...everything)).filter(([name]) => name.includes('worker'));
    const builds = workers.map(([, { containers }]) => [
      containers[0]?.image,
      containers[0]?.env?.find(({ name }) => name === 'WORKER_BUILD_ID')?.value,
    ]);
    expect(builds).toEqual([
      ['threadkeeper:0.1.0', '0.1.0'],
      ['threadkeeper:0.0.9', '0.0.9'],
    ]);
    const [[, plain] = []] = podsOf(await render()).filter(([name]) => name.includes('worker'));
    expect(plain?.containers[0]?.env?.map(({ name }) => name)).toEqual(['WORKER_METRICS_ADDRESS']);
  });

  itWithHelm('scales the current build by the backlog of both task queues, or by CPU, or not at all', async () => {
    const kinds = (manifests: Manifest[]) => manifests.map(({ kind }) => kind);
    const keda = await render(...everything);
    const triggers = keda.flatMap(({ spec }) => spec?.triggers ?? []);
    expect(triggers.map(({ metadata }) => [metadata.taskQueue, metadata.workerDeploymentBuildId])).toEqual([
      ['threadkeeper', '0.1.0'],
      ['threadkeeper-hubspot', '0.1.0'],
    ]);
    const worker = keda.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('worker-0-1-0'));
    expect(worker?.spec.replicas).toBeUndefined();
    expect(kinds(await render('autoscaling.kind=cpu'))).toContain('HorizontalPodAutoscaler');
    expect(kinds(await render()).filter((kind) => /Scale/.test(kind))).toEqual([]);
    await expect(render('autoscaling.kind=magic')).rejects.toThrow('must be none, keda or cpu');
  });
});
