import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { HandOffResult } from '../../src/runs/hand-off.ts';
import { plannedReply } from '../../src/runs/planned-start.ts';
import { modelSays, startModelServer } from '../support/model-server.ts';
import { reply, useProduct } from '../support/product.ts';
import { startReceiver } from '../support/receiver.ts';
import { shopTools, startShop } from '../support/shop.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

// `npm run test:record` writes the histories that replay.test.ts replays: one for each way through the workflows. To be
// run when a way is new, never to make a failing replay pass: runs in flight can't be recorded again. The histories in
// `in-single-steps` are of runs that began before several steps were taken in one, those in `handed-off-in-steps` of
// handoffs that did, those in `read-by-activity` of runs that began before anything was read beside the workflow: they
// stay as they are.

const temporal = useTemporal();
const product = useProduct(temporal);
const assisting = useProduct(temporal, { ASSIST_MODE: 'true' });
const approving = useProduct(temporal, { AUTONOMY: 'approve' });
const hasty = useProduct(temporal, { AUTONOMY: 'approve', APPROVAL_TIMEOUT: '100ms' });
const claiming = useProduct(temporal, { UNASSIGNED_THREADS: 'claim' });
const returning = useProduct(temporal, { CLOSED_THREADS: 'answer' });
const shadowing = useProduct(temporal, { AUTONOMY: 'shadow' });
const reminding = useProduct(temporal, { INACTIVITY_AFTER: '1s', INACTIVITY_CLOSE: 'true' });
const unsure = useProduct(temporal, { MIN_CONFIDENCE: '0.9', LOW_CONFIDENCE: 'approve', APPROVAL_TIMEOUT: '100ms' });
const closed = useProduct(temporal, {
  BUSINESS_HOURS: `${['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7]} 09:00-17:00`,
  HANDOFF_OUT_OF_HOURS: 'stay',
  HANDOFF_ASSIGN_TO: AGENT_ID,
  HANDOFF_PICK_UP: '0s',
});
const careful = useProduct(temporal, {
  QUIET_PERIOD: '100ms',
  DELIVERY_CHECK: '100ms',
  ATTENTION_AFTER: '1s',
  HANDOFF_PICK_UP: '1s',
});

const delivering = useProduct(temporal, { DELIVERY_CHECK: '500ms' });

// The runs are by hand: its schedule begins hours later.
const watching = useProduct(temporal, { CATCH_UP_INTERVAL: '24h' });
const receiver = await startReceiver();
afterAll(() => receiver.close());
const notifying = useProduct(temporal, { NOTIFY_URL: receiver.url, NOTIFY_FORMAT: 'slack', HANDOFF_PICK_UP: '1s' });
const rating = useProduct(temporal, { CSAT: 'true', CSAT_DELAY: '100ms' });

const articles = mkdtempSync(join(tmpdir(), 'threadkeeper-recorded-'));
const sources = join(articles, 'knowledge.yaml');
writeFileSync(join(articles, 'a.md'), '# A\n\nWords.');
writeFileSync(sources, 'sources: [{ type: folder, name: help, folder: . }]');
const reading = useProduct(temporal, { KNOWLEDGE_SOURCES: sources });
afterAll(() => rmSync(articles, { recursive: true }));

const [model, shop] = await Promise.all([startModelServer(), startShop()]);
afterAll(() => Promise.all([model.close(), shop.close()]));
const calling = useProduct(
  temporal,
  {
    ...{ AI_BACKEND: 'openai-compatible', LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'scripted', LLM_API_KEY: '' },
    ...{ KNOWLEDGE_DIR: 'knowledge', APPROVAL_TIMEOUT: '2s', ATTENTION_AFTER: '20s' },
  },
  {},
  { configuredAi: true, toolboxOf: () => shopTools(shop.url) },
);

const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
});
afterEach(() => product.simulator.faults.clear());

const record = async (name: string, workflowId: string): Promise<void> => {
  const handle = temporal.client.workflow.getHandle(workflowId);
  await handle.result().catch(() => undefined);
  // Where it was recorded is nobody's business.
  const history = historyToJSON(await handle.fetchHistory())
    .replaceAll(`${process.cwd()}/`, '')
    .replace(/"identity": "[^"]*"/g, '"identity": "recorder"');
  await writeFile(new URL(`histories/${name}.json`, import.meta.url), `${history}\n`);
};

