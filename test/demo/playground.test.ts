import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createControls } from '../../dev/demo/playground/controls.ts';
import { createPlayground, type PlaygroundParts } from '../../dev/demo/playground/playground.ts';
import { lostAnswerOf } from '../../dev/demo/playground/posts.ts';
import { runUrl } from '../../dev/demo/playground/run-url.ts';
import { becameOf } from '../../dev/demo/playground/timeline.ts';
import type { Simulator } from '../../dev/simulator/simulator.ts';
import { readConversations } from '../../eval/conversation.ts';
import { loadConfig } from '../../src/config.ts';
import { postKeyMarker } from '../../src/hubspot/markers.ts';
import { draftBody, replyBody } from '../../src/rules/replying/post-body.ts';
import { parseRunDetails } from '../../src/runs/run-details.ts';
import { AI, APP_ID, callApi, createStage, replyTo, THREADS } from '../simulator/stage.ts';

const stage = createStage();

// biome-ignore lint/suspicious/noExplicitAny: what the page gets is what the tests look into
type Asked = { status: number; body: any };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const ENVIRONMENT = {
  WEBHOOK_PUBLIC_URL: 'http://localhost/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-eu1-test',
  HUBSPOT_CLIENT_SECRET: 'a-client-secret',
  HUBSPOT_AI_ACTOR_ID: AI,
};
const [portal] = loadConfig(ENVIRONMENT).portals;

