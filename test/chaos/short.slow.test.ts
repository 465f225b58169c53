import { expect, it } from '@jest/globals';
import { suiteBuild } from '../support/build.ts';
import { spawnNode } from '../support/spawned.ts';
import { OFFENCES } from './verdict.ts';

// Most of its time it waits: a call whose worker was killed is tried again when its minute has passed. What the run itself
// has patience for (`PATIENCE_MS` of chaos.ts), and its load before that.
const PATIENCE_MS = 10 * 60_000;

it(
  'twenty seconds of chaos lose nothing, repeat nothing, and talk over nobody',
  async () => {
    // Everybody is killed once.
    const options = { events: 250, kills: 5, threads: 75, minutes: 0.3, built: await suiteBuild() };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const run = spawnNode(['test/chaos/run.ts', ...words], {});
    try {
      const code = await run.ends();
      // Its table says what happened on which thread, and its seed.
      if (code !== 0) throw new Error(run.output());
      expect(run.output()).toMatch(/^ {2}eventsPlayed +25\d$/m);
      for (const offence of Object.keys(OFFENCES)) {
        expect(run.output()).toMatch(new RegExp(`^ {2}${offence} +0 `, 'm'));
      }
    } finally {
      await run.ends('SIGTERM');
    }
  },
  PATIENCE_MS,
);