const recordRun = async (name: string, written: WrittenIds, by = product): Promise<void> => {
  await by.resultOf(written);
  await record(name, by.workflowIdOf(written));
};

const start = async (type: string, input: unknown, { taskQueue } = product): Promise<string> => {
  const workflowId = uniqueName('recorded');
  await temporal.client.workflow.start(type, { workflowId, taskQueue, args: [input] });
  return workflowId;
};

const chat = (changes: object = {}) => product.simulator.customerWrites({ channel: 'chat', text: 'Hello', ...changes });

it('reply-chat', () => recordRun('reply-chat', chat()));
it('reads-in-turn', async () => {
  const { simulator } = product;
  simulator.faults.add({ kind: 'status', status: 500, match: { route: 'getMessage' } });
  simulator.faults.add({ kind: 'status', status: 500, match: { route: 'getThread' } });
  await recordRun('reads-in-turn', simulator.customerWrites({ channel: 'email', text: 'Hello' }));
});
it('given-back-late', async () => {
  const { simulator, sessions } = product;
  const { threadId, ...first } = chat();
  await product.resultOf({ threadId, ...first });
  const ids = { portalId: PORTAL_ID as PortalId, threadId: threadId as ThreadId };
  await sessions.silence({ ...ids, why: 'handed-off', at: Date.now() });
  const asked = chat({ threadId });
  await delay(1_000);
  simulator.assign(threadId, AGENT_ID);
  simulator.assign(threadId, AI_ACTOR_ID);
  await recordRun('given-back-late', asked);
});
it('shadow', async () => {
  const asked = shadowing.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  await recordRun('shadow-draft', asked, shadowing);
  const written = shadowing.simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'Hello to you' });
  await recordRun('shadow-compared', written, shadowing);
});
it('store-away', async () => {
  const { open, recordTurn } = product.sessions;
  const failOnce = async (): Promise<never> => {
    Object.assign(product.sessions, { open, recordTurn });
    throw new Error('the database is away');
  };
  product.sessions.open = failOnce;
  const asked = chat();
  product.ai.answer = (request, signal) => {
    product.sessions.recordTurn = failOnce;
    return echo(request, signal);
  };
  await recordRun('store-away', asked);
});
it('reply-email', () =>
  recordRun('reply-email', product.simulator.customerWrites({ channel: 'email', text: 'Hello' })));
it('reply-truncated', () =>
  recordRun(
    'reply-truncated',
    product.simulator.customerWrites({ channel: 'email', text: 'Hello', truncatedTo: 'He' }),
  ));
it('reply-claimed', () =>
  recordRun(
    'reply-claimed',
    claiming.simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: null }),
    claiming,
  ));
it('held-back', async () => {
  unsure.ai.answer = () => ({ ...reply('Two days.'), confidence: 0.4 }) as AiAnswer;
  await recordRun('held-back', unsure.simulator.customerWrites({ channel: 'chat', text: 'Hello' }), unsure);
});
it('out-of-hours', async () => {
  closed.ai.answer = () => ({ action: 'handoff', reason: 'asks for a refund', aiSessionId: null });
  const asked = closed.simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
  await closed.resultOf(asked);
  const { threadId, messageId } = asked;
  const handedOff = `handoff:${PORTAL_ID}:${threadId}-${messageId}`;
  const { ticketId } = (await temporal.client.workflow.getHandle(handedOff).result()) as HandOffResult;
  await record('out-of-hours', handedOff);
  await temporal.client.workflow.getHandle(`pick-up:${PORTAL_ID}:${threadId}-${messageId}`).terminate();
  const workflowId = uniqueName('recorded');
  const handOver = { at: Date.now() + 100, to: AGENT_ID, silences: true };
  const input = { portalId: PORTAL_ID, threadId, messageId, assignedTo: null, ticketId, handOver };
  await temporal.client.workflow.start('watchPickUp', { workflowId, taskQueue: closed.taskQueue, args: [input] });
  await record('handed-over-in-hours', workflowId);
});
it('draft-assist', () =>
  recordRun('draft-assist', assisting.simulator.customerWrites({ channel: 'chat', text: 'Hello' }), assisting));
