import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';

const running: Spawned[] = [];

const start = async (endAfterMs: number): Promise<{ process: Spawned; health: () => Promise<number> }> => {
  const address = `127.0.0.1:${await freePort()}`;
  const process = spawnNode(['test/processes/hanging-process.ts', String(endAfterMs), address], {});
  running.push(process);
  await process.says(/watched/);
  return { process, health: async () => (await fetch(`http://${address}/healthz`)).status };
};

afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.ends('SIGKILL')));
});

describe('the watchdog', () => {
  it('ends a process whose event loop stands still, and says so', async () => {
    const { process } = await start(2_000);
    process.send('SIGTERM');
    expect(await process.ends()).toBeNull();
    expect(process.output()).toMatch(/The event loop has stood still for 2 s: .*\(WATCHDOG\)/);
  });

  it('says over HTTP that a process hangs, and lets it live where WATCHDOG is 0s', async () => {
    const { process, health } = await start(0);
    expect(await health()).toBe(200);
    process.send('SIGTERM');
    await process.says(/hangs/);
    await eventually(async () => expect(await health()).toBe(503));
  });

  it('says over HTTP that the Workers ask for nothing any more', async () => {
    const { process, health } = await start(2_000);
    process.send('SIGUSR2');
    await eventually(async () => expect(await health()).toBe(503));
  });

  it('says readably that its address is taken', async () => {
    const { process } = await start(0);
    const [, address = ''] = /(127\.0\.0\.1:\d+)/.exec(process.output()) ?? [];
    const second = spawnNode(['test/processes/hanging-process.ts', '0', address], {});
    running.push(second);
    expect(await second.ends()).toBe(1);
    expect(second.output()).toContain(`The worker's health can't be served on ${address}`);
  });
});
