import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../src/lib/folder-lock.ts';
import { EmbeddedTemporalInUse, startEmbeddedTemporal } from '../../src/processes/embedded-temporal.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';

describe('startEmbeddedTemporal', () => {
  let dataDir: string;
  let resources: Resources;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-embedded-'));
    resources = new Resources();
  });
  afterEach(async () => {
    await resources.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const start = (told: string[] = []) =>
    startEmbeddedTemporal(
      { temporalCliPath: suiteTemporal().cliPath, xdgCacheHome: undefined, dataDir },
      (line) => told.push(line),
      resources,
    );

  it('refuses a folder in which another process has its server: two would write to one database', async () => {
    const unlock = await lockFolder(join(dataDir, 'temporal'));
    const told: string[] = [];
    await expect(start(told)).rejects.toThrow(EmbeddedTemporalInUse);
    expect(told).toEqual([expect.stringContaining('waiting for its lock to expire')]);
    await unlock?.();
    expect((await start()).uiUrl).toMatch(/^http:/);
  });

  it('says so when Temporal’s usual ports are in use', async () => {
    const told: string[] = [];
    const first = await start(told);
    const other = await mkdtemp(join(tmpdir(), 'threadkeeper-embedded-'));
    resources.add(() => rm(other, { recursive: true, force: true }));
    const second = await startEmbeddedTemporal(
      { temporalCliPath: suiteTemporal().cliPath, xdgCacheHome: undefined, dataDir: other },
      (line) => told.push(line),
      resources,
    );
    expect(second.settings.address).not.toBe(first.settings.address);
    expect(second.uiUrl).not.toBe(first.uiUrl);
    // The usual one may be another test's.
    const ports = [first, second].map(({ settings }) => settings.address.split(':')[1]);
    for (const port of ports.filter((one) => one !== '7233'))
      expect(told).toContain(`Port 7233 is in use, Temporal takes ${port}`);
  });
});
