import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { mostWithin } from '../../bench/windows.ts';
import type { Fault } from '../../dev/simulator/api/faults.ts';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { type Product, useProduct } from '../support/product.ts';
import { AGENT_ID } from '../support/simulator.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal, {}, { behaviour: { echo: 'none' } });
const waiting = useProduct(temporal, { QUIET_PERIOD: '50ms' }, { behaviour: { echo: 'none' } });
const limited = useProduct(temporal, { HUBSPOT_CALLS_PER_SECOND: '7' }, { behaviour: { echo: 'none' } });
afterEach(() => {
  for (const { simulator } of [product, waiting, limited]) simulator.faults.clear();
});

const chat = (by = product, changes: object = {}) =>
  by.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', ...changes });

const handleOf = (written: WrittenIds, by: Product) => temporal.client.workflow.getHandle(by.workflowIdOf(written));

/** Activities by name, those of the queue and those beside the workflow. */
const stepsOf = async (written: WrittenIds, by = product) => {
  const { events } = await handleOf(written, by).fetchHistory();
  const queued = (events ?? []).flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  const local = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => {
    const [data] = marker?.markerName === 'core_local_activity' ? (marker.details?.data?.payloads ?? []) : [];
    return data ? [JSON.parse(Buffer.from(data.data ?? []).toString()).activity_type as string] : [];
  });
  const workflowTasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
  return { queued, local, workflowTasks };
};

const story = (written: WrittenIds, by = product) => detailsOf(handleOf(written, by));
const reads = (what: RegExp, by = product) =>
  by.simulator.calls.filter(({ method, path }) => method === 'GET' && what.test(path)).length;

describe('what is read at once', () => {
  it('has a reply take two activities', async () => {
    const asked = chat();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(await stepsOf(asked)).toMatchObject({ queued: ['generateReply', 'post'], local: ['readMessageAtOnce'] });
    expect(await story(asked)).not.toMatch(/waited for its turn/);
  });

  it('stands in the history once', async () => {
    const words = 'The parcel of my grandmother';
    const asked = chat(product, { text: words });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.ai.asked.at(-1)?.questions).toEqual([words]);
    const { events } = await handleOf(asked, product).fetchHistory();
    const results = (events ?? []).flatMap(
      ({ markerRecordedEventAttributes: marker }) => marker?.details?.result?.payloads ?? [],
    );
    const read = Buffer.from(results[0]?.data ?? []).toString();
    expect(read.split(words)).toHaveLength(2);
  });

  it('has a run that stays silent take one workflow task, and none', async () => {
    const silent = chat(product, { text: ' ' });
    expect(await product.resultOf(silent)).toMatchObject({ outcome: 'skipped' });
    expect(await stepsOf(silent)).toMatchObject({ queued: [], workflowTasks: 1 });
    const owned = chat(product, { assignedTo: AGENT_ID });
    expect(await product.resultOf(owned)).toMatchObject({ outcome: 'skipped', reason: 'owned-by-human' });
    expect((await stepsOf(owned)).queued).toEqual([]);
  });

  it('is the look after a wait too', async () => {
    const asked = chat(waiting);
    expect(await waiting.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(await stepsOf(asked, waiting)).toMatchObject({
      queued: ['generateReply', 'post'],
      local: ['readMessageAtOnce', 'lookAndOpenAtOnce'],
    });
  });

  it('is a comment of an agent', async () => {
    const { threadId } = chat();
    const { messageId } = product.simulator.agentComments(threadId, { actorId: AGENT_ID, text: 'A note' });
    const workflowId = `command:${product.config.portals[0]?.settings.portalId}:${threadId}-${messageId}`;
    await product.resultOfRun(workflowId);
    const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
    expect(events?.filter((event) => event.activityTaskScheduledEventAttributes)).toEqual([]);
  });
});