it('draft-unsendable', () =>
  recordRun('draft-unsendable', product.simulator.customerWrites({ channel: 'whatsapp', text: 'Hello' })));
it('skipped-by-message', () => recordRun('skipped-by-message', chat({ text: ' ' })));
it('skipped-by-owner', () => recordRun('skipped-by-owner', chat({ assignedTo: AGENT_ID })));

it('unread-files', () => {
  const attachments = [product.simulator.file({ name: 'a.pdf', bytes: Buffer.from('%PDF-') })];
  return recordRun('unread-files', chat({ text: 'See this', attachments }));
});

it('handoff', async () => {
  product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
  const asked = chat();
  await recordRun('handoff', asked);
  await record('handed-off', `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`);
});

it('handoff-by-hand', async () => {
  const asked = chat({ assignedTo: AGENT_ID });
  await record(
    'handoff-by-hand',
    await start('handOff', { portalId: PORTAL_ID, ...asked, reason: 'asks for a human' }),
  );
});

it('handoff-without-ticket', async () => {
  product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
  product.simulator.faults.add({ kind: 'status', status: 403, match: { route: 'createTicket' } });
  const asked = chat();
  await product.resultOf(asked);
  await record('handoff-without-ticket', `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`);
});

it.each([
  ['handoff-unread', { kind: 'status', status: 503, match: { route: 'getThread' }, skip: 1 }],
  ['handoff-with-lost-ticket', { kind: 'reset-after', match: { route: 'createTicket' } }],
] as const)('%s', async (name, fault) => {
  product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
  product.simulator.faults.add(fault);
  const asked = chat();
  await product.resultOf(asked);
  await record(name, `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`);
});

it('pick-up', async () => {
  careful.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
  const waits = careful.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  await careful.resultOf(waits);
  await record('not-picked-up', `pick-up:${PORTAL_ID}:${waits.threadId}-${waits.messageId}`);
  const taken = careful.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  await careful.resultOf(taken);
  careful.simulator.assign(taken.threadId, AGENT_ID);
  await record('picked-up', `pick-up:${PORTAL_ID}:${taken.threadId}-${taken.messageId}`);
  careful.ai.answer = echo;
});

it('skipped-before-posting', async () => {
  product.ai.answer = ({ threadId }) => {
    product.simulator.assign(threadId, AGENT_ID);
    return reply('too late');
  };
  await recordRun('skipped-before-posting', chat());
});

it('superseded', async () => {
  let second: WrittenIds | undefined;
  product.ai.answer = (request, signal) => {
    second ??= chat({ threadId: request.threadId, text: 'Still there?' });
    return echo(request, signal);
  };
  await recordRun('superseded', chat());
  await product.resultOf(second as WrittenIds);
});

