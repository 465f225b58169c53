import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { type Network, startNetwork } from '../support/network.ts';
import { useProduct } from '../support/product.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
let toTemporal: Network;
let toHubSpot: Network;
/** Those that have been started: their file's set-up may have failed before. */
const networks: Network[] = [];
const networkTo = async (address: string): Promise<Network> => {
  const network = await startNetwork(address);
  networks.push(network);
  return network;
};
// HubSpot's patience is 5 s, and the API's answer comes after 4: a second is little on a busy machine.
const webhook = { timeoutMs: 15_000, retryDelaysMs: Array<number>(100).fill(200) };
const product = useProduct(
  temporal,
  {},
  { webhook },
  {
    temporal: async (address) => {
      toTemporal = await networkTo(address);
      return toTemporal.address;
    },
    hubspot: async (address) => {
      toHubSpot = await networkTo(address);
      return toHubSpot.address;
    },
  },
);

const heal = (): void => {
  for (const network of networks) {
    const wasBad = network.silent || network.breaksAfterBytes !== Number.POSITIVE_INFINITY;
    Object.assign(network, { latencyMs: 0, silent: false, breaksAfterBytes: Number.POSITIVE_INFINITY });
    // What was dropped is missing in the middle of a connection.
    if (wasBad) network.reset();
  }
};
afterEach(heal);
afterAll(async () => {
  for (const network of networks) await network.close();
});

const ask = (): WrittenIds => product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });

const expectOneReplyEach = async (asked: WrittenIds[]): Promise<void> => {
  const results = await Promise.all(asked.map((written) => product.resultOf(written)));
  expect(results.map(({ outcome }) => outcome)).toEqual(asked.map(() => 'replied'));
  for (const { threadId } of asked) expect(product.postedBy(threadId)).toHaveLength(1);
};

it('answers once over a slow network', async () => {
  for (const network of networks) network.latencyMs = 100;
  await expectOneReplyEach([ask(), ask(), ask()]);
});

// Breaks to Temporal come between runs here: a task that goes down with its connection is given out again only after
// its timeout, a minute. Breaks in the midst of runs are chaos's (test/chaos).
it('answers once when the connections to HubSpot break again and again, and those to Temporal have broken', async () => {
  toTemporal.reset();
  const asked: WrittenIds[] = [];
  for (let broken = 0; broken < 10; broken += 1) {
    asked.push(ask());
    await sleep(150);
    toHubSpot.reset();
  }
  await expectOneReplyEach(asked);
});

it('answers once when HubSpot’s answers break off in the middle', async () => {
  toHubSpot.breaksAfterBytes = 200;
  const asked = [ask(), ask()];
  await sleep(1_000);
  heal();
  await expectOneReplyEach(asked);
});

it('answers once when the network to HubSpot swallows everything for a while', async () => {
  toHubSpot.silent = true;
  const asked = [ask(), ask()];
  await sleep(1_000);
  heal();
  await expectOneReplyEach(asked);
});

it('takes no event that it can’t hand to Temporal, and answers it once when it comes again', async () => {
  toTemporal.silent = true;
  const asked = ask();
  const answers = () =>
    product.simulator.deliveries
      .filter(({ events }) => JSON.stringify(events).includes(asked.messageId))
      .map(({ status }) => status);
  while (answers().length === 0) await sleep(50);
  expect([...new Set(answers())]).toEqual([503]);
  heal();
  await expectOneReplyEach([asked]);
});
