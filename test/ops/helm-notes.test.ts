import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { parse } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { ROOT } from '../docs/markdown.ts';
import { hasHelm, helm, itWithHelm, KUBERNETES, podsOf, template } from './chart.ts';

const ci = (name: string) => ['--values', join(CHART, `ci/${name}-values.yaml`)];

describe(`NOTES.txt of ${CHART}${hasHelm ? '' : ' (skipped: helm is not installed)'}`, () => {
  /** Its text with values: as a ConfigMap, since Helm shows notes only where there is a cluster. */
  const notes = async (...values: string[]): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'notes-'));
    try {
      const chart = join(folder, 'threadkeeper');
      await cp(join(ROOT, CHART), chart, { recursive: true });
      const [from, to] = ['NOTES.txt', 'notes.yaml'].map((name) => join(chart, 'templates', name)) as [string, string];
      await rename(from, to);
      const map =
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\ndata: { notes: {{ include "notes" . | quote }} }';
      await writeFile(to, `{{ define "notes" }}${await readFile(to, 'utf8')}{{ end }}\n${map}`);
      const text = await helm(
        'template',
        'shop',
        ...KUBERNETES,
        chart,
        '--namespace',
        'support',
        '--show-only',
        'templates/notes.yaml',
        ...values,
      );
      return (parse(text) as { data: { notes: string } }).data.notes;
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  itWithHelm('says what comes next, how to stop, and where the log of a failed set-up is', async () => {
    const text = await notes(...ci('minimal'));
    for (const words of [
      'kubectl rollout status deployment/shop-threadkeeper-worker --namespace support',
      'kubectl exec deployment/shop-threadkeeper-worker --namespace support -- node dist/doctor.js',
      'Nothing outside the cluster reaches the API yet',
      '(now https://threadkeeper.example.com/webhooks/hubspot)',
      'node dist/stop.js --end',
      'kubectl logs job/shop-threadkeeper-setup --namespace support',
      'helm test shop --namespace support',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/WORKER VERSIONS|codec server|existingSecret is empty|<no value>/);
  });

  itWithHelm('names the Deployments that there are, and the command that makes a build current', async () => {
    const text = await notes(...ci('everything'));
    const workers = podsOf(await template(...ci('everything'))).flatMap(([name]) => /-worker-.*/.exec(name) ?? []);
    for (const words of [
      `kubectl exec deployment/shop-threadkeeper${workers[0]} --namespace support -- node dist/stop.js`,
      '--deployment-name threadkeeper --build-id 1.10 --yes',
      'https://threadkeeper.example.com/webhooks/hubspot',
      'Until then the workers without a version answer',
      '# the codec server',
    ])
      expect(text).toContain(words);
    const without = await notes(...ci('plain'));
    expect(without).toContain('existingSecret is empty');
    expect(without).not.toContain('kubectl logs job/');
  });
});