const approved = (name: string, act: (asked: WrittenIds) => Promise<unknown>) =>
  it(name, async () => {
    const asked = approving.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    while (approving.postedBy(asked.threadId).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await act(asked);
    await recordRun(name, asked, approving);
  });
const decide = (asked: WrittenIds, decision: object) =>
  temporal.client.workflow.getHandle(approving.workflowIdOf(asked)).executeUpdate('decideDraft', { args: [decision] });
approved('approved', (asked) => decide(asked, { decision: 'send', by: AGENT_ID }));
// Its draft is found by the search attributes while it waits.
approved('approved-on-the-desk', (asked) => decide(asked, { decision: 'send', by: 'Ann on /ops' }));
approved('edited', (asked) => decide(asked, { decision: 'edit', text: 'Hi', by: AGENT_ID }));
approved('skipped-by-agent', (asked) => decide(asked, { decision: 'skip', by: AGENT_ID }));
approved('superseded-while-waiting', async ({ threadId }) => {
  const newer = approving.simulator.customerWrites({ threadId, text: 'Still there?' });
  while (approving.postedBy(threadId).length === 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await decide(newer, { decision: 'skip' });
  await recordRun('tells-who-asked-before', newer, approving);
});
it('not-approved', () =>
  recordRun('not-approved', hasty.simulator.customerWrites({ channel: 'chat', text: 'Hello' }), hasty));

it('commands', async () => {
  const { threadId } = chat({ assignedTo: AGENT_ID });
  const command = async (name: string, text: string) => {
    const { messageId } = product.simulator.agentComments(threadId, { actorId: AGENT_ID, text });
    await product.simulator.settle();
    await record(name, `command:${PORTAL_ID}:${threadId}-${messageId}`);
  };
  await command('command-none', 'a note');
  await command('command-unknown', '/ai dance');
  // The histories `…-without-a-look` are of runs that began before these two looked at what then happens: they stay as
  // they are.
  await command('command-pause', '/ai pause 2h');
  await command('command-resume', '/ai resume');
  await command('command-why', '/ai why');
  await command('command-send-refused', '/ai send');
  await command('command-handoff', '/ai handoff');
});

it('actions', async () => {
  const asked = chat();
  await product.resultOf(asked);
  const action = async (name: string, of: object) =>
    await record(
      name,
      await start('followAction', {
        portalId: PORTAL_ID,
        record: { kind: 'conversation', id: asked.threadId },
        callbackId: uniqueName('ap'),
        by: 'HubSpot workflow 7',
        ...of,
      }),
    );
  const ticketId = product.simulator.createTicket();
  await action('action-no-thread', { action: 'pause', record: { kind: 'ticket', id: ticketId } });
  product.simulator.linkTicket(asked.threadId, ticketId);
  await action('action-pause', { action: 'pause', text: '2h', record: { kind: 'ticket', id: ticketId } });
  await action('action-send', { action: 'send' });
  await action('action-handoff', { action: 'handoff', text: 'A VIP' });
});

it('moved-while-posting', async () => {
  product.simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'POST' } });
  const asked = chat();
  const { threadId } = asked;
  const isRefused = () =>
    product.simulator.calls.some(({ method, path }) => method === 'POST' && path.includes(threadId));
  while (!isRefused()) await new Promise((resolve) => setTimeout(resolve, 10));
  product.simulator.assign(threadId, AGENT_ID);
  await recordRun('moved-while-posting', asked);
});

it('quiet-period', () =>
  recordRun('quiet-period', careful.simulator.customerWrites({ channel: 'chat', text: 'Hello' }), careful));

it('delivery', async () => {
  // Whichever of the look and the event of our reply comes first does for both.
  const { behaviour } = delivering.simulator;
  for (const echo of ['none', 'before-answer'] as const) {
    behaviour.echo = echo;
    const name = (looked: string) => (echo === 'none' ? looked : `${looked}-by-event`);
    behaviour.undeliverable = null;
    const asked = delivering.simulator.customerWrites({ channel: 'email', text: 'Hello' });
    const { postedMessageId } = await delivering.resultOf(asked);
    await recordRun(name('reply-watched'), asked, delivering);
    await record(name('delivered'), `message:${PORTAL_ID}:${asked.threadId}-${postedMessageId}`);
    behaviour.undeliverable = 'full';
    const lost = delivering.simulator.customerWrites({ channel: 'email', text: 'Hello' });
    const undelivered = (await delivering.resultOf(lost)).postedMessageId;
    await record(name('undelivered'), `message:${PORTAL_ID}:${lost.threadId}-${undelivered}`);
  }
  behaviour.undeliverable = null;
  behaviour.echo = 'after-answer';
});

it('returned', async () => {
  const { simulator } = careful;
  const mail = (changes: object) => simulator.customerWrites({ channel: 'email', text: 'Hello', ...changes });
  const bounce = { email: 'mailer-daemon@mx.example', subject: 'Undelivered Mail Returned to Sender' };
  const answered = mail({});
  await careful.resultOf(answered);
  await recordRun('bounce', mail({ ...bounce, threadId: answered.threadId }), careful);
  careful.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
  const asked = mail({});
  await careful.resultOf(asked);
  const handoff = `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`;
  await record('handed-off-by-mail', handoff);
  simulator.behaviour.undeliverable = 'full';
  const lost = mail({});
  await careful.resultOf(lost);
  const lostHandoff = `handoff:${PORTAL_ID}:${lost.threadId}-${lost.messageId}`;
  const { toldMessageId } = await careful.resultOfRun<HandOffResult>(lostHandoff);
  await record('undelivered-notice', `message:${PORTAL_ID}:${lost.threadId}-${toldMessageId}`);
  simulator.behaviour.undeliverable = null;
  await recordRun('bounce-of-notice', mail({ ...bounce, threadId: asked.threadId }), careful);
  careful.ai.answer = echo;
});

