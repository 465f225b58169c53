import { setTimeout as sleep } from 'node:timers/promises';
import { readPanels, withVariables } from '../../scripts/dashboard/dashboard.ts';
import { allAnsweredOnce, traffic, until } from './customers.ts';
import type { Stack } from './stack.ts';
import { expect, type Step, seconds } from './support.ts';

/** The AI there is no model: it reports no tokens. */
const QUIET = [/^Tokens/, /costs/];

const RATE_SECONDS = 60;

const ask = async (stack: Stack, path: string): Promise<{ status?: string; error?: string; data: unknown }> =>
  (await (await fetch(`${stack.prometheusUrl}/api/v1/${path}`)).json()) as { data: unknown };

const jobsUp = async (stack: Stack): Promise<string[]> => {
  const { data } = await ask(stack, 'targets').catch(() => ({ data: { activeTargets: [] } }));
  const { activeTargets } = data as { activeTargets: { health: string; labels: { job: string } }[] };
  return activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job);
};

/** Asks Prometheus what each panel of the dashboard asks. Gives the titles of those that show something. */
const panelsWithData = async (stack: Stack): Promise<{ shown: string[]; empty: string[] }> => {
  const [shown, empty]: [string[], string[]] = [[], []];
  for (const { title, targets = [] } of readPanels()) {
    let series = 0;
    for (const { expr } of targets) {
      const query = encodeURIComponent(withVariables(expr, RATE_SECONDS));
      const { status, error, data } = await ask(stack, `query?query=${query}`);
      expect(status === 'success', `The panel "${title}" asks what Prometheus can't answer: ${error}`);
      series += (data as { result: unknown[] }).result.length;
    }
    if (targets.length > 0) (series > 0 ? shown : empty).push(title);
  }
  return { shown, empty };
};

export const monitoring: Step = {
  name: 'monitoring',
  run: async (stack) => {
    await stack.run('docker compose --profile monitoring up --detach --wait prometheus');
    const expected = ['temporal', 'threadkeeper-api', 'threadkeeper-worker'];
    const ms = await until(
      'Prometheus reads all three',
      async () => {
        const found = await jobsUp(stack);
        return expected.every((job) => found.includes(job));
      },
      90_000,
    );
    await stack.run('docker compose exec -T prometheus promtool check config /etc/prometheus/prometheus.yml');
    // So many readings of 15 s that each rate has two of them.
    const customers = traffic(stack.simulator, 1_000);
    await sleep(50_000);
    const { shown, empty } = await panelsWithData(stack);
    await allAnsweredOnce(stack.simulator, customers.stop());
    const missing = empty.filter((title) => !QUIET.some((quiet) => quiet.test(title)));
    expect(missing.length === 0, `These panels show nothing: ${missing.join(', ')}`);
    const { groups } = (await ask(stack, 'rules')).data as { groups: { rules: { health: string }[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length > 10 && rules.every(({ health }) => health === 'ok'), 'The alert rules are not all in force');
    await stack.run('docker compose --profile monitoring rm --stop --force prometheus');
    const panels = `${shown.length} panels show data, ${empty.length} have none here`;
    return `API, worker and Temporal are read after ${seconds(ms)}; ${rules.length} alert rules; ${panels}`;
  },
};