/** The playground of a simulator, without a worker and without Temporal. */
const startPlayground = async (
  simulator: Simulator,
  recordedSilence: PlaygroundParts['recordedSilence'] = async () => null,
) => {
  if (!portal) throw new Error('One portal is configured');
  const { settings } = portal;
  const orders: string[] = [];
  const worker: PlaygroundParts['worker'] = {
    state: 'polls',
    pid: 123,
    start: () => orders.push('start'),
    kill: async () => {
      orders.push('kill');
    },
  };
  const controls = createControls(simulator, settings, () => orders.push('set'));
  const { app } = createPlayground({
    simulator,
    portal: settings,
    appId: APP_ID,
    opsUrl: 'http://localhost:3000/ops',
    temporalAddress: '127.0.0.1:7233',
    worker,
    controls,
    runs: {
      follow: () => undefined,
      view: () => null,
      followUps: (workflowId) => [{ workflowId: `handoff:of:${workflowId}`, type: 'handOff' }],
    },
    recordedSilence,
    uiUrl: 'http://127.0.0.1:8233',
    namespace: 'demo',
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (method: string, path: string, body?: unknown): Promise<Asked> => {
    const response = await fetch(`${url}/playground/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  const threadOf = async (threadId: string) => (await ask('GET', `state?thread=${threadId}`)).body.thread;
  return { url, ask, threadOf, orders, controls };
};

describe('the playground', () => {
  it('is a page that needs nothing from elsewhere, and says so to the browser', async () => {
    const { url } = await startPlayground(await stage.simulator());
    const response = await fetch(url);
    const page = await response.text();
    expect(page).toContain('<title>Threadkeeper playground</title>');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    for (const [, file = ''] of page.matchAll(/(?:href|src)="([^":]+)"/g)) {
      expect([file, (await fetch(new URL(file, url))).status]).toEqual([file, 200]);
    }
    expect(page).not.toMatch(/(?:href|src)="https?:/);
  });

  it.each([
    [
      'a message that is too long',
      'POST messages',
      { text: 'x'.repeat(20_001) },
      'text must have 20000 characters at most.',
    ],
    ['no message', 'POST messages', {}, 'text is missing.'],
    ['a delay that is no number', 'PUT switches', { emailDelayMs: '1' }, 'emailDelayMs must be a number.'],
    ['a delay of years', 'PUT switches', { emailDelayMs: 1e12 }, 'emailDelayMs must be 3600000 at most.'],
  ])('refuses %s in words that say what to do', async (_, request, body, problem) => {
    const [method = '', path = ''] = request.split(' ');
    const { ask } = await startPlayground(await stage.simulator());
    expect(await ask(method, path, body)).toEqual({ status: 400, body: { problem } });
  });

  it('lets one write as the customer, and shows the thread as an agent sees it', async () => {
    const simulator = await stage.simulator();
    const { ask, threadOf } = await startPlayground(simulator);
    const customer = { name: 'Alex', email: 'alex@example.org', channel: 'email', subject: 'Help' };
    const written = await ask('POST', 'messages', { ...customer, text: 'Hi' });
    expect(written.status).toBe(201);
    const { threadId } = written.body;
    simulator.agentComments(threadId, { text: 'a regular', actorId: 'A-5' });
    const thread = await threadOf(threadId);
    expect(thread).toMatchObject({ channel: 'email', ownedBy: 'ai', customer: 'Alex', subject: 'Help' });
    expect(thread.items).toEqual([
      expect.objectContaining({ side: 'customer', author: 'Alex', text: 'Hi' }),
      expect.objectContaining({ side: 'comment', text: 'a regular' }),
    ]);
    expect((await ask('GET', 'state')).body.threads).toEqual([expect.objectContaining({ id: threadId })]);
  });

  it('lets an agent take the thread over, answer, comment, and give it back', async () => {
    const simulator = await stage.simulator();
    const { ask, threadOf } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    await ask('PUT', `threads/${threadId}/owner`, { owner: 'agent' });
    expect((await threadOf(threadId)).ownedBy).toBe('you');
    await ask('POST', `threads/${threadId}/agent-messages`, { text: 'Hello' });
    expect(simulator.messages(threadId).at(-1)).toMatchObject({ text: 'Hello', direction: 'OUTGOING' });
    await ask('POST', `threads/${threadId}/agent-messages`, { text: '/ai why', internal: true });
    expect(simulator.messages(threadId).at(-1)).toMatchObject({ text: '/ai why', type: 'COMMENT' });
    await ask('PUT', `threads/${threadId}/owner`, { owner: 'ai' });
    expect(simulator.thread(threadId).assignedTo).toBe(AI);
  });

  it('knows a draft, and one that waits for approval, by its kind rather than its words', async () => {
    const simulator = await stage.simulator();
    const { threadOf } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    const { text, richText } = draftBody(replyBody('It ships tomorrow.\n\nAnything else?'), 'words of another version');
    for (const key of ['drafted.m1', 'for-approval.m1', 'handed-off.m1']) {
      simulator.agentComments(threadId, { text, richText: `${richText}${postKeyMarker(key)}`, actorId: AI });
    }
    const words = 'It ships tomorrow.\n\nAnything else?';
    expect((await threadOf(threadId)).items.map(({ draft }: { draft: unknown }) => draft)).toEqual([
      null,
      { words, forApproval: false },
      { words, forApproval: true },
      null,
    ]);
  });

  it('lists each conversation with its last words, its owner and whether its reply is on the way', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url, webhook: { batchSize: 1 } });
    const { ask } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ name: 'Kim', text: 'Hi\n\nthere' });
    await simulator.settle();
    const listed = async () => (await ask('GET', 'state')).body.threads[0];
    expect(await listed()).toMatchObject({
      customer: 'Kim',
      channel: 'live chat',
      ownedBy: 'ai',
      preview: { by: 'customer', words: 'Hi there' },
      awaits: 'writing',
    });
    simulator.agentWrites(threadId, { text: 'Hello', actorId: 'A-5' });
    expect((await listed()).preview).toEqual({ by: 'agent', words: 'Hello' });
  });

  it('says that a reply is on the way only while the AI may answer, else why it stays silent', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url, webhook: { batchSize: 1 } });
    const recorded: { silence: 'paused' | null } = { silence: null };
    const { ask } = await startPlayground(simulator, async () => recorded.silence);
    const { threadId } = simulator.customerWrites({ name: 'Kim', text: 'Hi' });
    await simulator.settle();
    const now = async () => {
      const { thread, threads } = (await ask('GET', `state?thread=${threadId}`)).body;
      return [thread.silence, threads[0].awaits, thread.ownerName];
    };
    expect(await now()).toEqual([null, 'writing', 'the AI']);
    simulator.addUser('A-77', 'dana@example.com', 'Dana Wells');
    simulator.assign(threadId, 'A-77');
    expect(await now()).toEqual(['owned-by-human', null, 'Dana Wells']);
    await ask('PUT', `threads/${threadId}/owner`, { owner: 'ai' });
    expect(await now()).toEqual([null, 'writing', 'the AI']);
    await ask('PUT', 'switches', { autonomy: 'draft' });
    expect(await now()).toEqual(['draft', 'drafting', 'the AI']);
    await ask('PUT', 'switches', { autonomy: 'off' });
    expect(await now()).toEqual(['off', null, 'the AI']);
    await ask('PUT', 'switches', { autonomy: 'auto' });
    recorded.silence = 'paused';
    expect(await now()).toEqual(['paused', null, 'the AI']);
    recorded.silence = null;
    simulator.agentWrites(threadId, { text: 'Hello', actorId: 'A-77' });
    expect(await now()).toEqual([null, null, 'the AI']);
  });

  it('says owner and silence of one moment, though it changes while they are looked up', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    const { threadOf } = await startPlayground(simulator, async () => {
      simulator.assign(threadId, 'A-77');
      return null;
    });
    expect(await threadOf(threadId)).toMatchObject({ ownedBy: 'another agent', silence: 'owned-by-human' });
    simulator.assign(threadId, AI);
    expect(await threadOf(threadId)).toMatchObject({ ownedBy: 'another agent', silence: 'owned-by-human' });
  });

  it('lets a second person write on an email thread, and shows whom an answer goes to', async () => {
    const simulator = await stage.simulator();
    const { ask, threadOf } = await startPlayground(simulator);
    const alma = { name: 'Alma', email: 'alma@example.org', channel: 'email' };
    const { threadId } = (await ask('POST', 'messages', { ...alma, text: 'Hi' })).body;
    await ask('POST', 'messages', { threadId, name: 'Ben', email: 'ben@example.org', text: 'Me too' });
    await ask('POST', 'messages', { threadId, name: 'Alma', email: 'alma@example.org', text: 'Yes' });
    const toBen = {
      recipients: [
        {
          recipientField: 'TO',
          deliveryIdentifiers: [{ type: 'HS_EMAIL_ADDRESS', value: 'ben@example.org' }],
        },
      ],
    };
    const posted = await callApi(
      simulator,
      'POST',
      `${THREADS}/${threadId}/messages`,
      replyTo(simulator, threadId, toBen),
    );
    expect(posted.status).toBeLessThan(300);
    const thread = await threadOf(threadId);
    expect(thread.customer).toBe('Alma');
    expect(thread.items.map(({ author, to }: { author: string; to: string | null }) => [author, to])).toEqual([
      ['Alma', null],
      ['Ben', null],
      ['Alma', null],
      ['The AI', 'ben@example.org'],
    ]);
  });

  it('gives a conversation as a case that the evaluation can play', async () => {
    const simulator = await stage.simulator();
    const { url } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ name: 'Kim', text: 'Hi' });
    simulator.customerWrites({ threadId, text: 'How long is it?' });
    const post = (changes: Record<string, unknown>) =>
      callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, replyTo(simulator, threadId, changes));
    await post({ text: 'Two days.\n\nSource: How long does shipping take?' });
    simulator.customerWrites({ threadId, text: 'And a question for a person' });
    simulator.agentWrites(threadId, { text: 'Done', actorId: 'A-5' });
    simulator.customerWrites({ threadId, text: 'It is broken' });
    await post({ type: 'COMMENT', text: '🔄 AI decided to handoff\n\nReason: broken', richText: 'x' });
    const response = await fetch(`${url}/playground/threads/${threadId}/eval-case`);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=conversation-${threadId}.yaml`);
    const folder = await mkdtemp(join(tmpdir(), 'eval-case-'));
    await writeFile(join(folder, 'case.yaml'), await response.text());
    const [played] = readConversations(join(folder, 'case.yaml'));
    await rm(folder, { recursive: true });
    expect(played).toMatchObject({ name: 'a conversation of Kim', channel: 'live chat' });
    expect(played?.turns).toEqual([
      {
        customer: ['Hi', 'How long is it?'],
        expect: expect.objectContaining({ action: 'reply', source: ['How long does shipping take?'] }),
      },
      { customer: ['It is broken'], expect: expect.objectContaining({ action: 'handoff' }) },
    ]);
    expect((await fetch(`${url}/playground/threads/1/eval-case`)).status).toBe(404);
  });

  it('refuses what makes no sense, and says why', async () => {
    const simulator = await stage.simulator();
    const { ask } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    for (const [method, path, body] of [
      ['POST', 'messages', { text: ' ' }],
      ['POST', `threads/${threadId}/agent-messages`, {}],
      ['PUT', `threads/${threadId}/owner`, { owner: 'cat' }],
      ['PUT', 'switches', { hubspot: 'on fire' }],
      ['PUT', 'worker', { order: 'dance' }],
      ['PUT', 'tickets/1/properties', { name: 'No Name', value: '' }],
    ] as const) {
      const refused = await ask(method, path, body);
      expect([path, refused.status, typeof refused.body.problem]).toEqual([path, 400, 'string']);
    }
    expect((await ask('GET', 'state?thread=1')).status).toBe(404);
    expect((await ask('POST', 'messages', { text: 'Hi', threadId: '1' })).status).toBe(404);
    expect((await ask('POST', 'deliveries/0/again', {})).status).toBe(404);
    // A form of another page can't send JSON: it kills no worker.
    expect((await ask('PUT', 'worker')).status).toBe(400);
  });

  it('tells the page of every change as it happens', async () => {
    const simulator = await stage.simulator();
    const { url } = await startPlayground(simulator);
    const stream = await fetch(`${url}/playground/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    simulator.customerWrites({ text: 'Hi' });
    expect((await reader?.read())?.value).toBe('data: changed\n\n');
    await reader?.cancel();
  });

  it('shows a thread’s ticket with its contact; a property that is changed is an event', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url });
    const { ask, threadOf } = await startPlayground(simulator);
    const contactId = simulator.createContact({ email: 'kim@example.org' });
    const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Hi' });
    expect((await threadOf(threadId)).ticket).toBeNull();
    const { body: ticket } = await ask('POST', `threads/${threadId}/ticket`, {});
    expect((await ask('POST', `threads/${threadId}/ticket`, {})).status).toBe(400);
    const path = `/crm/v4/objects/ticket/${ticket.id}/associations/default/contact/${contactId}`;
    expect((await callApi(simulator, 'PUT', path)).status).toBe(200);
    await ask('PUT', `tickets/${ticket.id}/properties`, { name: 'plan', value: 'pro' });
    expect((await threadOf(threadId)).ticket).toMatchObject({
      id: ticket.id,
      stageLabel: 'New',
      contacts: ['kim@example.org'],
      properties: { plan: 'pro' },
    });
    await simulator.settle();
    const { timeline } = (await ask('GET', 'state')).body;
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'ticket', title: 'Ticket plan', words: 'pro', threadId }),
    );
  });

  it('breaks and mends HubSpot, and hands the settings that were touched to the worker', async () => {
    const simulator = await stage.simulator();
    const { ask, orders, controls } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    const read = async () =>
      (await callApi(simulator, 'GET', `/conversations/v3/conversations/threads/${threadId}`)).status;
    expect(controls.settings()).toEqual({});
    for (const [hubspot, status] of [
      ['rate-limit', 429],
      ['server-error', 500],
      ['lost-answer', 200],
      ['none', 200],
    ] as const) {
      await ask('PUT', 'switches', { hubspot });
      expect([hubspot, await read()]).toEqual([hubspot, status]);
    }
    await ask('PUT', 'switches', { autonomy: 'draft', quietPeriodMs: 500, maxRepliesPerHour: 2, twice: true });
    expect(controls.settings()).toEqual({
      AUTONOMY: 'draft',
      ASSIST_MODE: 'false',
      QUIET_PERIOD: '500ms',
      MAX_REPLIES_PER_HOUR: '2',
    });
    expect(loadConfig({ ...ENVIRONMENT, ...controls.settings() }).portals[0]?.settings.maxRepliesPerHour).toBe(2);
    expect(simulator.webhook.duplicate).toBe('same-event-id');
    await ask('PUT', 'worker', { order: 'kill' });
    await ask('PUT', 'worker', { order: 'start' });
    expect(orders.filter((order) => order !== 'set')).toEqual(['kill', 'start']);
  });
});

describe('the timeline', () => {
  it.each([
    [{ accepted: 1, duplicate: 0, ignored: 0, rejected: [] }, 'started'],
    [{ accepted: 0, duplicate: 1, ignored: 0, rejected: [] }, 'duplicate'],
    [{ accepted: 0, duplicate: 0, ignored: 1, rejected: [] }, 'ignored'],
    [{ accepted: 0, duplicate: 0, ignored: 0, rejected: [{}] }, 'rejected'],
  ] as const)('reads %j as %s', (body, became) => {
    expect(becameOf({ status: 200, body })).toEqual({ became, why: null });
  });

  it('reads a refusal and no answer as what HubSpot delivers again', () => {
    expect(becameOf({ status: 503, body: '' })).toEqual({ became: 'refused', why: '503' });
    expect(becameOf({ status: null, body: '' })).toEqual({ became: 'unanswered', why: null });
  });

  it('says of each event what it was, which run it started, or why it was ignored', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url, webhook: { batchSize: 1 } });
    const { ask } = await startPlayground(simulator);
    const { threadId, messageId } = simulator.customerWrites({ name: 'Kim', text: 'Hi' });
    const workflowId = `message:62515:${threadId}-${messageId}`;
    simulator.assign(threadId, null);
    simulator.closeThread(threadId);
    await simulator.settle();
    const { timeline } = (await ask('GET', 'state')).body;
    const told = Object.fromEntries(timeline.map((entry: { kind: string }) => [entry.kind, entry]));
    expect(told.customer).toMatchObject({ title: 'Kim wrote', words: 'Hi', threadId, attempt: 1, became: 'started' });
    expect(told.customer.workflow).toEqual({
      type: 'replyToMessage',
      id: workflowId,
      // The ID as it is: who copies the link has it.
      url: `http://127.0.0.1:8233/namespaces/demo/workflows/${workflowId}`,
    });
    expect(told.customer.followUps).toEqual([
      {
        workflow: {
          type: 'handOff',
          id: `handoff:of:${workflowId}`,
          url: `http://127.0.0.1:8233/namespaces/demo/workflows/handoff:of:${workflowId}`,
        },
        run: null,
      },
    ]);
    expect(told.owner).toMatchObject({ title: 'No owner any more', became: 'started', why: null });
    expect(told.other).toMatchObject({ title: 'Conversation closed', workflow: null, why: 'csat-off' });
  });

  it('says of a change that the AI made itself that it needs no run', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url, webhook: { batchSize: 1 } });
    const { ask } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    receiver.counts = { accepted: 0, duplicate: 0, ignored: 1 };
    simulator.assign(threadId, null);
    simulator.agentWrites(threadId, { text: 'Hello', actorId: AI });
    await simulator.settle();
    const { timeline } = (await ask('GET', 'state')).body;
    expect(timeline.map(({ became, why }: { became: string; why: string }) => [became, why])).toEqual([
      ['ignored', 'own-post'],
      ['ignored', 'own-assignment'],
      ['started', null],
    ]);
  });

  it('shows a conversation’s own events, however many others came since', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url, webhook: { batchSize: 1 } });
    const { ask } = await startPlayground(simulator);
    const { threadId } = simulator.customerWrites({ name: 'Kim', text: 'The first' });
    await simulator.settle();
    const { threadId: other } = simulator.customerWrites({ text: 'Hi' });
    for (let count = 0; count < 100; count += 1) simulator.customerWrites({ threadId: other, text: `More ${count}` });
    await simulator.settle();
    const wordsOf = async (query: string) =>
      (await ask('GET', `state?${query}`)).body.timeline.map(({ words }: { words: string }) => words);
    expect(await wordsOf(`thread=${threadId}`)).toEqual(['The first']);
    const all = await wordsOf(`thread=${threadId}&events=all`);
    expect(all).toContain('More 99');
    expect(all).not.toContain('The first');
  });

  it('shows the webhook of an event: what HubSpot sent, which attempt it was, and the API’s answer', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator({ webhookUrl: receiver.url });
    const { ask } = await startPlayground(simulator);
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    const [entry] = (await ask('GET', `state?thread=${threadId}`)).body.timeline;
    expect(entry).toMatchObject({ attempt: 1, status: 200, event: { messageId, objectId: Number(threadId) } });
  });

  it('counts what HubSpot received of a reply whose answer got lost', async () => {
    const simulator = await stage.simulator();
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi' });
    const post = (kind: string) =>
      callApi(
        simulator,
        'POST',
        `${THREADS}/${threadId}/messages`,
        replyTo(simulator, threadId, { richText: `Hello${postKeyMarker(`${kind}.${messageId}`)}` }),
      ).catch(() => null);
    await post('told');
    expect(lostAnswerOf(simulator, messageId)).toBeNull();
    simulator.faults.add({ kind: 'reset-after', match: { route: 'postMessage' } });
    await post('replied');
    expect(lostAnswerOf(simulator, messageId)).toEqual({ received: 1 });
    expect(lostAnswerOf(simulator, 'another')).toBeNull();
    await post('replied');
    expect(lostAnswerOf(simulator, messageId)).toEqual({ received: 2 });
  });

  it('links a run by its workflow ID as it is, but for what a path needs escaped', () => {
    const url = runUrl('http://127.0.0.1:8233', 'demo', 'owner:1:2-3:A-5@1767607200000/a b?');
    expect(url).toBe('http://127.0.0.1:8233/namespaces/demo/workflows/owner:1:2-3:A-5@1767607200000%2Fa%20b%3F');
  });

  it('reads a run’s details: what it waits for, and its steps', () => {
    expect(parseRunDetails('portal 1 · email → **waiting for a correction, 5 s**\n\n1. a customer wrote')).toEqual({
      waitsFor: 'a correction, 5 s',
      steps: ['a customer wrote'],
    });
    expect(parseRunDetails('portal 1 → **replied**')).toEqual({ waitsFor: null, steps: [] });
    expect(parseRunDetails('')).toEqual({ waitsFor: null, steps: [] });
  });
});
