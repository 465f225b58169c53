import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CHART } from '../../scripts/helm-chart.ts';
import { SETTINGS } from '../../src/config.ts';
import { read } from '../docs/markdown.ts';
import { fromFile, hasHelm, itWithHelm, render } from './chart.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: unknown;
  items?: Schema;
  required?: string[];
}

const root = JSON.parse(read(`${CHART}/values.schema.json`)) as Schema & { definitions: Record<string, Schema> };
const values = parse(read(`${CHART}/values.yaml`)) as object;
/** Settings that are secrets, by their names. */
const SECRETS = SETTINGS.filter((name) => /(?:TOKEN|KEYS?|SECRET|PASSWORD)$|^DATABASE_URL$|^NOTIFY_URL$/.test(name));

const resolved = (schema: Schema): Schema =>
  schema.$ref ? (root.definitions[schema.$ref.replace('#/definitions/', '')] ?? {}) : schema;

/** Every object that the schema describes, by its JSON pointer; the first item stands for a list. */
const objectsIn = (given: Schema, path = ''): [string, Schema][] => {
  const schema = resolved(given);
  if (schema.items) return objectsIn(schema.items, `${path}/0`);
  if (schema.type !== 'object') return [];
  const inner = Object.entries(schema.properties ?? {});
  return [[path, schema], ...inner.flatMap(([name, one]) => objectsIn(one, `${path}/${name}`))];
};

/** Values with a key that nobody knows in every object whose keys are known. */
const misspelt = (given: Schema): unknown => {
  const schema = resolved(given);
  if (schema.items) return resolved(schema.items).type === 'object' ? [misspelt(schema.items)] : undefined;
  if (schema.type !== 'object') return undefined;
  const inner = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, misspelt(one)] as const);
  const own = schema.additionalProperties === false ? { 'mis spelt': 'x' } : {};
  return { ...own, ...Object.fromEntries(inner.filter(([, value]) => value !== undefined)) };
};

/** What is of none of a schema's types, and its pointer, for each single value. */
const mistyped = (value: unknown, given: Schema | undefined, path = ''): [unknown, string[]] => {
  const schema = resolved(given ?? {});
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && schema.properties) {
    const inner = Object.entries(value).map(
      ([name, one]) => [name, mistyped(one, schema.properties?.[name], `${path}/${name}`)] as const,
    );
    return [Object.fromEntries(inner.map(([name, [wrong]]) => [name, wrong])), inner.flatMap(([, [, paths]]) => paths)];
  }
  return [Array.isArray(value) ? 7 : [7], [path]];
};

/**
 * Values that are `null`, as a key with nothing behind it is: those that may be, and the paths of those that may not.
 */
const withoutValues = (some: object, given: Schema, path = ''): [object, string[]] => {
  const { properties = {}, required = [] } = resolved(given);
  const parts = Object.entries(some).map(([name, value]): [string, unknown, string[]] => {
    if (!required.includes(name)) return [name, null, []];
    const at = `${path}/${name}`;
    const isSection = properties[name]?.properties && !properties[name]?.patternProperties;
    const [inner, paths] = isSection ? withoutValues(value, properties[name] as Schema, at) : [value, []];
    return [name, inner, [at, ...paths]];
  });
  return [Object.fromEntries(parts.map(([name, value]) => [name, value])), parts.flatMap(([, , paths]) => paths)];
};

const messageOf = (manifests: Promise<unknown>): Promise<string> =>
  manifests.then(
    () => '',
    (error: Error) => error.message,
  );

describe('The schema of the values', () => {
  it('names every value that there is', () => {
    const missing = (some: object, given: Schema, path: string): string[] =>
      Object.entries(some).flatMap(([name, value]) => {
        const { properties } = resolved(given);
        if (!properties) return [];
        const inner = properties[name];
        if (!inner) return [`${path}${name}`];
        return typeof value === 'object' && value !== null ? missing(value, inner, `${path}${name}.`) : [];
      });
    expect(missing(values, root, '')).toEqual([]);
  });

  it('leaves keys open only where they are the own of the operator or of Kubernetes', () => {
    const OWN = /(?:[aA]nnotations|[lL]abels|nodeSelector|matchLabels)$|\/extraVolumes\/0\/|\/affinity\/.*\/0$/;
    const open = objectsIn(root).filter(([, { additionalProperties }]) => additionalProperties !== false);
    expect(open.map(([path]) => path).filter((path) => !OWN.test(path))).toEqual(['/global']);
  });
});

