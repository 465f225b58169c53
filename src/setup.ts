import { answerHelpOnly } from './command-line.ts';
import { loadQueueSettings } from './config.ts';
import { runProcess } from './processes/lifecycle.ts';
import { readTemporalSettings } from './temporal/envconfig.ts';
import { setUpTemporal } from './temporal/set-up.ts';

answerHelpOnly('setup');

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

await runProcess(async () => {
  const temporal = readTemporalSettings();
  say(`Temporal at ${temporal.address}, namespace ${temporal.namespace}`);
  const queue = loadQueueSettings();
  const { registered, retentionMs, retentionRaised, warnings } = await setUpTemporal(temporal, queue);
  say(`  search attributes: ${registered.length === 0 ? 'all there' : `registered ${registered.join(', ')}`}`);
  say(`  retention: ${Math.round(retentionMs / 86_400_000)} days${retentionRaised ? ', raised' : ''}`);
  const { hubspotCallsPerSecond, hubspotActivitiesPerSecond } = queue;
  const atMost = (rate: number): string => (rate === 0 ? 'no limit' : `at most ${rate} a second`);
  say(`  HubSpot activities: ${atMost(hubspotActivitiesPerSecond)} in each portal`);
  say(`  HubSpot calls: ${atMost(hubspotCallsPerSecond)} in each portal, which the workers count`);
  for (const warning of warnings) say(`  to do: ${warning}`);
  return { work: Promise.resolve() };
});