it('came-back', async () => {
  const back = async (name: string, by: typeof product) => {
    by.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
    const { threadId, messageId } = by.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    await by.resultOf({ threadId, messageId });
    by.ai.answer = echo;
    by.simulator.closeThread(threadId, AGENT_ID);
    await recordRun(name, by.simulator.customerWrites({ threadId, text: 'Hello again' }), by);
  };
  await back('came-back', product);
  await back('came-back-answered', returning);
  const { threadId } = chat({ assignedTo: AGENT_ID });
  product.simulator.closeThread(threadId, AGENT_ID);
  await recordRun('came-back-to-agent', chat({ threadId }));
});

it('takeover', async () => {
  const begun = Promise.withResolvers<void>();
  product.ai.answer = (_, signal) => {
    begun.resolve();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const asked = chat();
  await begun.promise;
  product.simulator.assign(asked.threadId, AGENT_ID);
  await recordRun('takeover', asked);
  const change = { portalId: PORTAL_ID, threadId: asked.threadId, assignedTo: AGENT_ID, occurredAt: 1 };
  await record('owner-change', await start('noticeOwnerChange', change));
  const answered = product.simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'Mine' });
  await recordRun('agent-wrote', answered);
});

it('inactivity', async () => {
  const write = (threadId?: string) =>
    reminding.simulator.customerWrites({ channel: 'chat', text: 'Hello', ...(threadId ? { threadId } : {}) });
  const idOf = ({ threadId, messageId }: WrittenIds) => `inactivity:${PORTAL_ID}:${threadId}-${messageId}`;
  const silent = write();
  await recordRun('reply-awaits-customer', silent, reminding);
  await record('inactivity-closed', idOf(silent));
  const talking = write();
  await reminding.resultOf(talking);
  await recordRun('reply-ends-wait', write(talking.threadId), reminding);
  await record('inactivity-left-alone', idOf(talking));
});

it('attention-and-calm', async () => {
  careful.simulator.faults.add({ kind: 'status', status: 503, times: 3, match: { method: 'GET' } });
  await recordRun('attention-and-calm', careful.simulator.customerWrites({ channel: 'chat', text: 'Hello' }), careful);
});

it('needs-attention', async () => {
  product.ai.answer = () => Promise.reject(new AiRefused('The AI refused the key: correct it'));
  await recordRun('needs-attention', chat());
});

it('needs-attention-without-comment', async () => {
  product.simulator.faults.add({ kind: 'status', status: 400, match: { method: 'POST' }, times: 2 });
  await recordRun('needs-attention-without-comment', chat());
});

it('run-again', async () => {
  const asked = chat();
  await product.resultOf(asked);
  await record('run-again', await start('replyToMessage', { portalId: PORTAL_ID, ...asked }));
});

it('message-not-found', async () => {
  const { threadId } = chat({ assignedTo: AGENT_ID });
  await record(
    'message-not-found',
    await start('replyToMessage', { portalId: PORTAL_ID, threadId, messageId: 'none' }),
  );
});

it('invalid-input', async () => record('invalid-input', await start('replyToMessage', { portalId: PORTAL_ID })));
it('unknown-type', async () => record('unknown-type', await start('answerMessage', {})));

it('sync', async () => {
  const asked = chat();
  await product.resultOf(asked);
  const ticketId = product.simulator.createTicket();
  product.simulator.linkTicket(asked.threadId, ticketId);
  const change = { portalId: PORTAL_ID, ticketId, propertyName: 'stage', propertyValue: 'new', occurredAt: 2 };
  await record('sync-by-association', await start('syncTicketProperty', change));
  await record(
    'sync-by-session',
    await start('syncTicketProperty', { ...change, propertyValue: 'old', occurredAt: 1 }),
  );
  await record('sync-no-session', await start('syncTicketProperty', { ...change, ticketId: '1' }));
  await record('sync-empty-value', await start('syncTicketProperty', { ...change, propertyValue: '' }));
});

