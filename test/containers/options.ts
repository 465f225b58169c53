import { parseArgs } from 'node:util';

// npm run test:containers -- [--node-image node:24-slim] [--postgres-image postgres:17]
//   [--temporal-image temporalio/server:1.32.1] [--admin-tools-image temporalio/admin-tools:1.32.1]
//   [--proxy-image caddy:2.10.2] [--ui-image temporalio/ui:2.54.1] [--prometheus-image prom/prometheus:v3.5.0]
//   [--grafana-image IMAGE] [--nginx-image nginx:1.29] [--traefik-image traefik:v3.5]
//   [--build-arg NAME=VALUE]… [--only STEP,…] [--keep] [--json]

/** How the stack is run on this machine. */
export interface ContainerOptions {
  /** Images in the place of those that Dockerfile and docker-compose.yml name, by the name there. */
  images: Record<string, string>;
  /** More words for `docker compose build`, such as build arguments for a proxy. */
  buildWords: string[];
  /** Only steps of these names; all where there are none. */
  only: string[];
  /** The stack is left running at the end. */
  keep: boolean;
  json: boolean;
}

/** Which image an option is in the place of, by the name without its tag. */
const REPLACED = {
  'node-image': 'node',
  'postgres-image': 'postgres',
  'temporal-image': 'temporalio/server',
  'admin-tools-image': 'temporalio/admin-tools',
  'ui-image': 'temporalio/ui',
  'proxy-image': 'caddy',
  'prometheus-image': 'prom/prometheus',
  'grafana-image': 'grafana/grafana',
  'nginx-image': 'nginx',
  'traefik-image': 'traefik',
} as const;

/** @throws {Error} for words that nobody knows */
export const readOptions = (words: string[]): ContainerOptions => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: words,
    options: {
      'node-image': text,
      'postgres-image': text,
      'temporal-image': text,
      'admin-tools-image': text,
      'ui-image': text,
      'proxy-image': text,
      'prometheus-image': text,
      'grafana-image': text,
      'nginx-image': text,
      'traefik-image': text,
      'build-arg': { type: 'string', multiple: true },
      only: text,
      keep: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const images = Object.entries(REPLACED).flatMap(([option, name]) => {
    const image = values[option as keyof typeof REPLACED];
    return image ? [[name, image]] : [];
  });
  return {
    images: Object.fromEntries(images),
    buildWords: (values['build-arg'] ?? []).flatMap((argument) => ['--build-arg', argument]),
    only: values.only?.split(',') ?? [],
    keep: values.keep ?? false,
    json: values.json ?? false,
  };
};
