import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { createThreadActivities, type ThreadActivities } from '../../src/activities/threads.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { ActorId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ThreadsWithNews } from '../../src/rules/speaking/catch-up.ts';
import { attempt } from '../support/activities.ts';
import { settings } from '../support/messages.ts';
import { ACCESS_TOKEN, AGENT_ID, AI_ACTOR_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

const MINUTE = 60_000;
let simulator: Simulator;
let activities: ThreadActivities;

beforeEach(async () => {
  simulator = await testSimulator();
  const client = createHubSpotClient({
    portalId: PORTAL_ID as PortalId,
    apiUrl: simulator.url,
    apiVersion: 'v3',
    accessToken: ACCESS_TOKEN,
    timeoutMs: 20_000,
  });
  activities = createThreadActivities(() => ({ client, aiActorId: AI_ACTOR_ID as ActorId }));
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
const asks = (minutesAgo: number) => simulator.customerWrites({ text: 'Hello?', agoMs: minutesAgo * MINUTE });

describe('listThreadsWithNews', () => {
  const list = (): Promise<ThreadsWithNews> =>
    attempt(1).run(activities.listThreadsWithNews, {
      settings: settings(),
      stretch: { oldest: ago(60), after: ago(30), until: ago(1) },
    });

  it('finds threads with news, those with the oldest first, not those that are answered', async () => {
    asks(31);
    const answered = asks(10);
    simulator.agentWrites(answered.threadId, { text: 'Hi', actorId: AGENT_ID });
    const second = asks(8);
    const first = asks(9);
    asks(0);
    expect(await list()).toEqual({ threadIds: [first.threadId, second.threadId], cutAt: null });
  });

  it('reads every page', async () => {
    for (let n = 0; n < 501; n += 1) asks(5);
    const { threadIds, cutAt } = await list();
    expect(threadIds).toHaveLength(500);
    expect(cutAt).not.toBeNull();
    expect(simulator.calls).toHaveLength(2);
  });
});

describe('findUnanswered', () => {
  const find = (threadIds: string[], n = 1, left?: unknown) => {
    const environment = attempt(n, left);
    let progress: unknown = left;
    environment.on('heartbeat', (details: unknown) => {
      progress = details;
    });
    const input = { portalId: PORTAL_ID as PortalId, threadIds: threadIds as ThreadId[], oldest: ago(60) };
    const found = environment.run(activities.findUnanswered, input);
    return { found, progress: () => progress };
  };
  const reads = () => simulator.calls.filter(({ path }) => path.includes('/messages'));

  it('gives the newest message of each thread where a customer waits', async () => {
    const waits = asks(5);
    const old = asks(61);
    const { found } = find([waits.threadId, old.threadId]);
    expect(await found).toEqual({
      unanswered: [{ threadId: waits.threadId, messageId: waits.messageId }],
      unreadable: [],
    });
  });

  it('passes over a thread that is gone, and says which HubSpot refuses to show', async () => {
    const [refused, waits] = [asks(5), asks(5)];
    simulator.faults.add({ kind: 'status', status: 400, times: 2, match: { path: new RegExp(refused.threadId) } });
    const { found } = find(['404404', refused.threadId, waits.threadId]);
    expect(await found).toEqual({ unanswered: [waits], unreadable: [refused.threadId] });
  });

  it('reads of a long thread no more than what may be answered, and shows meanwhile that it lives', async () => {
    const waits = asks(90);
    const { threadId } = waits;
    for (let more = 0; more < 250; more += 1)
      simulator.customerWrites({ threadId, text: 'Hello?', agoMs: 80 * MINUTE });
    const { messageId } = simulator.customerWrites({ threadId, text: 'Hello?', agoMs: 5 * MINUTE });
    simulator.faults.add({ kind: 'slow', delayMs: 2_500, match: { route: 'listMessages' } });
    const { found, progress } = find([threadId]);
    const beats: unknown[] = [];
    const looking = setInterval(() => beats.push(progress()), 100);
    expect(await found).toEqual({ unanswered: [{ threadId, messageId }], unreadable: [] });
    clearInterval(looking);
    expect(beats).toContainEqual({ done: 0, failures: 0, unanswered: [], unreadable: [] });
    expect(reads()).toHaveLength(1);
  });

  it('goes on where an attempt was refused by the rate limit', async () => {
    const [first, second] = [asks(5), asks(5)];
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 7, match: { path: new RegExp(second.threadId) } });
    const { found, progress } = find([first.threadId, second.threadId]);
    await expect(found).rejects.toMatchObject({ type: 'HubSpotRateLimited', nextRetryDelay: 7_000 });
    expect(await find([first.threadId, second.threadId], 2, progress()).found).toEqual({
      unanswered: [first, second],
      unreadable: [],
    });
    expect(reads().map(({ status }) => status)).toEqual([200, 429, 200]);
  });

  describe('when a thread can’t be read at the sixth try', () => {
    const afterFive = { done: 0, failures: 5, unanswered: [], unreadable: [] };

    it('goes on without it, if it is only this one', async () => {
      const [broken, waits] = [asks(5), asks(5)];
      simulator.faults.add({ kind: 'status', status: 500, match: { path: new RegExp(broken.threadId) } });
      const { found } = find([broken.threadId, waits.threadId], 6, afterFive);
      expect(await found).toEqual({ unanswered: [waits], unreadable: [broken.threadId] });
    });

    it('waits, if HubSpot is away', async () => {
      const waits = asks(5);
      simulator.faults.add({ kind: 'status', status: 500, times: Number.POSITIVE_INFINITY });
      const { found, progress } = find([waits.threadId], 6, afterFive);
      await expect(found).rejects.toMatchObject({ type: 'HubSpotUnavailable', nonRetryable: false });
      simulator.faults.clear();
      expect(await find([waits.threadId], 7, progress()).found).toEqual({ unanswered: [waits], unreadable: [] });
    });
  });
});
