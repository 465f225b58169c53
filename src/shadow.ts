import { readCall } from './command-line.ts';
import { countIn, runReport } from './reports/run-report.ts';
import { readShadow, renderShadow, shadowJson } from './reports/shadow-report.ts';

const { values } = readCall('shadow', {
  options: {
    days: { type: 'string', default: '30' },
    worst: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

await runReport('shadow', async (open) => {
  const asked = { days: countIn(values.days, 'days'), worst: countIn(values.worst, 'worst') };
  const report = await readShadow(await open(), asked);
  return values.json ? shadowJson(report) : renderShadow(report);
});
