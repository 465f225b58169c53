import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../src/lib/ports.ts';
import { codeBlocks, firstColumn, read, section } from '../docs/markdown.ts';
import { customerAsks, isAnswered, until } from './customers.ts';
import { SITE } from './relay.ts';
import type { Stack } from './stack.ts';
import { expect, type Step } from './support.ts';
import { otherImage, replaceUnderTraffic } from './upgrades.ts';

const PAGE = 'docs/proxy.md';
const NAME = 'threadkeeper-containers-test-proxy';

/** A proxy of an operator's own, as the page configures it. */
interface Proxy {
  name: string;
  image: string;
  /** The language of its block on the page, and where its image looks for it. */
  language: string;
  path: string;
  /** The page's text for a port that is free here, and for a name that has no certificate. */
  adjust(text: string, port: number): string;
  /** Words for its program. */
  words(port: number): string;
}

const PROXIES: Proxy[] = [
  {
    name: 'caddy',
    image: /^\s+image: (caddy:\S+)$/m.exec(read('docker-compose.yml'))?.[1] ?? '',
    language: 'caddy',
    path: '/etc/caddy/Caddyfile',
    adjust: (text, port) =>
      '{\n\tadmin off\n\tauto_https disable_redirects\n}\n' +
      text.replace(`${SITE} {`, `https://${SITE}:${port} {\n\ttls internal`),
    words: () => '',
  },
  {
    name: 'nginx',
    image: 'nginx:1.29',
    language: 'nginx',
    path: '/etc/nginx/conf.d/default.conf',
    adjust: (text, port) => text.replace('listen 443 ssl', `listen ${port} ssl`),
    words: () => '',
  },
  {
    name: 'traefik',
    image: 'traefik:v3.5',
    language: 'yaml',
    path: '/etc/traefik/routes.yaml',
    adjust: (text) => text,
    words: (port) => `--entryPoints.websecure.address=:${port} --providers.file.filename=/etc/traefik/routes.yaml`,
  },
];

const start = async (stack: Stack, proxy: Proxy): Promise<string> => {
  const port = await findFreePort();
  const [block = ''] = codeBlocks(section(PAGE, 'A proxy of your own'), proxy.language);
  expect(block.includes('127.0.0.1:3000'), `${PAGE} has no block for ${proxy.name}`);
  const text = proxy.adjust(block, port).replaceAll('127.0.0.1:3000', new URL(stack.apiUrl).host);
  await writeFile(join(stack.folder, 'proxy.conf'), text);
  const files = [
    ['proxy.conf', proxy.path],
    ['proxy.pem', '/etc/ssl/threadkeeper.pem'],
    ['proxy.key', '/etc/ssl/threadkeeper.key'],
  ];
  const volumes = files.map(([file, path]) => `--volume ./${file}:${path}:ro`).join(' ');
  const image = stack.imageOf(proxy.image);
  await stack.run(`docker run --detach --name ${NAME} --network host ${volumes} ${image} ${proxy.words(port)}`);
  return `https://127.0.0.1:${port}`;
};

interface Answer {
  status: number;
  text: string;
}

/** What a stranger gets who posts something that nobody signed. */
const ask = async (url: string): Promise<Answer> => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: '[]' });
  return { status: response.status, text: await response.text() };
};

/** Every path that the page lists reaches the API, and what operators alone may see reaches nobody. */
const expectPaths = async (stack: Stack, name: string): Promise<void> => {
  const paths = firstColumn(section(PAGE, 'What strangers may reach'));
  for (const path of [...paths, '/hubspot/actions/handoff', '/rate/62515/1-a/abcdefgh']) {
    const [through, directly] = [await ask(stack.hubspotCalls + path), await ask(stack.apiUrl + path)];
    const isSame = through.status === directly.status && through.text === directly.text;
    expect(isSame, `${name} answers ${path} with ${through.status}, the API with ${directly.status}`);
  }
  for (const path of ['/ops', '/metrics']) {
    expect((await ask(stack.hubspotCalls + path)).status === 404, `${name} lets strangers to ${path}`);
  }
};

/** Each proxy of the page brings deliveries, lets through what it should, and loses none while the API is replaced. */
export const proxies: Step = {
  name: 'proxies',
  run: async (stack) => {
    const said: string[] = [];
    await stack.run(
      `openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${SITE} ` +
        '-keyout proxy.key -out proxy.pem 2>/dev/null',
    );
    // Both proxies stay: the profile's own goes on as it did.
    for (const proxy of PROXIES) {
      await stack.attempt(`docker rm --force ${NAME}`);
      stack.leadTo(await start(stack, proxy));
      try {
        let got: Answer | Error = new Error('nothing');
        await until(`${proxy.name} refuses what is not signed`, async () => {
          got = await ask(`${stack.hubspotCalls}/webhooks/hubspot`).catch((error: Error) => error);
          return 'status' in got && got.status === 401;
        }).catch((error: Error) => {
          throw new Error(`${error.message}: ${JSON.stringify(got)}`, { cause: error });
        });
        await expectPaths(stack, proxy.name);
        const asked = customerAsks(stack.simulator);
        await until(`a reply by way of ${proxy.name}`, () => isAnswered(stack.simulator, asked));
        const figures = await replaceUnderTraffic(stack, 'Upgrade', await otherImage(stack));
        said.push(`${proxy.name}: ${figures}`);
      } catch (error) {
        const log = await stack.attempt(`docker logs --tail 20 ${NAME}`);
        throw new Error(`${proxy.name}: ${(error as Error).message}\n${log.output}`, { cause: error });
      } finally {
        stack.leadTo();
        await stack.attempt(`docker rm --force ${NAME}`);
      }
    }
    return said.join(' | ');
  },
};