describe(`${CHART}, by helm${hasHelm ? '' : ' (skipped: not installed)'}`, () => {
  itWithHelm('refuses a misspelt key at every level, and says where it is', async () => {
    const closed = objectsIn(root).filter(([, { additionalProperties }]) => additionalProperties === false);
    expect(closed.length).toBeGreaterThan(100);
    const message = await messageOf(fromFile(JSON.stringify(misspelt(root))));
    for (const [path] of closed)
      expect(message).toContain(`at '${path}': additional properties 'mis spelt' not allowed`);
  });

  itWithHelm('refuses a value of another type, and says which it takes', async () => {
    const { settings: _, global: __, ...properties } = root.properties ?? {};
    const { settings: ___, ...rest } = values as { settings: object };
    const [wrong, paths] = mistyped(rest, { ...root, properties });
    expect(paths.length).toBeGreaterThan(100);
    const message = await messageOf(fromFile(JSON.stringify(wrong)));
    for (const path of paths)
      expect(message).toMatch(new RegExp(`at '${path}': (?:got \\w+, want|value must be one of)`));
  });

  itWithHelm('refuses a key with nothing behind it, which takes the default away, where it needs a value', async () => {
    const [allowed, needed] = withoutValues(values, root);
    expect(await fromFile(JSON.stringify(allowed))).not.toEqual([]);
    expect(needed).toEqual(expect.arrayContaining(['/worker', '/worker/extraEnv', '/monitoring/rules/enabled']));
    // The deepest first, since a section that is missing hides what is missing in it.
    const leaves = needed.filter((path) => !needed.some((other) => other.startsWith(`${path}/`)));
    const sections = needed.filter((path) => !leaves.includes(path) && path.lastIndexOf('/') === 0);
    for (const [paths, count] of [
      [leaves, 60],
      [sections, 12],
    ] as const) {
      expect(paths.length).toBeGreaterThanOrEqual(count);
      const message = await messageOf(render(...paths.map((path) => `${path.slice(1).replaceAll('/', '.')}=null`)));
      for (const path of paths) {
        const [parent, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
        expect(message).toMatch(new RegExp(`at '${parent}': missing propert[^\\n]*'${name}'`));
      }
    }
  });

  itWithHelm('refuses what nobody can mean', async () => {
    const message = await messageOf(
      fromFile(`
        settings: { AUTONMY: off, HUBSPOT_PORTAL_ID: [1] }
        image: { tag: "a b", pullPolicy: Sometimes }
        service: { port: 0, type: Loadbalancer }
        api: { replicas: -1, secretKeys: [ops_token], extraVolumeMounts: [{ name: a, mountPath: etc }] }
        ingress: { extraPaths: [oauth] }
        worker: { metricsPort: 70000, resources: { limits: { memroy: 1Gi } }, extraVolumes: [{ name: a }] }
        versioning: { deploymentName: my.shop, previousTags: [1.3, ""] }
        monitoring: { interval: 30 seconds }
        extraEnv: [{ value: a }, { name: A=B }, { name: C, valueFrom: { secretKeyRef: { nam: a, key: b } } }]
        tolerations: [{ operator: Exist }]
      `),
    );
    for (const problem of [
      "'/settings': additional properties 'AUTONMY' not allowed",
      "'/settings/HUBSPOT_PORTAL_ID': got array",
      "'/image/tag': 'a b' does not match",
      "'/image/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'",
      "'/service/port': minimum",
      "'/service/type': value must be one of",
      "'/api/replicas': minimum",
      "'/api/secretKeys/0'",
      "'/api/extraVolumeMounts/0/mountPath'",
      "'/ingress/extraPaths/0'",
      "'/worker/metricsPort': maximum",
      "'/worker/resources/limits': additional properties 'memroy' not allowed",
      "'/worker/extraVolumes/0': minProperties",
      "'/versioning/deploymentName'",
      "'/versioning/previousTags/0': got number, want string",
      "'/versioning/previousTags/1'",
      "'/monitoring/interval'",
      "'/extraEnv/0': missing property 'name'",
      "'/extraEnv/1/name'",
      "'/extraEnv/2/valueFrom/secretKeyRef': additional properties 'nam' not allowed",
      "'/tolerations/0/operator': value must be one of",
    ])
      expect(message).toContain(`at ${problem}`);
  });

  itWithHelm('takes what charts around it hand on', async () => {
    expect(await render('global.imageRegistry=registry.example.com')).not.toEqual([]);
  });

  itWithHelm.each([
    ['settings.PORT=80', /'PORT' not allowed/],
    ['existingSecret=', /DATABASE_URL is missing.*kubectl create secret generic/],
    ['settings.TEMPORAL_ADDRESS=', /settings.TEMPORAL_ADDRESS is missing/],
    ['ingress.enabled=true', /ingress.host is missing/],
    ['gateway.enabled=true', /gateway.parentRefs is missing/],
  ])('refuses %s, and says why', async (value, words) => {
    await expect(render(value)).rejects.toThrow(words);
  });

  itWithHelm('refuses every secret among the settings, which a ConfigMap would show', async () => {
    const message = await messageOf(render(...SECRETS.map((name) => `settings.${name}=x`)));
    expect(SECRETS.length).toBeGreaterThan(10);
    const named = /settings has secrets \(([^)]*)\)/.exec(message)?.[1]?.split(', ') ?? [];
    expect(named).toEqual([...SECRETS].sort());
  });
});
