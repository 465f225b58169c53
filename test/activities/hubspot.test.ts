import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Fault } from '../../dev/simulator/api/faults.ts';
import type { Simulator, ThreadItem } from '../../dev/simulator/simulator.ts';
import {
  createHubSpotActivities,
  type HubSpotActivities,
  type HubSpotActivityOptions,
  type PostInput,
} from '../../src/activities/hubspot.ts';
import { createHubSpotClient } from '../../src/hubspot/client.ts';
import type { ActorId, MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ReplyToMessageInput } from '../../src/runs/reply-to-message.ts';
import { attempt } from '../support/activities.ts';
import { ACCESS_TOKEN, AGENT_ID, AI_ACTOR_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

let simulator: Simulator;
let activities: HubSpotActivities;

const activitiesWithin = (timeoutMs: number, options: HubSpotActivityOptions = {}): HubSpotActivities => {
  const client = createHubSpotClient({
    portalId: PORTAL_ID as PortalId,
    apiUrl: simulator.url,
    apiVersion: 'v3',
    accessToken: ACCESS_TOKEN,
    timeoutMs,
  });
  return createHubSpotActivities(() => ({ client, aiActorId: AI_ACTOR_ID as ActorId }), options);
};

beforeEach(async () => {
  simulator = await testSimulator();
  activities = activitiesWithin(20_000);
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const run = <Input, Result>(activity: (input: Input) => Promise<Result>, input: Input, n = 1): Promise<Result> =>
  attempt(n).run(activity, input);

/** Attempts after each other, each with what the one before has left; the last one's result. */
const runAttempts = async <Input, Result>(
  activity: (input: Input) => Promise<Result>,
  input: Input,
  between: (left: unknown) => unknown = (left) => left,
  firstActivity = activity,
): Promise<Result> => {
  const first = attempt(1);
  let left: unknown;
  first.on('heartbeat', (details: unknown) => {
    left = details;
  });
  await failureOf(first.run(firstActivity, input));
  return await attempt(2, between(left)).run(activity, input);
};

const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const failure = await work.then(
    () => undefined,
    (error) => error,
  );
  if (!(failure instanceof ApplicationFailure)) throw new Error(`no ApplicationFailure but ${failure}`);
  return failure;
};

const asks = (): ReplyToMessageInput => {
  const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
  return { portalId: PORTAL_ID as PortalId, threadId: threadId as ThreadId, messageId: messageId as MessageId };
};

describe('fetchMessage', () => {
  it('looks again for a message that its webhook has overtaken', async () => {
    const asked = asks();
    simulator.faults.add({ kind: 'not-found', times: 2 });
    const early = await failureOf(run(activities.fetchMessage, asked));
    expect(early).toMatchObject({ type: 'HubSpotNotFound', nonRetryable: false, nextRetryDelay: 1_000 });
    const later = await failureOf(run(activities.fetchMessage, asked, 5));
    expect(later).toMatchObject({ nextRetryDelay: 16_000 });
    expect(await run(activities.fetchMessage, asked, 6)).toMatchObject({ id: asked.messageId });
  });

  it('gives up a message that stays away as a value, which the run’s rules can read', async () => {
    const asked = { ...asks(), messageId: 'gone' as MessageId };
    expect(await run(activities.fetchMessage, asked, 8)).toBeNull();
  });
});

describe('failures', () => {
  it.each<[Fault, object]>([
    [
      { kind: 'rate-limit', retryAfter: 7 },
      { type: 'HubSpotRateLimited', nonRetryable: false, nextRetryDelay: 7_000, category: 'BENIGN' },
    ],
    [
      { kind: 'status', status: 477, retryAfter: 60 },
      { type: 'HubSpotUnavailable', nonRetryable: false, nextRetryDelay: 60_000 },
    ],
    [
      { kind: 'status', status: 503 },
      { type: 'HubSpotUnavailable', nonRetryable: false, nextRetryDelay: undefined },
    ],
    [
      { kind: 'status', status: 401 },
      { type: 'HubSpotUnauthorized', nonRetryable: false, nextRetryDelay: 60_000 },
    ],
    [
      { kind: 'status', status: 400 },
      { type: 'HubSpotRefused', nonRetryable: true },
    ],
  ])('a read that meets %j', async (fault, expected) => {
    const asked = asks();
    simulator.faults.add(fault);
    expect(await failureOf(run(activities.fetchMessage, asked))).toMatchObject(expected);
  });

  it('a read that is never answered', async () => {
    const asked = asks();
    simulator.faults.add({ kind: 'hang' });
    const failure = await failureOf(run(activitiesWithin(50).fetchMessage, asked));
    expect(failure).toMatchObject({ type: 'HubSpotUnavailable', nonRetryable: false });
  });
});

describe('post', () => {
  const reply = (asked: ReplyToMessageInput, changes: Partial<PostInput> = {}): PostInput => ({
    ...asked,
    sought: {
      key: `replied.${asked.messageId}`,
      text: 'It ships tomorrow.',
      since: simulator.messages(asked.threadId)[0]?.createdAt ?? '',
    },
    words: { text: 'It ships tomorrow.', richText: '<p>It ships tomorrow.</p><!-- OpenCX-AI-Response -->' },
    to: {
      channelId: '1000',
      channelAccountId: '211840567',
      senderActorId: AI_ACTOR_ID as ActorId,
      recipient: {
        actorId: 'V-1' as ActorId,
        name: null,
        field: null,
        address: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'opaque' },
      },
      subject: null,
    },
    seen: { assignedTo: AI_ACTOR_ID as ActorId, newestMessageId: asked.messageId },
    ...changes,
  });
  const ours = (threadId: string) =>
    simulator.messages(threadId).filter((item) => item.client.clientType === 'INTEGRATION');

  it('looks, then posts', async () => {
    const asked = asks();
    const posted = await run(activities.post, reply(asked));
    expect(ours(asked.threadId)).toMatchObject([
      { id: posted.moved ? '' : posted.messageId, text: 'It ships tomorrow.' },
    ]);
    expect(simulator.calls.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
  });

  describe.each<[string, boolean]>([
    ['HubSpot keeps HTML comments', false],
    ['HubSpot strips HTML comments', true],
  ])('when the answer to the POST is lost and %s', (_, stripHtmlComments) => {
    it.each<[Fault]>([[{ kind: 'reset-after' }], [{ kind: 'half-written' }], [{ kind: 'commit-then-fail' }]])(
      'finds its own reply again after %j',
      async (fault) => {
        simulator.behaviour.stripHtmlComments = stripHtmlComments;
        const asked = asks();
        simulator.faults.add({ ...fault, match: { method: 'POST' } });
        const posted = await runAttempts(activities.post, reply(asked));
        const [only, ...others] = ours(asked.threadId);
        expect(posted).toEqual({ moved: false, messageId: only?.id, found: true });
        expect(others).toEqual([]);
      },
    );

    it('finds its own reply again that was answered after its deadline', async () => {
      simulator.behaviour.stripHtmlComments = stripHtmlComments;
      const asked = asks();
      // A simulator's first answer takes long: it compiles the description.
      await run(activities.fetchMessage, asked);
      simulator.faults.add({ kind: 'slow', delayMs: 10_000, match: { method: 'POST' } });
      const late = activitiesWithin(1_500).post;
      const posted = await runAttempts(activities.post, reply(asked), undefined, late);
      expect(ours(asked.threadId)).toEqual([expect.objectContaining({ id: posted.moved ? '' : posted.messageId })]);
    });

    it('finds its own reply again though HubSpot shows other words', async () => {
      simulator.behaviour.stripHtmlComments = stripHtmlComments;
      const asked = asks();
      simulator.faults.add({ kind: 'reset-after', match: { method: 'POST' } });
      simulator.faults.add({
        kind: 'rewrite',
        match: { route: 'listMessages' },
        skip: 1,
        rewrite: (page) =>
          JSON.parse(JSON.stringify(page).replaceAll('It ships tomorrow.', 'It ships tomorrow. Our team')),
      });
      const posted = await runAttempts(activities.post, reply(asked));
      expect(ours(asked.threadId)).toMatchObject([{ id: posted.moved ? '' : posted.messageId }]);
    });

    it('finds its own comment again, whose author HubSpot has changed', async () => {
      simulator.behaviour.stripHtmlComments = stripHtmlComments;
      const asked = asks();
      simulator.faults.add({ kind: 'reset-after', match: { method: 'POST' } });
      const posted = await runAttempts(activities.post, reply(asked, { to: null }));
      expect(ours(asked.threadId)).toMatchObject([{ type: 'COMMENT', id: posted.moved ? '' : posted.messageId }]);
    });
  });

  it('posts again at once when it was refused', async () => {
    const asked = asks();
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'POST' } });
    expect(await runAttempts(activities.post, reply(asked))).toMatchObject({ moved: false });
    expect(ours(asked.threadId)).toHaveLength(1);
  });

  it.each<[Fault]>([[{ kind: 'status', status: 500 }], [{ kind: 'reset-before' }]])(
    'posts again after %j only when nothing has shown for a while: HubSpot’s reads may lag',
    async (fault) => {
      const asked = asks();
      simulator.faults.add({ ...fault, match: { method: 'POST' } });
      const soon = await failureOf(runAttempts(activities.post, reply(asked)));
      expect(soon).toMatchObject({ type: 'DeliveryUnknown', nonRetryable: false, nextRetryDelay: 3_000 });
      expect(ours(asked.threadId)).toEqual([]);
      expect(await attempt(3, { settledAt: Date.now() - 1 }).run(activities.post, reply(asked))).toMatchObject({
        moved: false,
      });
      expect(ours(asked.threadId)).toHaveLength(1);
    },
  );

  it('gives a POST that outlived its deadline longer to show', async () => {
    const asked = asks();
    // A simulator's first answer takes long: it compiles the description.
    await run(activities.fetchMessage, asked);
    simulator.faults.add({ kind: 'hang', match: { method: 'POST' } });
    const first = attempt(1);
    const left: { settledAt: number }[] = [];
    first.on('heartbeat', (details: { settledAt: number }) => left.push(details));
    await failureOf(first.run(activitiesWithin(3_000).post, reply(asked)));
    expect(left.at(-1)?.settledAt).toBeGreaterThan(Date.now() + 15_000);
  });

  it.each<[string, (threadId: string) => unknown]>([
    ['an agent took the thread', (threadId) => simulator.assign(threadId, AGENT_ID)],
    ['an agent answered', (threadId) => simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Hi' })],
    ['the customer wrote again', (threadId) => simulator.customerWrites({ threadId, text: 'Hello?' })],
    ['it was marked as spam', (threadId) => simulator.markSpam(threadId)],
    ['it was archived', (threadId) => simulator.archive(threadId)],
  ])(
    'does not post when %s since the run looked, and says how the thread stands, without words',
    async (_, happens) => {
      const asked = asks();
      happens(asked.threadId);
      const posted = await run(activities.post, reply(asked));
      expect(posted).toMatchObject({ moved: true, now: { thread: { id: asked.threadId } } });
      expect(JSON.stringify(posted)).not.toContain('Where is my order?');
      expect(ours(asked.threadId)).toEqual([]);
    },
  );

  it('leaves word of its POST before it goes, as its worker may die, and takes it back where HubSpot refuses', async () => {
    const asked = asks();
    const left: unknown[] = [];
    const first = attempt(1);
    first.on('heartbeat', (details: unknown) => left.push([details, ours(asked.threadId).length]));
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'POST' } });
    await failureOf(first.run(activities.post, reply(asked)));
    expect(left).toEqual([
      [{ settledAt: expect.any(Number) }, 0],
      [null, 0],
    ]);
    expect((left[0] as [{ settledAt: number }])[0].settledAt).toBeGreaterThan(Date.now());
  });

  it('does not post on a thread that is gone', async () => {
    const gone = { ...reply(asks()), threadId: '404404' as ThreadId };
    expect(await run(activities.post, gone, 8)).toEqual({ moved: true, now: null });
  });

  it('is not stopped by agents who talk among themselves', async () => {
    const asked = asks();
    simulator.agentComments(asked.threadId, { actorId: AGENT_ID, text: 'hm' });
    expect(await run(activities.post, reply(asked), 2)).toMatchObject({ moved: false });
  });

  it('is refused for good where HubSpot can’t send', async () => {
    const asked = asks();
    const to = { ...reply(asked).to, channelId: '1007' } as PostInput['to'];
    expect(await failureOf(run(activities.post, reply(asked, { to })))).toMatchObject({
      type: 'HubSpotRefused',
      nonRetryable: true,
    });
  });
});

