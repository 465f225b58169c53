import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { ROOT } from '../docs/markdown.ts';
import { isInstalled } from '../support/installed.ts';

export const KUBERNETES = ['--kube-version', '1.31.0'];

/** As much of a manifest as is looked at here. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  data?: Record<string, string>;
  spec: {
    replicas?: number;
    selector?: { matchLabels: Record<string, string> };
    rules?: {
      http?: { paths: { path: string; pathType: string }[] };
      matches?: { path: { type: string; value: string } }[];
    }[];
    ports?: { name: string; port: number; targetPort: string }[];
    type?: string;
    endpoints?: { port: string }[];
    template?: { metadata: Manifest['metadata']; spec: Pod };
    triggers?: { metadata: Record<string, string> }[];
    podSelector?: { matchLabels: Record<string, string> };
    policyTypes?: string[];
    ingress?: Rule[];
    egress?: Rule[];
    groups?: object[];
    activeDeadlineSeconds?: number;
  };
}

export interface Rule {
  ports: { port: number | string; protocol: string }[];
  from?: object[];
  to?: object[];
}

export interface Pod {
  volumes: { name: string; secret?: { secretName: string } }[];
  priorityClassName?: string;
  nodeSelector?: object;
  tolerations?: object[];
  affinity?: object;
  imagePullSecrets?: object[];
  serviceAccountName?: string;
  topologySpreadConstraints?: { topologyKey: string; labelSelector: object }[];
  terminationGracePeriodSeconds?: number;
  automountServiceAccountToken: boolean;
  securityContext: object;
  containers: {
    image: string;
    args: string[];
    ports?: { name: string; containerPort: number }[];
    securityContext: object;
    env?: {
      name: string;
      value?: string;
      valueFrom?: { secretKeyRef: { name: string; key: string; optional: boolean } };
    }[];
    envFrom?: { secretRef?: { name: string } }[];
    volumeMounts: { name: string; mountPath: string }[];
    livenessProbe?: object;
    resources: { requests: object; limits: object };
  }[];
}

/** `helm` is installed here. */
export const hasHelm = isInstalled('helm', 'version');
export const itWithHelm = hasHelm ? it : it.skip;

/** What `helm` prints. @throws {Error} with what it says where it fails */
export const helm = async (...words: string[]): Promise<string> =>
  (await promisify(execFile)('helm', words, { cwd: ROOT, maxBuffer: 10_000_000 })).stdout;

/** The chart's manifests, with options of `helm template`. */
export const template = async (...options: string[]): Promise<Manifest[]> =>
  parseAllDocuments(await helm('template', 'shop', CHART, ...KUBERNETES, ...options))
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);

/** The chart's manifests with values, each as `--set` takes it. */
export const render = (...values: string[]): Promise<Manifest[]> =>
  template(...values.flatMap((value) => ['--set', value]));

/** The chart's manifests with the text of a values file: YAML reads values other than `--set` does. */
export const fromFile = async (text: string): Promise<Manifest[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'values-'));
  try {
    await writeFile(join(folder, 'values.yaml'), text);
    return await template('--values', join(folder, 'values.yaml'));
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** The pods of Deployments and Jobs, by `Kind name`. */
export const podsOf = (manifests: Manifest[]): [string, Pod][] =>
  manifests.flatMap(({ kind, spec, metadata }) =>
    spec?.template ? [[`${kind} ${metadata.name}`, spec.template.spec] as [string, Pod]] : [],
  );

export const named = (manifests: Manifest[], kind: string, name: string): Manifest | undefined =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
