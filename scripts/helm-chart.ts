import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { TEMPORALS_OWN } from '../src/config/misspelt.ts';
import { SETTINGS } from '../src/config.ts';

/** The chart, from the repository's root. */
export const CHART = 'deploy/helm/threadkeeper';

/** Files of `ops` that the chart has a copy of, since Helm reads nothing outside a chart. */
export const COPIES = ['alerts.yaml', 'grafana-dashboard.json'];

/** Settings that the chart gives each process itself. */
const GIVEN = [
  'PORT',
  'WORKER_METRICS_ADDRESS',
  'WORKER_HEALTH_ADDRESS',
  'WORKER_DEPLOYMENT_NAME',
  'WORKER_BUILD_ID',
  'CODEC_SERVER_HOST',
  'CODEC_SERVER_PORT',
  'CODEC_SERVER_UI_ORIGIN',
];

/** Variables of Node.js, OpenTelemetry and the system, which have more names than Threadkeeper looks at. */
const OTHERS = '^(OTEL_[A-Z_]+|NODE_[A-Z_]+|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|TZ)$';

/** The chart's schema, with the settings that the processes read now. */
export const withSettings = (schema: string): string => {
  const values = JSON.parse(schema) as { properties: { settings: object } };
  const setting = { $ref: '#/definitions/setting' };
  const names = [...new Set([...SETTINGS, ...TEMPORALS_OWN])].filter((name) => !GIVEN.includes(name)).sort();
  Object.assign(values.properties.settings, {
    properties: Object.fromEntries(names.map((name) => [name, setting])),
    patternProperties: { [OTHERS]: setting },
  });
  return `${JSON.stringify(values, null, 2)}\n`;
};

/** The comment above a key, behind `# --`. A nested map has that of its first key. */
const meaningOf = ({ key }: Pair, at: number, map: YAMLMap): string | undefined => {
  const own = isScalar(key) ? key.commentBefore : undefined;
  const comment = own ?? (at === 0 ? map.commentBefore : undefined) ?? '';
  return /(?:^|\n) -- (.*)$/.exec(comment)?.[1];
};

const itemsOf = (map: YAMLMap, path: string): string[] =>
  map.items.flatMap((pair, at) => {
    const { key, value } = pair as Pair;
    const name = `${path}${isScalar(key) ? key.value : key}`;
    const meaning = meaningOf(pair as Pair, at, map);
    if (meaning === undefined && isMap(value) && value.items.length > 0) return itemsOf(value, `${name}.`);
    const shown = JSON.stringify(
      isMap(value) || value === null ? (value?.toJSON() ?? null) : (value as YAMLMap).toJSON(),
    );
    return [`- \`${name}\` (\`${shown}\`)${meaning ? `: ${meaning}` : ''}`];
  });

const BEGIN = '<!-- Written by npm run chart from values.yaml: change it there. -->';

/**
 * The chart's README with its values as `values.yaml` has them, each with its default and the comment above it.
 * @throws {Error} when the README has no place for it
 */
export const withValues = (readme: string, values: string): string => {
  const [before, after] = readme.split(BEGIN);
  const { contents } = parseDocument(values);
  if (before === undefined || after === undefined) throw new Error(`The README has no line ${BEGIN}`);
  if (!isMap(contents)) throw new Error('The values are no map');
  return `${before}${BEGIN}\n\n${itemsOf(contents, '').join('\n')}\n`;
};
