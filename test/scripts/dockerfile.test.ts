import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read } from '../docs/markdown.ts';

/** Every instruction of a stage, continued lines in one. */
const STAGES = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split(/^(?=FROM )/m)
  .map((stage) => stage.split('\n').filter(Boolean))
  .filter(([first]) => first?.startsWith('FROM '));
const last = STAGES.at(-1) ?? [];
const ALLOWED = new Set([...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path = '']) => path));

describe('the image', () => {
  it('is built on the Node of development, for glibc', () => {
    const bases = STAGES.map(([from = '']) => from.split(' ')[1]?.split('@')[0]).filter((base) => base?.includes(':'));
    expect(new Set(bases)).toEqual(new Set([`node:${read('.nvmrc').trim()}-slim`]));
  });

  it('holds what was built and what production needs, and no tools of development', () => {
    const copied = last.filter((line) => line.startsWith('COPY '));
    expect(copied).toEqual([
      'COPY --from=dependencies /app/node_modules ./node_modules',
      'COPY --from=build /app/dist ./dist',
      'COPY package.json ./',
      'COPY knowledge ./knowledge',
      expect.stringMatching(/^COPY --from=temporalio\/admin-tools:\S+ (\/usr\/local\/bin\/temporal) \1$/),
    ]);
    const dependencies = STAGES.find(([from]) => from?.endsWith(' AS dependencies'));
    expect(dependencies?.find((line) => line.startsWith('RUN '))).toMatch(/^RUN npm ci --omit=dev /);
  });

  it('takes from the context what .dockerignore lets through, all of which is there', () => {
    const copied = STAGES.flat().filter((line) => /^COPY (?!--from)/.test(line));
    const sources = new Set(copied.flatMap((line) => line.split(' ').slice(1, -1)));
    expect(sources).toEqual(ALLOWED);
    for (const path of sources) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
  });

  it('runs as a user without rights, and says whether it is well by the API it runs', () => {
    const at = (beginning: string): number => last.findIndex((line) => line.startsWith(beginning));
    expect(last[at('USER ')]).toBe('USER node');
    expect(at('USER ')).toBeLessThan(at('CMD '));
    expect(at('COPY ')).toBeLessThan(at('USER '));
    expect(last[at('HEALTHCHECK ')]).toContain('/healthz');
    // Without it as the first process, one that hangs could not end itself.
    expect(last[at('ENTRYPOINT ')]).toBe('ENTRYPOINT ["tini", "--"]');
    expect(last[at('CMD ')]).toBe('CMD ["node", "--max-semi-space-size=2", "dist/api.js"]');
  });

  it('has one command for all that operators ask of it, which the compose file and the pages use', () => {
    expect(last.join('\n')).toContain('ln -s /app/dist/threadkeeper.js /usr/local/bin/threadkeeper');
    expect(JSON.parse(read('package.json')).bin).toEqual({ threadkeeper: 'dist/threadkeeper.js' });
    expect(read('src/threadkeeper.ts')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('takes the `temporal` program of the version of the compose file', () => {
    const [, tools] = /--from=(temporalio\/admin-tools:\S+) /.exec(read('Dockerfile')) ?? [];
    expect(read('docker-compose.yml')).toContain(`image: ${tools}\n`);
  });

  it('is every process of the compose file, each by an entry that there is', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { image?: string; command?: string[] }>;
    };
    const ours = Object.values(services).filter(({ image }) => image?.includes('threadkeeper'));
    const entries = ours.map(({ command: [program, path = ''] = ['node', 'dist/api.js'] }) => {
      expect(program).toBe('node');
      return path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts');
    });
    expect([...new Set(entries)].sort()).toEqual([
      'src/api.ts',
      'src/codec-server.ts',
      'src/setup.ts',
      'src/worker.ts',
    ]);
    for (const entry of entries) expect([entry, existsSync(join(ROOT, entry))]).toEqual([entry, true]);
  });
});
