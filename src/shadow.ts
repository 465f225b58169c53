import { parseArgs } from 'node:util';
import { answerHelp } from './command-line.ts';
import { countIn, runReport } from './reports/run-report.ts';
import { readShadow, renderShadow, shadowJson } from './reports/shadow-report.ts';

answerHelp('shadow');

await runReport('npm run shadow [-- --days 30 --worst 5 --json]', async (open) => {
  const { values } = parseArgs({
    options: {
      days: { type: 'string', default: '30' },
      worst: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
    },
  });
  const asked = { days: countIn(values.days, 'days'), worst: countIn(values.worst, 'worst') };
  const report = await readShadow(await open(), asked);
  return values.json ? shadowJson(report) : renderShadow(report);
});
