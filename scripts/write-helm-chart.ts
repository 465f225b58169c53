/** Writes what the Helm chart has of elsewhere, its settings, its README's list, its copies: `npm run chart`. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { CHART, COPIES, withSettings, withValues } from './helm-chart.ts';

const rewrite = (name: string, change: (text: string) => string): void => {
  const file = new URL(`../${CHART}/${name}`, import.meta.url);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

rewrite('values.schema.json', withSettings);
const values = readFileSync(new URL(`../${CHART}/values.yaml`, import.meta.url), 'utf8');
rewrite('README.md', (readme) => withValues(readme, values));
for (const name of COPIES) {
  copyFileSync(new URL(`../ops/${name}`, import.meta.url), new URL(`../${CHART}/files/${name}`, import.meta.url));
}