describe('readInFull', () => {
  it('keeps a burst of long mails small enough for a payload, the newest in full', async () => {
    const text = '漢'.repeat(60_000);
    const first = simulator.customerWrites({ channel: 'email', text, truncatedTo: '漢' });
    const { threadId } = first;
    const ids = [first, ...[2, 3, 4].map(() => simulator.customerWrites({ threadId, text, truncatedTo: '漢' }))];
    const read = await run(activities.readInFull, {
      portalId: PORTAL_ID as PortalId,
      threadId: threadId as ThreadId,
      messageIds: ids.map(({ messageId }) => messageId as MessageId),
    });
    expect(read.map((one) => one.text.length)).toEqual([20_000, 60_000, 60_000, 60_000]);
    expect(read.map((one) => one.messageId)).toEqual(ids.map(({ messageId }) => messageId));
  });
});

describe('fetchConversation', () => {
  it('leaves out whom a mail went to: nothing hangs on it, and a long list of people fits no payload', async () => {
    const asked = asks();
    expect(JSON.stringify(await run(activities.fetchConversation, asked))).not.toMatch(/recipients/);
  });

  it('keeps of a long thread the newest messages, and what the AI wrote within the hour, each its beginning', async () => {
    const asked = asks();
    const { threadId } = asked;
    simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'agent' });
    for (const text of ['a', 'b', 'c'])
      simulator.agentWrites(threadId, { actorId: AI_ACTOR_ID, text: text.repeat(500) });
    for (let n = 1; n <= 60; n += 1) simulator.customerWrites({ threadId, text: String(n) });
    const [, , old] = simulator.messages(threadId);
    simulator.faults.add({
      kind: 'rewrite',
      match: { path: /messages/ },
      rewrite: (body) => {
        const item = (body as { results: ThreadItem[] }).results.find(({ id }) => id === old?.id);
        if (item) item.createdAt = new Date(Date.parse(item.createdAt) - 3_600_000).toISOString();
        return body;
      },
    });
    const conversation = await run(activities.fetchConversation, asked);
    const texts = conversation?.messages.map(({ text }) => text);
    expect(texts).toEqual(['b'.repeat(200), 'c'.repeat(200), ...Array.from({ length: 60 }, (_, n) => String(n + 1))]);
  });
});