describe('what can’t be read at once takes its turn in HubSpot’s queue', () => {
  const why = 'waited for its turn at HubSpot: ';
  const message = { route: 'getMessage' } as const;

  it.each<[string, Fault, string]>([
    ['HubSpot fails', { kind: 'status', status: 500 }, 'HubSpot answered 500'],
    ['HubSpot is away', { kind: 'status', status: 503, retryAfter: 1 }, 'HubSpot answered 503'],
    ['HubSpot hangs up', { kind: 'reset-before' }, 'HubSpot can’t be reached'],
    ['HubSpot answers half', { kind: 'half-written' }, 'HubSpot can’t be reached'],
    [
      'something answers in HubSpot’s place',
      { kind: 'rewrite', rewrite: () => ({ status: 'error' }) },
      'HubSpot answered 200 without id and type',
    ],
    ['the event is faster than the message', { kind: 'not-found' }, 'HubSpot answered 404'],
    ['the token is refused', { kind: 'status', status: 401 }, 'HubSpot answered 401'],
    ['HubSpot says that it is too much', { kind: 'rate-limit', retryAfter: 1 }, 'HubSpot answered 429'],
  ])('where %s', async (_, fault, words) => {
    product.simulator.faults.add({ ...fault, match: message });
    const asked = chat();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect((await stepsOf(asked)).queued).toEqual(['readMessage', 'generateReply', 'post']);
    expect(await story(asked)).toContain(`${why}${words.replace('’', "'")}`);
  });

  it('where HubSpot is slow: what was begun calls no more', async () => {
    product.simulator.faults.add({ kind: 'slow', delayMs: 2_500, match: message });
    const before = product.simulator.calls.length;
    const asked = chat();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(await story(asked)).toContain(`${why}HubSpot did not give it within 1.5 s`);
    // It is left alone for a while.
    const next = chat();
    expect(await product.resultOf(next)).toMatchObject({ outcome: 'replied' });
    expect(await story(next)).toContain(`${why}HubSpot was slow in this portal a moment ago`);
    await delay(1_500);
    // The one that was given up, and six for each run.
    expect(product.simulator.calls.length - before).toBe(13);
    expect(product.postedBy(asked.threadId)).toHaveLength(1);
  });

  it('where only the rest of it fails, and keeps what it has', async () => {
    // Its own product: this portal is left alone for a while in the other.
    limited.simulator.faults.add({ kind: 'status', status: 500, match: { route: 'getThread' } });
    const asked = chat(limited);
    expect(await limited.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect((await stepsOf(asked, limited)).queued).toEqual(['lookAndOpen', 'generateReply', 'post']);
    expect(reads(/messages\/\w+$/, limited)).toBe(1);
  });

  it('where a look after a wait fails', async () => {
    waiting.simulator.faults.add({ kind: 'status', status: 500, match: { route: 'getThread' } });
    const asked = chat(waiting);
    expect(await waiting.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect((await stepsOf(asked, waiting)).queued).toEqual(['lookAndOpen', 'generateReply', 'post']);
    expect(await story(asked, waiting)).toContain(`${why}HubSpot answered 500`);
  });

  it('where the portal’s calls are in use', async () => {
    await delay(1_100);
    const times: number[] = [];
    const note = (message: unknown): void => {
      const { request } = message as { request: { origin: string } };
      if (request.origin === limited.simulator.url) times.push(performance.now());
    };
    subscribe('undici:request:create', note);
    const before = limited.simulator.calls.length;
    const all = Array.from({ length: 6 }, () => chat(limited));
    for (const asked of all) expect(await limited.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const stories = await Promise.all(all.map((asked) => story(asked, limited)));
    expect(stories.join()).toContain(`${why}No call of this portal is free at once: at most 7 are made each second`);
    unsubscribe('undici:request:create', note);
    // As they are sent: the simulator takes those together that come while this process is busy.
    expect(times).toHaveLength(limited.simulator.calls.length - before);
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(7);
  });
});

it('a run whose portal nobody knows ends at once', async () => {
  const { taskQueue } = product;
  const input = { portalId: 1, threadId: 1, messageId: 'a' };
  const started = temporal.client.workflow.execute('replyToMessage', {
    workflowId: `unknown-portal-${taskQueue}`,
    taskQueue,
    args: [input],
  });
  await expect(started).rejects.toMatchObject({ cause: { type: 'UnknownPortal' } });
});

it('a takeover while the first read is on its way is noticed right after it', async () => {
  limited.simulator.faults.add({ kind: 'slow', delayMs: 700, match: { route: 'getThread' } });
  let broken = 0;
  limited.ai.answer = (_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        broken += 1;
        reject(signal.reason);
      });
    });
  await delay(1_100);
  const before = reads(/threads\/\d+\?/, limited);
  const asked = chat(limited);
  while (reads(/threads\/\d+\?/, limited) === before) await delay(5);
  // HubSpot has said by now that the thread is the AI’s.
  limited.simulator.setWebhookUrl(null);
  limited.simulator.assign(asked.threadId, AGENT_ID);
  await handleOf(asked, limited).signal('threadChanged');
  // The AI never answers by itself.
  const result = await handleOf(asked, limited).result();
  expect(result).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
  expect(broken).toBeLessThanOrEqual(1);
  expect(limited.postedBy(asked.threadId)).toEqual([]);
});

// The last one: it keeps the worker busy for a while.
it('what is read fits into a workflow task, however many files customers send', async () => {
  const name = '文'.repeat(200);
  const file = { type: 'FILE' as const, name, fileUsageType: 'IMAGE' as const, url: product.simulator.url };
  const attachments = Array.from({ length: 200 }, (_, index) => ({ ...file, fileId: String(index) }));
  const { threadId } = chat(product, { attachments });
  for (let more = 0; more < 20; more += 1) chat(product, { threadId, attachments });
  await product.simulator.settle();
  const asked = chat(product, { threadId, attachments });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
});