it('forgetting', async () => {
  const contactId = '90210';
  for (const text of ['Hello', 'Hello again']) await product.resultOf(chat({ text, contactId }));
  const asked = chat({ contactId });
  await product.resultOf(asked);
  const { threadId } = asked;
  await record('forget-thread', await start('forgetThread', { portalId: PORTAL_ID, threadId }));
  await record('forget-contact', await start('forgetContact', { portalId: PORTAL_ID, contactId }));
  await record('forget-nobody', await start('forgetContact', { portalId: PORTAL_ID, contactId: '4' }));
  await record('expire-sessions', await start('expireSessions', { retentionMs: 86_400_000 }));
});

it('refresh-knowledge', async () => {
  const refresh = (...names: string[]) => start('refreshKnowledge', { sources: names }, reading);
  await record('refresh-knowledge', await refresh('help'));
  await record('refresh-knowledge-incomplete', await refresh('help', 'nowhere'));
});

it('dispatch', async () => {
  const { threadId } = chat({ assignedTo: AGENT_ID });
  const starts = ['a', 'b'].map((messageId) => plannedReply({ portalId: PORTAL_ID, threadId, messageId } as never));
  await record('dispatch', await start('dispatchDelivery', { starts }));
});

it('catch-up', async () => {
  product.simulator.setWebhookUrl(null);
  chat({ agoMs: 120_000 });
  await record('catch-up', await start('catchUp', { portalId: PORTAL_ID }));
});

it('catch-up-portals', async () => {
  watching.simulator.setWebhookUrl(null);
  await record('catch-up-portals-without-news', await start('catchUpPortals', { batch: 0 }, watching));
  // Long enough ago to be looked at, not so long that it waits for people.
  watching.simulator.customerWrites({ channel: 'chat', text: 'Hello', agoMs: 120_000 });
  await record('catch-up-portals', await start('catchUpPortals', { batch: 0 }, watching));
  await record('catch-up-that-advances', `catch-up:${PORTAL_ID}`);
});
it('notified-of-handoff', async () => {
  receiver.answers.push({ status: 503 }, { status: 410 });
  notifying.ai.answer = () => ({ action: 'handoff', reason: 'asks for a refund', aiSessionId: null });
  const asked = notifying.simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
  await notifying.resultOf(asked);
  const about = `${asked.threadId}-${asked.messageId}`;
  await record('handoff-notified', `handoff:${PORTAL_ID}:${about}`);
  await record('notify-refused', `notify:${PORTAL_ID}:handoff:${about}`);
  await record('not-picked-up-notified', `pick-up:${PORTAL_ID}:${about}`);
  await record('notify', `notify:${PORTAL_ID}:not-picked-up:${about}:not-picked-up`);
});
it('notified-of-trouble', async () => {
  notifying.ai.answer = () => {
    throw new AiRefused('refused');
  };
  await recordRun(
    'needs-attention-notified',
    notifying.simulator.customerWrites({ channel: 'chat', text: 'Hello' }),
    notifying,
  );
});
it('test-question', async () => {
  product.ai.answer = () => ({ ...reply('Two days.'), sources: [{ title: 'Shipping', path: 'shipping.md' }] });
  const question = { portalId: PORTAL_ID, channel: 'live chat', question: 'How long?', by: 'Ann on /ops' };
  await record('test-question', await start('testQuestion', question));
  product.ai.answer = () => {
    throw new AiRefused('The key is wrong');
  };
  await record('test-question-refused', await start('testQuestion', question));
});
it('ratings', async () => {
  const [portal] = rating.config.portals;
  const csat = { ...portal?.settings.csat, waitMs: 60_000 };
  const closing = async (channel: 'chat' | 'email', waitMs = csat.waitMs): Promise<WrittenIds> => {
    Object.assign(portal?.settings ?? {}, { csat: { ...csat, waitMs } });
    const asked = rating.simulator.customerWrites({ channel, text: 'Hello' });
    await rating.resultOf(asked);
    rating.simulator.closeThread(asked.threadId);
    return asked;
  };
  const runOf = async ({ threadId }: WrittenIds): Promise<string> => {
    const query = `WorkflowType = 'askForRating' AND HubSpotThreadId = '${threadId}'`;
    for (;;) {
      for await (const { workflowId } of temporal.client.workflow.list({ query })) return workflowId;
      await delay(100);
    }
  };
  const questionOn = async ({ threadId }: WrittenIds): Promise<string> => {
    for (;;) {
      const [, question] = rating.postedBy(threadId);
      if (question) return 'text' in question ? question.text : '';
      await delay(50);
    }
  };
  const inChat = await closing('chat');
  await questionOn(inChat);
  const { threadId } = inChat;
  const number = rating.simulator.customerWrites({ channel: 'chat', text: '5', threadId });
  await recordRun('rating-on-thread', number, rating);
  await record('rated-on-thread', await runOf(inChat));
  const byMail = await closing('email');
  const token = /([\w-]+)\?lang/.exec(await questionOn(byMail))?.[1];
  const workflowId = await runOf(byMail);
  await temporal.client.workflow.getHandle(workflowId).executeUpdate('rate', { args: [{ token, score: 2 }] });
  await record('rated-by-mail', workflowId);
  await record('not-rated', await runOf(await closing('chat', 100)));
  const unanswered = rating.simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: AGENT_ID });
  rating.simulator.closeThread(unanswered.threadId);
  await record('not-asked', await runOf(unanswered));
  const asked = rating.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
  await rating.resultOf(asked);
  rating.simulator.faults.add({ kind: 'status', status: 400, match: { route: 'postMessage' } });
  rating.simulator.closeThread(asked.threadId);
  await record('rating-not-posted', await runOf(asked));
});

