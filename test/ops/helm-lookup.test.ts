import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { stringify } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { hasHelm, itWithHelm, podsOf, template } from './chart.ts';

const LISTS = { Secret: 'secrets', ConfigMap: 'configmaps' };
const RESOURCES = Object.entries(LISTS).map(([kind, name]) => ({ kind, name, namespaced: true, verbs: ['get'] }));
const ROOT_CA = 'configmaps/kube-root-ca.crt';
const SECRET = { DATABASE_URL: 'eA==', HUBSPOT_ACCESS_TOKEN: 'eA==' };

describe(`${CHART}, rendered by helm with a cluster at hand${hasHelm ? '' : ' (skipped: not installed)'}`, () => {
  /** What is in the namespace, as the API server names it. */
  let objects: Record<string, { version?: string; data?: Record<string, string> }> = {};
  let server: Server;
  let folder = '';
  const install = (...values: string[]) =>
    template(
      ...['--dry-run=server', '--kubeconfig', join(folder, 'config')],
      ...values.flatMap((value) => ['--set', value]),
    );

  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      const answer = (status: number, body: object): void => {
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      };
      if (/^\/api\/v1(\?|$)/.test(url)) {
        answer(200, { kind: 'APIResourceList', groupVersion: 'v1', resources: RESOURCES });
        return;
      }
      const path = url.replace('/api/v1/namespaces/default/', '');
      const found = objects[path];
      if (!found) {
        answer(404, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 });
        return;
      }
      const { version = '1', data = {} } = found;
      const kind = RESOURCES.find(({ name }) => path.startsWith(name))?.kind;
      answer(200, { kind, apiVersion: 'v1', metadata: { name: path, resourceVersion: version }, data });
    }).listen(0, '127.0.0.1');
    folder = await mkdtemp(join(tmpdir(), 'cluster-'));
    const { port } = server.address() as AddressInfo;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'nobody', user: {} }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'nobody', namespace: 'default' } }],
      'current-context': 'here',
    };
    await writeFile(join(folder, 'config'), stringify(config), { mode: 0o600 });
  });
  beforeEach(() => {
    objects = { [ROOT_CA]: {}, 'secrets/threadkeeper': { data: SECRET } };
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  itWithHelm('installs where everything is there that its values name', async () => {
    objects['secrets/portals'] = { data: { 'portals.yaml': '' } };
    objects['configmaps/articles'] = {};
    expect(await install('portalsSecret=portals', 'knowledgeConfigMap=articles')).not.toEqual([]);
  });

  itWithHelm('stops at once where the Secret is missing, or has no DATABASE_URL', async () => {
    const { DATABASE_URL: _, ...others } = SECRET;
    objects['secrets/threadkeeper'] = { data: others };
    await expect(install()).rejects.toThrow(/DATABASE_URL is missing in the Secret threadkeeper.*kubectl patch secret/);
    expect(await install('worker.extraEnv[0].name=DATABASE_URL,worker.extraEnv[0].value=x')).not.toEqual([]);
    delete objects['secrets/threadkeeper'];
    await expect(install()).rejects.toThrow(
      /Secret threadkeeper, which the value existingSecret names, is not in the namespace default.*kubectl create secret/,
    );
    expect(await install('lookup=false')).not.toEqual([]);
  });

  itWithHelm.each([
    ['portalsSecret=portals', 'Secret portals, which the value portalsSecret names, is not in'],
    ['knowledgeConfigMap=articles', 'ConfigMap articles, which the value knowledgeConfigMap names, is not in'],
    ['instructionsConfigMap=tone', 'ConfigMap tone, which the value instructionsConfigMap names, is not in'],
  ])('stops at once with %s that is missing', async (value, words) => {
    await expect(install(value)).rejects.toThrow(words);
  });

  itWithHelm('says that a Secret of portals has no portals.yaml', async () => {
    objects['secrets/portals'] = { data: { 'portal.yaml': '' } };
    await expect(install('portalsSecret=portals')).rejects.toThrow('has no key portals.yaml');
  });

  itWithHelm('starts pods anew when a Secret or ConfigMap that they use has changed', async () => {
    const used = ['secrets/threadkeeper', 'secrets/portals', 'configmaps/articles', 'configmaps/tone'];
    const values = ['portalsSecret=portals', 'knowledgeConfigMap=articles', 'instructionsConfigMap=tone'];
    objects['secrets/portals'] = { data: { 'portals.yaml': '' } };
    objects['configmaps/articles'] = {};
    objects['configmaps/tone'] = {};
    const podTemplates = async () => {
      const manifests = await install(...values);
      expect(podsOf(manifests).length).toBeGreaterThan(2);
      return manifests.flatMap(({ kind, spec }) => (kind === 'Deployment' ? [JSON.stringify(spec.template)] : []));
    };
    const before = await podTemplates();
    expect(await podTemplates()).toEqual(before);
    for (const name of used) {
      const { version = '1', ...object } = objects[name] ?? {};
      objects[name] = { ...object, version: '2' };
      for (const [at, changed] of (await podTemplates()).entries())
        expect([name, changed]).not.toEqual([name, before[at]]);
      objects[name] = { ...object, version };
    }
    // What can be guessed from a checksum of it is not shown.
    expect(before.join()).not.toContain('checksum/secret');
  });
});