describe('what a run keeps in its history', () => {
  const MOST_BYTES = 1_000_000;
  const name = 'ö'.repeat(1_000);
  const files = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      type: 'FILE' as const,
      fileId: String(index),
      name: `${name}${index}`,
      fileUsageType: 'OTHER' as const,
      url: simulator.url,
    }));

  it.each([
    ['hundreds of files', () => ({ attachments: files(300) })],
    ['words that take the most bytes', () => ({ text: `Hi ${'\u0001'.repeat(8_000)}` })],
    ['endless names', () => ({ name, subject: name.repeat(100) })],
  ])('fits into a payload, whatever customers send: %s', async (_, message) => {
    const { threadId, messageId: first } = simulator.customerWrites({ channel: 'email', text: 'Hello', ...message() });
    for (let more = 0; more < 60; more += 1)
      simulator.customerWrites({ threadId, text: 'Hello', email: `kim.${more}@example.org`, ...message() });
    const { messageId } = simulator.customerWrites({ threadId, text: 'Where is my order?' });
    const on = { portalId: PORTAL_ID as PortalId, threadId: threadId as ThreadId };
    const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
    const whole = await run(activities.fetchConversation, on);
    expect(sizeOf(whole)).toBeLessThan(MOST_BYTES);
    expect(whole).toMatchObject({ isPartial: true });
    expect(whole?.messages.at(-1)).toMatchObject({ id: messageId, text: 'Where is my order?' });
    expect(sizeOf(await run(activities.fetchConversation, { ...on, withoutTexts: true }))).toBeLessThan(MOST_BYTES);
    const one = { ...on, messageId: first as MessageId };
    expect(sizeOf(await run(activities.fetchMessage, one))).toBeLessThan(MOST_BYTES / 10);
  });
});

