import { readCall } from './command-line.ts';
import { outcomesJson, readOutcomes, renderOutcomes } from './reports/outcome-report.ts';
import { countIn, runReport } from './reports/run-report.ts';

const { values } = readCall('outcomes', {
  options: {
    days: { type: 'string', default: '7' },
    top: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});

await runReport('outcomes', async (open, { resolvedAfterMs }) => {
  const asked = { windows: [countIn(values.days, 'days')], top: countIn(values.top, 'top') };
  // What a terminal shows soon stands in a log: no customer's words.
  const report = await readOutcomes(await open(), { ...asked, resolvedAfterMs, now: Date.now(), showText: false });
  return values.json ? outcomesJson(report) : renderOutcomes(report);
});
