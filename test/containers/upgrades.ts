import { setTimeout as sleep } from 'node:timers/promises';
import { allAnsweredOnce, traffic } from './customers.ts';
import type { Stack } from './stack.ts';
import { expect, inspect, runPage, type Step, seconds } from './support.ts';

export const longestGap = (deliveries: Stack['simulator']['deliveries']): { failed: number; gapMs: number } => {
  const failed = deliveries.filter(({ status }) => status !== 200);
  const gapMs = failed.reduce((longest, { sentAt }) => {
    const next = deliveries.find((one) => one.sentAt > sentAt && one.status === 200);
    return Math.max(longest, (next?.sentAt ?? sentAt) - sentAt);
  }, 0);
  return { failed: failed.length, gapMs };
};

export const replaceUnderTraffic = async (stack: Stack, heading: string, image: string): Promise<string> => {
  const { simulator } = stack;
  const seen = simulator.deliveries.length;
  const customers = traffic(simulator, 1_000);
  await sleep(2_000);
  await stack.set({ THREADKEEPER_IMAGE: image });
  const ran = await runPage(stack, heading, /build/);
  await sleep(2_000);
  const asked = customers.stop();
  await allAnsweredOnce(simulator, asked);
  await simulator.settle();
  for (const service of ['api', 'worker']) {
    const runs = await inspect(stack, service, '{{.Config.Image}}');
    expect(runs === image, `${service} runs ${runs}`);
  }
  const { failed, gapMs } = longestGap(simulator.deliveries.slice(seen));
  expect(failed === 0, `${failed} deliveries failed, over ${seconds(gapMs)}`);
  const ms = ran.reduce((sum, one) => sum + one.ms, 0);
  const deliveries = simulator.deliveries.length - seen;
  return `${seconds(ms)}; ${asked.length} customers, each answered once; no delivery of ${deliveries} failed`;
};

/** The image that doesn't run now, of two that differ in a label alone. */
export const otherImage = async (stack: Stack): Promise<string> => {
  const [first, second] = ['threadkeeper-containers-test:1', 'threadkeeper-containers-test:2'];
  await stack.run(`printf 'FROM ${first}\\nLABEL test.version=2\\n' | docker build --quiet --tag ${second} -`);
  return (await inspect(stack, 'api', '{{.Config.Image}}')) === first ? second : first;
};

export const upgrade: Step = {
  name: 'upgrade',
  run: async (stack) => await replaceUnderTraffic(stack, 'Upgrade', await otherImage(stack)),
};

export const rollback: Step = {
  name: 'rollback',
  run: async (stack) => await replaceUnderTraffic(stack, 'Roll back', await otherImage(stack)),
};

/** One command for all. It stops the API before it starts the new one: HubSpot brings again what failed meanwhile. */
export const changeSetting: Step = {
  name: 'setting',
  run: async (stack) => {
    const { simulator } = stack;
    const seen = simulator.deliveries.length;
    const customers = traffic(simulator, 1_000);
    await sleep(2_000);
    await stack.set({ LOG_LEVEL: 'debug' });
    const [changed] = await runPage(stack, 'Change a setting', /doctor/);
    await sleep(2_000);
    const asked = customers.stop();
    await allAnsweredOnce(simulator, asked);
    for (const service of ['api', 'worker']) {
      const environment = await inspect(stack, service, '{{json .Config.Env}}');
      expect(environment.includes('LOG_LEVEL=debug'), `${service} has the old settings`);
    }
    const { failed, gapMs } = longestGap(simulator.deliveries.slice(seen));
    const away = `${failed} deliveries failed, over ${seconds(gapMs)}`;
    expect(gapMs < 45_000, away);
    return `${seconds(changed?.ms ?? 0)}; ${away}; ${asked.length} customers, each answered once`;
  },
};