const askForOrder = () => calling.simulator.customerWrites({ channel: 'chat', text: 'Where is my order 10234?' });
const order = { order: '10234' };
/** The model wants these, a step each, and then says that it is done. */
const wants = (...steps: string[][]): void => {
  model.script = ({ toolResults }) => {
    let seen = 0;
    for (const tools of steps) {
      if (seen === toolResults.length) return { uses: tools.map((tool) => ({ tool, input: order })) };
      seen += tools.length;
    }
    return modelSays({ text: 'It is done.' });
  };
};
const waits = async ({ threadId }: WrittenIds) => {
  while (calling.postedBy(threadId).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
};

it('tools', async () => {
  wants(['order_status', 'order_status'], ['hold_order', 'order_status'], ['nothing_of_the_kind']);
  await recordRun('tools', askForOrder(), calling);
});

it('tools-that-wait', async () => {
  const { simulator } = calling;
  wants(['cancel_order']);
  const agreed = askForOrder();
  await waits(agreed);
  simulator.agentComments(agreed.threadId, { actorId: AGENT_ID, text: '/ai send' });
  await recordRun('tool-agreed-to', agreed, calling);
  const refused = askForOrder();
  await waits(refused);
  simulator.agentComments(refused.threadId, { actorId: AGENT_ID, text: '/ai skip' });
  await recordRun('tool-refused', refused, calling);
  await recordRun('tool-not-decided', askForOrder(), calling);

  const taken = askForOrder();
  await waits(taken);
  simulator.assign(taken.threadId, AGENT_ID);
  await recordRun('tool-taken-over', taken, calling);

  wants(['order_status']);
  shop.react = () => 'fail';
  await recordRun('tool-away', askForOrder(), calling);
  wants(['hold_order']);
  await recordRun('tool-unknown', askForOrder(), calling);
  const reached = Promise.withResolvers<void>();
  shop.react = () => {
    reached.resolve();
    return 'hang';
  };
  wants(['order_status']);
  const broken = askForOrder();
  await reached.promise;
  simulator.assign(broken.threadId, AGENT_ID);
  await recordRun('tool-broken-off', broken, calling);
  shop.react = () => 'answer';

  model.script = ({ toolResults }) =>
    toolResults.length === 0 ? { uses: [{ tool: 'hold_order', input: order }] } : 'hang';
  const calls = model.calls.length;
  const silenced = askForOrder();
  while (model.calls.length < calls + 2) await new Promise((resolve) => setTimeout(resolve, 10));
  simulator.assign(silenced.threadId, AGENT_ID);
  await recordRun('tool-then-silence', silenced, calling);
});