describe('closeThread', () => {
  const statusOf = (threadId: string) => simulator.thread(threadId).status;

  it('closes a thread that is as it was seen, but for what the run itself has put there', async () => {
    const { portalId, threadId, messageId } = asks();
    const seen = { assignedTo: AI_ACTOR_ID as ActorId, newestMessageId: messageId };
    const own = simulator.agentWrites(threadId, { text: 'Goodbye', actorId: AI_ACTOR_ID });
    expect(await run(activities.closeThread, { portalId, threadId, seen, own: null })).toBe('moved');
    expect(statusOf(threadId)).toBe('OPEN');
    const close = { portalId, threadId, seen, own: own.messageId as MessageId };
    expect(await run(activities.closeThread, close)).toBe('closed');
    expect(statusOf(threadId)).toBe('CLOSED');
    // A second attempt finds it closed.
    expect(await run(activities.closeThread, close)).toBe('closed');
    expect(simulator.ledger.filter(({ route }) => route === 'updateThread')).toHaveLength(1);
  });

  it.each<[string, (threadId: string) => void]>([
    ['the customer writes', (threadId) => simulator.customerWrites({ channel: 'chat', text: 'Wait!', threadId })],
    ['a person takes it', (threadId) => simulator.assign(threadId, AGENT_ID)],
    ['nobody owns it any more', (threadId) => simulator.assign(threadId, null)],
  ])('leaves a thread alone where meanwhile %s', async (_, meanwhile) => {
    const { portalId, threadId, messageId } = asks();
    meanwhile(threadId);
    const seen = { assignedTo: AI_ACTOR_ID as ActorId, newestMessageId: messageId };
    expect(await run(activities.closeThread, { portalId, threadId, seen, own: null })).toBe('moved');
    expect(statusOf(threadId)).toBe('OPEN');
  });
});

