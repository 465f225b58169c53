import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { numberOption, readScriptCall } from '../src/command-line.ts';
import { Resources } from '../src/processes/lifecycle.ts';
import { CLIENT_SECRET } from '../test/support/simulator.ts';
import { inBatches } from '../test/support/webhook-events.ts';
import { sendAll } from './deliveries.ts';
import { inventedEvents } from './events.ts';
import { heldMiB, residentMiB } from './memory.ts';
import { stage, untilAnswers } from './stage.ts';

/**
 * `npm run bench:memory`: the API's resident memory after each 100,000 events, in deliveries of 100 and with the
 * options of the image. No worker runs, so that nothing but taking events is measured.
 */
const EACH = 100_000;
const BATCH = 100;
const LOOKS = 10;

const PROBE = ['--import', fileURLToPath(new URL('probe.ts', import.meta.url))];

const HELP = {
  name: 'bench:memory',
  does: 'Measures what memory the API holds after every 100,000 events.',
  options: {
    events: 'how many in all (default: 600000)',
    built: 'a folder that npm run build made (default: built anew)',
  },
};

const { values } = readScriptCall(HELP, { options: { events: { type: 'string' }, built: { type: 'string' } } });
const stretches = Math.ceil(numberOption(HELP.name, 'events', values.events ?? '600000') / EACH);

const measure = async (resources: Resources): Promise<void> => {
  const { url, start } = await stage(resources, (line) => process.stderr.write(`${line}\n`), values.built);
  const api = start('api.js', {}, { options: [...PROBE, '--max-semi-space-size=2'] });
  await untilAnswers(new URL('/readyz', url).href);
  const target = { url, secret: CLIENT_SECRET, inFlight: 10 };
  const after: number[] = [];
  for (let stretch = 1; stretch <= stretches; stretch += 1) {
    // Made a part at a time: this process is not to be the one that grows.
    for (let part = 0; part < EACH / 10_000; part += 1) await sendAll(inBatches(inventedEvents(10_000), BATCH), target);
    const looks: number[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      await sleep(500);
      looks.push(await residentMiB(api.pid));
    }
    const [middle = Number.NaN] = looks.toSorted((a, b) => a - b).slice(LOOKS / 2);
    after.push(middle);
    const { heapUsed } = await heldMiB(api);
    process.stdout.write(
      `${stretch * EACH} events: ${middle.toFixed(1)} MiB resident, ` +
        `${heapUsed.toFixed(1)} MiB held after a collection\n`,
    );
  }
  const [first = Number.NaN] = after;
  const last = after.at(-1) ?? Number.NaN;
  process.stdout.write(`${((last / first - 1) * 100).toFixed(1)} % more after the last than after the first\n`);
};

const resources = new Resources();
try {
  await measure(resources);
} finally {
  await resources.close();
}
process.exit();
