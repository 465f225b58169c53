import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { parse } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { read } from '../docs/markdown.ts';
import { hasHelm, itWithHelm, type Manifest, named, type Pod, podsOf, template } from './chart.ts';

const ci = (name: string) => ['--values', join(CHART, `ci/${name}-values.yaml`)];

describe(`The pods of ${CHART}, by helm${hasHelm ? '' : ' (skipped: not installed)'}`, () => {
  /** With every value set, with as few as there may be, and with one of each. */
  let [everything, minimal, plain]: [Manifest[], Manifest[], Manifest[]] = [[], [], []];
  const podsByKind = (manifests: Manifest[]): Record<string, Pod> =>
    Object.fromEntries(
      podsOf(manifests).map(([name, pod]) => [name.replace(/^\w+ shop-threadkeeper-|-[0-9a-f]{6}$/g, ''), pod]),
    );

  beforeAll(async () => {
    if (!hasHelm) return;
    [everything, minimal, plain] = await Promise.all([
      template(...ci('everything')),
      template(...ci('minimal')),
      template(...ci('plain')),
    ]);
  });

  itWithHelm('have the labels, variables and volumes that are for them', () => {
    for (const { metadata } of everything) expect(metadata.labels?.['example.com/cost-centre']).toBe('4711');
    for (const [name, { containers }] of podsOf(everything)) {
      const [container] = containers;
      const variables = container?.env?.map((variable) => variable.name) ?? [];
      expect(variables).toContain('NODE_EXTRA_CA_CERTS');
      expect(variables.includes('NODE_OPTIONS')).toBe(name.endsWith('-api'));
      expect(container?.volumeMounts).toContainEqual({ name: 'ca', mountPath: '/etc/ca', readOnly: true });
      const isWorker = name.includes('-worker');
      expect(container?.envFrom?.some(({ secretRef }) => secretRef?.name === 'ai') ?? false).toBe(isWorker);
      expect(container?.volumeMounts.some(({ mountPath }) => mountPath === '/app/sources')).toBe(isWorker);
    }
    // Every mount has its volume.
    for (const [name, { containers, volumes }] of [...podsOf(everything), ...podsOf(minimal), ...podsOf(plain)])
      expect([name, containers[0]?.volumeMounts.map((mount) => mount.name).sort()]).toEqual([
        name,
        volumes.map((volume) => volume.name).sort(),
      ]);
  });

  itWithHelm('are placed as the values say, each kind by its own where it has some', () => {
    const { api, setup, 'worker-1-10': worker, 'codec-server': codecServer } = podsByKind(everything);
    expect([api, worker, setup, codecServer].map((pod) => pod?.priorityClassName)).toEqual([
      ...['normal', 'support', 'normal', 'normal'],
    ]);
    expect([api, worker].map((pod) => pod?.nodeSelector)).toEqual([{ 'kubernetes.io/arch': 'arm64' }, undefined]);
    for (const pod of [api, worker, setup, codecServer]) {
      expect(pod?.tolerations).toEqual([{ key: 'spot', operator: 'Exists' }]);
      expect(pod?.affinity).toEqual({ nodeAffinity: {} });
      expect(pod?.imagePullSecrets).toEqual([{ name: 'registry' }]);
    }
    const apart = (pod: Pod | undefined) =>
      pod?.topologySpreadConstraints?.map(({ topologyKey, labelSelector }) => [topologyKey, labelSelector]);
    const own = (component: string) => ({
      matchLabels: {
        'app.kubernetes.io/name': 'threadkeeper',
        'app.kubernetes.io/instance': 'shop',
        'app.kubernetes.io/component': component,
      },
    });
    expect(apart(api)).toEqual([['kubernetes.io/hostname', own('api')]]);
    expect(apart(podsByKind(minimal).worker)).toEqual([['kubernetes.io/hostname', own('worker')]]);
    expect(apart(worker)).toEqual([
      ['topology.kubernetes.io/zone', { matchLabels: { 'app.kubernetes.io/name': 'threadkeeper' } }],
    ]);
    expect(apart(podsByKind(plain).worker)).toBeUndefined();
    expect(podsByKind(minimal).worker?.priorityClassName).toBeUndefined();
  });

  itWithHelm('have the ServiceAccount that the chart makes, but for what runs before it is there', () => {
    expect(named(everything, 'ServiceAccount', 'shop-threadkeeper')?.metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/threadkeeper',
    });
    for (const [name, { serviceAccountName, automountServiceAccountToken }] of podsOf(everything)) {
      expect([name, serviceAccountName]).toEqual([name, name.startsWith('Job') ? 'deployer' : 'shop-threadkeeper']);
      expect(automountServiceAccountToken).toBe(false);
    }
    expect(minimal.some(({ kind }) => kind === 'ServiceAccount')).toBe(false);
    for (const [, { serviceAccountName }] of podsOf(minimal)) expect(serviceAccountName).toBeUndefined();
  });

  itWithHelm('begin with what the image begins with, since only what is not the first process can end itself', () => {
    for (const [name, { containers }] of [...podsOf(everything), ...podsOf(plain)])
      for (const container of containers)
        expect([name, container]).toEqual([name, expect.not.objectContaining({ command: expect.anything() })]);
    expect(read('Dockerfile')).toMatch(/^ENTRYPOINT \["tini", "--"\]$/m);
    expect(podsByKind(everything).api?.containers[0]?.args).toEqual(expect.arrayContaining(['node', 'dist/api.js']));
  });

  itWithHelm('have a Service of its own for metrics and the desk, where those have a port', async () => {
    const apart = await template(...ci('everything'), '--set', 'settings.OPS_PORT=3001');
    const api = podsByKind(apart).api?.containers[0];
    expect(api?.ports).toEqual([
      { name: 'http', containerPort: 3000 },
      { name: 'ops', containerPort: 3001 },
    ]);
    expect(named(apart, 'Service', 'shop-threadkeeper-api')?.spec.ports?.map(({ name }) => name)).toEqual(['http']);
    const service = named(apart, 'Service', 'shop-threadkeeper-api-ops');
    expect(service?.spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'ops', port: 3001, targetPort: 'ops' }] });
    const monitor = named(apart, 'ServiceMonitor', 'shop-threadkeeper-api');
    expect(monitor?.spec.endpoints?.map(({ port }) => port)).toEqual(['ops']);
    expect(service?.metadata.labels).toMatchObject(monitor?.spec.selector?.matchLabels ?? { none: true });
    const policy = named(apart, 'NetworkPolicy', 'shop-threadkeeper-api');
    const reached = policy?.spec.ingress?.find(({ ports }) => ports.some(({ port }) => port === 'ops'));
    expect(reached?.from).toEqual(named(apart, 'NetworkPolicy', 'shop-threadkeeper-worker')?.spec.ingress?.[0]?.from);

    const scraped = named(
      await template(...ci('minimal'), '--set', 'settings.OPS_PORT=3001'),
      'Deployment',
      'shop-threadkeeper-api',
    );
    expect(scraped?.spec.template?.metadata.annotations).toMatchObject({ 'prometheus.io/port': '3001' });
    expect(named(everything, 'Service', 'shop-threadkeeper-api-ops')).toBeUndefined();
  });

  itWithHelm('leave no log of a failed set-up behind that nobody finds', () => {
    const jobs = everything.filter(({ kind }) => kind === 'Job');
    expect(jobs).toHaveLength(2);
    for (const { metadata, spec } of jobs) {
      // Helm gives up after 300 s, and then names no Job.
      expect(spec.activeDeadlineSeconds).toBeLessThan(300);
      expect(metadata.annotations).toMatchObject({
        'kubernetes.io/description': expect.stringContaining(`kubectl logs job/${metadata.name} --namespace default`),
        'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
        'helm.sh/hook-output-log-policy': 'hook-failed',
      });
    }
    expect(plain.some(({ kind }) => kind === 'Job')).toBe(false);
  });

  itWithHelm('show Prometheus their metrics, and give it the alerts', () => {
    expect(named(everything, 'PrometheusRule', 'shop-threadkeeper')?.spec.groups).toEqual(
      parse(read('ops/alerts.yaml')).groups,
    );
    const monitors = everything.filter(({ kind }) => kind.endsWith('Monitor'));
    for (const { metadata } of monitors) expect(metadata.labels?.release).toBe('prometheus');
    expect(named(everything, 'ServiceMonitor', 'shop-threadkeeper-api')?.spec.selector?.matchLabels).toEqual(
      named(everything, 'Deployment', 'shop-threadkeeper-api')?.spec.selector?.matchLabels,
    );
    expect(named(everything, 'PodMonitor', 'shop-threadkeeper-worker')).toBeDefined();
    const dashboard = named(everything, 'ConfigMap', 'shop-threadkeeper-dashboard')?.data?.['threadkeeper.json'];
    expect(JSON.parse(dashboard ?? '')).toEqual(JSON.parse(read('ops/grafana-dashboard.json')));

    const annotations = (manifests: Manifest[], name: string) =>
      manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith(name))?.spec.template
        ?.metadata.annotations;
    expect(annotations(minimal, 'shop-threadkeeper-api')).toMatchObject({ 'prometheus.io/port': '3000' });
    expect(annotations(minimal, 'shop-threadkeeper-worker')).toMatchObject({ 'prometheus.io/port': '9464' });
    for (const name of ['shop-threadkeeper-api', 'shop-threadkeeper-worker'])
      expect(annotations(everything, name)).not.toHaveProperty('prometheus.io/scrape');
    expect(minimal.filter(({ kind }) => /Monitor|PrometheusRule/.test(kind))).toEqual([]);
  });
});