describe('the owner of a thread', () => {
  const ownerNameIn = async (of: HubSpotActivities, { portalId, threadId }: ReplyToMessageInput) =>
    (await run(of.fetchConversation, { portalId, threadId, withoutTexts: true }))?.thread.ownerName;
  const callsForNames = () => simulator.calls.filter(({ path }) => path.includes('/actors/')).length;

  it('has a name where that is wanted, which HubSpot is asked for once', async () => {
    const naming = activitiesWithin(20_000, { ownerNames: true });
    const asked = asks();
    expect(await ownerNameIn(naming, asked)).toBeUndefined();
    expect(callsForNames()).toBe(0);
    simulator.assign(asked.threadId, AGENT_ID);
    const name = `Agent ${AGENT_ID.slice(2)}`;
    expect(await ownerNameIn(naming, asked)).toBe(name);
    expect((await run(naming.lookAgain, asked))?.now.thread.ownerName).toBe(name);
    expect(callsForNames()).toBe(1);
    expect(await ownerNameIn(activities, asked)).toBeUndefined();
  });

  it('has none where HubSpot doesn’t say it, and the read goes on', async () => {
    const naming = activitiesWithin(20_000, { ownerNames: true });
    const asked = asks();
    simulator.assign(asked.threadId, AGENT_ID);
    simulator.faults.add({ kind: 'status', status: 500, match: { route: 'getActor' } });
    expect(await ownerNameIn(naming, asked)).toBeUndefined();
    expect(await ownerNameIn(naming, asked)).not.toBeUndefined();
  });
});
