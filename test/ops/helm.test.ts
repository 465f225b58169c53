import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { SECRETS_OF_WORKERS } from '../../src/config/api.ts';
import { SETTINGS } from '../../src/config.ts';
import { read } from '../docs/markdown.ts';
import { hasHelm, helm, itWithHelm, KUBERNETES, type Manifest, type Pod, podsOf, type Rule, render } from './chart.ts';

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

it('names for the API only secrets that exist, and none that only workers use', () => {
  const { api } = parse(read(`${CHART}/values.yaml`)) as { api: { secretKeys: string[] } };
  expect(api.secretKeys.filter((name) => !SETTINGS.includes(name) && !name.startsWith('TEMPORAL_'))).toEqual([]);
  expect(api.secretKeys.filter((name) => SECRETS_OF_WORKERS.some((secret) => secret === name))).toEqual([]);
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
    'codecServer.enabled=true',
  ];

  itWithHelm('passes its linter', async () => {
    await helm('lint', '--strict', CHART, ...KUBERNETES);
    await helm('lint', '--strict', CHART, ...KUBERNETES, ...everything.flatMap((value) => ['--set', value]));
  });

  itWithHelm('runs everything as nobody in particular, and lets a worker end its work', async () => {
    const pods = podsOf(await render(...everything));
    expect(pods.map(([name]) => name.replace(/-[0-9a-f]{6}$/, '')).sort()).toEqual([
      'Deployment shop-threadkeeper-api',
      'Deployment shop-threadkeeper-codec-server',
      'Deployment shop-threadkeeper-worker',
      'Deployment shop-threadkeeper-worker-0-0-9',
      'Deployment shop-threadkeeper-worker-0-1-0',
      'Job shop-threadkeeper-roll-out',
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
      if (name.includes('-worker')) expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    }
  });

  itWithHelm('gives the API and the set-up only the secrets that they need, and workers all', async () => {
    const secretsOf = async (component: string, ...values: string[]) => {
      const [[, pod] = []] = podsOf(await render(...values)).filter(([name]) => name.includes(component));
      const { env = [], envFrom = [] } = pod?.containers[0] ?? {};
      const single = env.flatMap(({ name, valueFrom }) => {
        const optional = !(component === '-worker' && name === 'DATABASE_URL');
        if (valueFrom) expect(valueFrom.secretKeyRef).toEqual({ name: 'threadkeeper', key: name, optional });
        return valueFrom ? [name] : [];
      });
      return { single, whole: envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []) };
    };
    const api = await secretsOf('-api');
    expect(api.whole).toEqual([]);
    expect(api.single).toEqual(expect.arrayContaining(['HUBSPOT_CLIENT_SECRET', 'OPS_TOKEN', 'PAYLOAD_KEYS']));
    for (const name of [...SECRETS_OF_WORKERS, 'DATABASE_URL']) expect(api.single).not.toContain(name);
    for (const value of ['api.database=true', 'settings.HUBSPOT_CLIENT_ID=id']) {
      expect((await secretsOf('-api', value)).single).toContain('DATABASE_URL');
    }
    const setup = await secretsOf('-setup');
    expect([setup.whole, setup.single.filter((name) => !name.startsWith('TEMPORAL_'))]).toEqual([[], []]);
    expect(await secretsOf('-worker')).toEqual({ single: ['DATABASE_URL'], whole: ['threadkeeper'] });

    const portals = (pods: [string, Pod][]) =>
      pods.map(([name, { volumes }]) => [
        name.replace(/^.*-threadkeeper-(\w+).*$/, '$1'),
        volumes.find((volume) => volume.name === 'portals')?.secret?.secretName,
      ]);
    expect(portals(podsOf(await render('portalsSecret=all', 'api.portalsSecret=without-tokens')))).toEqual(
      expect.arrayContaining([
        ['api', 'without-tokens'],
        ['worker', 'all'],
      ]),
    );
  });

  itWithHelm('lets nobody reach more of a pod than its one port, and no pod more than it needs', async () => {
    const policies = async (...values: string[]): Promise<Record<string, Manifest['spec']>> =>
      Object.fromEntries(
        (await render(...values))
          .filter(({ kind }) => kind === 'NetworkPolicy')
          .map(({ spec }) => [spec.podSelector?.matchLabels['app.kubernetes.io/component'], spec]),
      );
    const portsOf = (rules: Rule[] = []) => rules.flatMap(({ ports }) => ports.map(({ port }) => port));
    const plain = await policies();
    for (const spec of Object.values(plain)) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(
      Object.entries(plain).map(([name, { ingress, egress }]) => [name, portsOf(ingress), portsOf(egress)]),
    ).toEqual([
      ['api', ['http'], [53, 53, 7233, 443]],
      ['worker', ['metrics'], [53, 53, 7233, 5432, 443]],
      ['setup', [], [53, 53, 7233]],
    ]);
    // Where clouds hand out their credentials.
    expect(JSON.stringify(plain.worker?.egress)).toContain('169.254.0.0/16');

    const adjusted = await policies(
      'settings.TEMPORAL_ADDRESS=temporal.example.com:7777',
      'networkPolicy.databasePort=6432',
      'api.database=true',
      'networkPolicy.apiFrom[0].namespaceSelector.matchLabels.name=ingress',
      'networkPolicy.databaseTo[0].ipBlock.cidr=10.1.0.0/16',
      'networkPolicy.extraEgress[0].ports[0].port=4318',
    );
    expect(portsOf(adjusted.api?.egress)).toEqual([53, 53, 7777, 6432, 443, 4318]);
    expect(adjusted.api?.ingress?.[0]?.from).toEqual([{ namespaceSelector: { matchLabels: { name: 'ingress' } } }]);
    expect(adjusted.worker?.egress?.[2]?.to).toEqual([{ ipBlock: { cidr: '10.1.0.0/16' } }]);
    expect(await policies('networkPolicy.enabled=false')).toEqual({});
  });

  itWithHelm('publishes nothing by itself', async () => {
    expect((await render()).filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute')).toEqual([]);
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
      ['threadkeeper:0.1.0', undefined],
    ]);
    const [[, plain] = []] = podsOf(await render()).filter(([name]) => name.includes('worker'));
    expect(plain?.containers[0]?.env?.map(({ name }) => name)).toEqual([
      'WORKER_METRICS_ADDRESS',
      'WORKER_HEALTH_ADDRESS',
      'DATABASE_URL',
    ]);
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
