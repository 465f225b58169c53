import { readScriptCall } from '../../src/command-line.ts';

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

const HELP = {
  name: 'test:containers',
  does: 'Runs the commands of docs/docker.md against docker-compose.yml, with Docker (test/README.md).',
  options: {
    ...Object.fromEntries(Object.entries(REPLACED).map(([option, name]) => [option, `in the place of ${name}`])),
    'build-arg': 'NAME=VALUE, for docker compose build; may be repeated',
    only: 'steps, with commas between (default: all)',
    keep: 'leaves the stack running at the end',
    json: 'prints JSON',
  },
};

/** A wrong call ends the process. */
export const readOptions = (words: string[]): ContainerOptions => {
  const text = { type: 'string' } as const;
  const { values } = readScriptCall(HELP, {
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
