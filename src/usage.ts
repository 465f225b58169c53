import { readCall } from './command-line.ts';
import { countIn, runReport } from './reports/run-report.ts';
import { readUsage, renderUsage, usageJson } from './reports/usage-report.ts';

const { values } = readCall('usage', {
  options: {
    days: { type: 'string', default: '7' },
    threads: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});

await runReport('usage', async (open, { portals, aiPrices }) => {
  const asked = { days: countIn(values.days, 'days'), threads: countIn(values.threads, 'threads') };
  const settings = portals.map((portal) => portal.settings);
  const report = await readUsage(await open(), settings, { ...asked, now: Date.now(), hasPrices: aiPrices !== null });
  return values.json ? usageJson(report) : renderUsage(report);
});
