import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { spawnNode } from '../support/spawned.ts';

const DEMO = 'src/demo.ts';
const demoFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('threadkeeper-demo-'));

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

describe('npm run demo', () => {
  it('--once plays a conversation, shows question, reply and the run’s link, and ends with 0; on a taken port, too', async () => {
    const before = await demoFolders();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const demo = spawnNode([DEMO, '--once'], { PORT: String(port) });
    expect(await demo.ends()).toBe(0);
    taken.close();
    expect(demo.output()).toContain(`Port ${port} is in use, the API takes `);
    expect(demo.output()).toMatch(/Customer\s+How long does shipping take\?/);
    expect(demo.output()).toMatch(/AI\s+Standard shipping takes 2 to 4 working days/);
    expect(demo.output()).toMatch(
      /replied after [\d.]+ s\s+http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/message%3A62515%3A/,
    );
    expect(demo.output()).toMatch(/skipped \(owned-by-human\)/);
    expect(await demoFolders()).toEqual(before);
  });

  it('stays up without --once, and a Ctrl-C ends it with 0 and leaves nothing behind', async () => {
    const before = await demoFolders();
    const demo = spawnNode([DEMO], {});
    await demo.says(/It stays up/);
    const [, playground = ''] = await demo.says(/Playground\s+(\S+)/);
    const [, temporal = ''] = await demo.says(/Temporal\s+(http\S+)/);
    expect(await answers(playground)).toBe(true);
    expect(await answers(temporal)).toBe(true);
    expect(await demo.ends('SIGINT')).toBe(0);
    expect(await answers(playground)).toBe(false);
    expect(await answers(temporal)).toBe(false);
    expect(await demoFolders()).toEqual(before);
  });

  it('says in one line what is wrong with a setting, before anything takes time', async () => {
    const demo = spawnNode([DEMO, '--once'], { EMAIL_DELAY: 'soon' });
    expect(await demo.ends()).toBe(1);
    expect(demo.output()).toMatch(/EMAIL_DELAY must be a duration/);
  });

  it('says what to do where no Temporal server can be had', async () => {
    const demo = spawnNode([DEMO, '--once'], { TEMPORAL_CLI_PATH: '/nowhere/temporal' });
    expect(await demo.ends()).toBe(1);
    expect(demo.output()).toMatch(
      /No Temporal CLI found[\s\S]*\/nowhere\/temporal: not found[\s\S]*Install `temporal`/,
    );
  });
});
