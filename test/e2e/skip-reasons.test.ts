import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerMessage, WrittenIds } from '../../dev/simulator/simulator.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { SKIP_REASONS, type SkipReason } from '../../src/rules/skip-reasons.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
// A channel for each level: every product takes seconds to start.
const product = useProduct(temporal, {
  AUTONOMY: 'auto, email=approve, whatsapp=off, instagram=shadow',
  ...{ CSAT: 'true', CSAT_DELAY: '0s' },
});
const PORTAL = PORTAL_ID as PortalId;

const shown = new Set<SkipReason>();
const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
});

/** As the CLI does: what the envelope says has not been looked at. */
const runByHand = (type: string, input: object) =>
  temporal.client.workflow.execute(type, {
    workflowId: uniqueName('by-hand'),
    taskQueue: product.taskQueue,
    args: [input],
  });

const expectSkip = async (written: WrittenIds, reason: SkipReason): Promise<void> => {
  const posted = product.postedBy(written.threadId).length;
  expect(await product.resultOf(written)).toEqual({ outcome: 'skipped', reason });
  expect(product.postedBy(written.threadId)).toHaveLength(posted);
  const { typedSearchAttributes } = await temporal.client.workflow.getHandle(product.workflowIdOf(written)).describe();
  const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  expect(attributes).toMatchObject({
    HubSpotPortalId: PORTAL_ID,
    HubSpotThreadId: written.threadId,
    Outcome: 'skipped',
    SkipReason: reason,
  });
  shown.add(reason);
};

const asks = (changes: Partial<Parameters<typeof product.simulator.customerWrites>[0]> = {}): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', ...changes });

describe('the AI stays silent, and the run says why', () => {
  it('outgoing: an agent’s message', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    await expectSkip(product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Hi' }), 'outgoing');
  });

  it('outgoing: the echo of its own reply, where that came before anybody could note the reply', async () => {
    product.simulator.behaviour.echo = 'before-answer';
    const asked = asks();
    const { postedMessageId } = await product.resultOf(asked);
    product.simulator.behaviour.echo = 'after-answer';
    await expectSkip({ threadId: asked.threadId, messageId: postedMessageId ?? '' }, 'outgoing');
  });

  it('outgoing: a bot’s welcome', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    await expectSkip(product.simulator.botWelcomes(threadId, 'Welcome!'), 'outgoing');
  });

  it('sender-is-agent: an agent’s mail that HubSpot calls incoming', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    const mail = product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Hi', direction: 'INCOMING' });
    await expectSkip(mail, 'sender-is-agent');
  });

  it('sender-is-bot: a chatbot that speaks as if it came in', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    const bot = product.simulator.agentWrites(threadId, { actorId: 'B-3', text: 'Hi', direction: 'INCOMING' });
    await expectSkip(bot, 'sender-is-bot');
  });

  it('ai-marker: a text that carries a marker', async () => {
    await expectSkip(asks({ text: 'You wrote: <!-- OpenCX-AI-Response --> ok' }), 'ai-marker');
  });

  it('but not for a marker that is only quoted in richText', async () => {
    const quoting = asks({ richText: '<blockquote>ok<!-- OpenCX-AI-Response --></blockquote><p>Thanks</p>' });
    expect(await product.resultOf(quoting)).toMatchObject({ outcome: 'replied' });
  });

  it('owned-by-human: a thread of an agent’s', async () => {
    await expectSkip(asks({ assignedTo: AGENT_ID }), 'owned-by-human');
  });

  it('owned-by-human: an agent takes the thread while the AI thinks', async () => {
    product.ai.answer = async ({ threadId }) => {
      product.simulator.assign(threadId, AGENT_ID);
      return reply('too late');
    };
    await expectSkip(asks(), 'owned-by-human');
  });

  it('human-replied: an agent answers while the AI thinks', async () => {
    product.ai.answer = async ({ threadId }) => {
      product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'I have it' });
      return reply('too late');
    };
    await expectSkip(asks(), 'human-replied');
  });

  it('unassigned: a thread of nobody’s', async () => {
    await expectSkip(asks({ assignedTo: null }), 'unassigned');
  });

  it('superseded: the customer writes again while the AI thinks', async () => {
    let second: WrittenIds | undefined;
    // Else its reply may stand there before the first run is looked at.
    const lookedAt = Promise.withResolvers<void>();
    product.ai.answer = async (request, signal) => {
      second ??= asks({ threadId: request.threadId, text: 'Hello?' });
      if (request.questions.includes('Hello?')) await lookedAt.promise;
      return echo(request, signal);
    };
    const first = asks();
    await expectSkip(first, 'superseded');
    lookedAt.resolve();
    expect(await product.resultOf(second as WrittenIds)).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(first.threadId)).toMatchObject([{ text: 'You asked: Where is my order? | Hello?' }]);
  });

  it('stopped: an operator stops the AI while it thinks, and it is not even asked afterwards', async () => {
    product.ai.answer = async () => {
      await product.stops.stop('all', 'the test');
      return reply('too late');
    };
    const first = asks();
    await expectSkip(first, 'stopped');
    const before = product.ai.asked.length;
    await expectSkip(asks({ threadId: first.threadId, text: 'Hello?' }), 'stopped');
    expect(product.ai.asked).toHaveLength(before);
    await product.stops.release('all');
    product.ai.answer = echo;
    expect(await product.resultOf(asks())).toMatchObject({ outcome: 'replied' });
  });

  it('stopped: the notice at a handoff is kept back too, and agents still get the comment', async () => {
    product.ai.answer = async () => {
      await product.stops.stop(PORTAL, 'the test');
      return { action: 'handoff', reason: 'it is not in the articles', aiSessionId: null };
    };
    const asked = asks();
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    await product.stops.release(PORTAL);
    expect(product.postedBy(asked.threadId).map(({ type }) => type)).toEqual(['COMMENT']);
  });

  it.each(['paused', 'handed-off'] as const)('%s: the AI is to be silent on the thread', async (why) => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    product.simulator.assign(threadId, AI_ACTOR_ID);
    await product.simulator.settle();
    await product.sessions.silence({ portalId: PORTAL, threadId: threadId as ThreadId, why, at: Date.now() + 1 });
    await expectSkip(asks({ threadId, text: 'Hello?' }), why);
    expect(product.ai.asked.filter((request) => request.threadId === threadId)).toEqual([]);
  });

  it('empty-message: nothing but blanks', async () => {
    await expectSkip(asks({ text: ' \n ' }), 'empty-message');
  });

  it('message-not-found: a message that HubSpot does not know', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    const input = { portalId: PORTAL_ID, threadId, messageId: 'never-written' };
    expect(await runByHand('replyToMessage', input)).toEqual({ outcome: 'skipped', reason: 'message-not-found' });
    shown.add('message-not-found');
  });

  it('rating: the customer answers how good the help was', async () => {
    const asked = asks();
    await product.resultOf(asked);
    product.simulator.closeThread(asked.threadId);
    while (!JSON.stringify(product.postedBy(asked.threadId)).includes('from 1 (poor)')) await delay(20);
    const rated = asks({ threadId: asked.threadId, text: '4/5' });
    await expectSkip(rated, 'rating');
  });

  it('thread-spam: a thread marked as spam', async () => {
    product.simulator.behaviour.readLagMs = 300;
    const asked = asks();
    product.simulator.markSpam(asked.threadId);
    await expectSkip(asked, 'thread-spam');
    product.simulator.behaviour.readLagMs = 0;
  });

  it('thread-archived: a thread that was archived meanwhile', async () => {
    product.ai.answer = async ({ threadId }) => {
      product.simulator.archive(threadId);
      return reply('too late');
    };
    await expectSkip(asks(), 'thread-archived');
  });

  it('comment: an internal comment, here by hand, as the envelope gives it away', async () => {
    const { threadId } = asks({ assignedTo: AGENT_ID });
    const { messageId } = product.simulator.agentComments(threadId, { actorId: AGENT_ID, text: 'note' });
    const input = { portalId: PORTAL_ID, threadId, messageId };
    expect(await runByHand('replyToMessage', input)).toEqual({ outcome: 'skipped', reason: 'comment' });
    await product.simulator.settle();
    const run = temporal.client.workflow.getHandle(product.workflowIdOf({ threadId, messageId }));
    await expect(run.describe()).rejects.toThrow(/not found/i);
    shown.add('comment');
  });

  it('no-session: a ticket without a conversation', async () => {
    const input = {
      portalId: PORTAL_ID,
      ticketId: product.simulator.createTicket(),
      propertyName: 'p',
      propertyValue: 'v',
      occurredAt: 1,
    };
    expect(await runByHand('syncTicketProperty', input)).toEqual({ outcome: 'skipped', reason: 'no-session' });
    shown.add('no-session');
  });

  it.each([[''], ['REDACTED'], [null]])('empty-value: a ticket property whose value is %j', async (propertyValue) => {
    const input = { portalId: PORTAL_ID, ticketId: '1', propertyName: 'p', propertyValue, occurredAt: 1 };
    expect(await runByHand('syncTicketProperty', input)).toEqual({ outcome: 'skipped', reason: 'empty-value' });
    shown.add('empty-value');
  });
});

describe('without ticketing', () => {
  const without = useProduct(temporal, { TICKETING_ENABLED: 'false' });

  it('ticketing-disabled', async () => {
    const input = { portalId: PORTAL_ID, ticketId: '1', propertyName: 'p', propertyValue: 'v', occurredAt: 1 };
    const result = await temporal.client.workflow.execute('syncTicketProperty', {
      workflowId: uniqueName('by-hand'),
      taskQueue: without.taskQueue,
      args: [input],
    });
    expect(result).toEqual({ outcome: 'skipped', reason: 'ticketing-disabled' });
    shown.add('ticketing-disabled');
  });
});

describe('a channel where agents approve', () => {
  it('skipped-by-agent: an agent wants no answer of the AI’s', async () => {
    const asked = product.simulator.customerWrites({ channel: 'email', text: 'Hello' });
    while (product.postedBy(asked.threadId).length === 0) await delay(20);
    await temporal.client.workflow
      .getHandle(product.workflowIdOf(asked))
      .signal('decideDraft', { decision: 'skip', by: AGENT_ID });
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'skipped-by-agent' });
    shown.add('skipped-by-agent');
  });
});

describe('a channel where the AI is off', () => {
  it('channel-off: nobody is asked, and the other channels are answered', async () => {
    const asked = product.simulator.customerWrites({ channel: 'whatsapp', text: 'Hello' });
    await expectSkip(asked, 'channel-off');
    expect(product.ai.asked.filter(({ threadId }) => threadId === asked.threadId)).toEqual([]);
    expect(await product.resultOf(asks())).toMatchObject({ outcome: 'replied' });
  });

  it('ai-limit: in shadow mode nobody hears that the AI was not asked', async () => {
    const asked = (threadId?: string) =>
      asks({ channel: 'instagram', text: 'Hello?', ...(threadId ? { threadId } : { contactId: '4711' }) });
    const first = asked();
    await product.resultOf(first);
    const [portal] = product.config.portals;
    Object.assign(portal?.settings ?? {}, { maxAiCallsPerHour: 1 });
    await expectSkip(asked(first.threadId), 'ai-limit');
    Object.assign(portal?.settings ?? {}, { maxAiCallsPerHour: 30 });
  });
});

describe('mails of one sender on several threads', () => {
  const answering = useProduct(temporal, { MAX_REPLIES_PER_HOUR: '1' });
  const skippedBy = async (mail: Partial<CustomerMessage>): Promise<ReplyToMessageResult> => {
    const written = answering.simulator.customerWrites({ channel: 'email', text: 'Hello', ...mail });
    const result = await answering.resultOf(written);
    if (result.outcome === 'skipped') shown.add(result.reason as SkipReason);
    return result;
  };

  it('answer-loop: the address has got its answers, and writes the same again', async () => {
    const write = (number: number) => skippedBy({ email: 'desk@example.org', text: `Your case is ${number}.` });
    await write(1);
    await write(2);
    expect(await write(3)).toEqual({ outcome: 'skipped', reason: 'answer-loop' });
  });

  it('answered-elsewhere: the same mail came to two mailboxes', async () => {
    const mail = { email: 'kim@example.org', text: 'Are you open?' };
    const first = answering.simulator.customerWrites({ channel: 'email', ...mail });
    expect(await answering.resultOf(first)).toMatchObject({ outcome: 'replied' });
    const channelAccountId = answering.simulator.addMailbox('sales@example.com');
    const answeredOn = first.threadId;
    const second = await skippedBy({ ...mail, channelAccountId });
    expect(second).toEqual({ outcome: 'skipped', reason: 'answered-elsewhere', answeredOn });
  });
});

describe('a message older than MAX_MESSAGE_AGE', () => {
  it('too-old: is not answered, but by hand on purpose', async () => {
    const asked = asks({ agoMs: 25 * 3_600_000 });
    await expectSkip(asked, 'too-old');
    const byHand = await runByHand('replyToMessage', { portalId: PORTAL_ID, ...asked, anyAge: true });
    expect(byHand).toMatchObject({ outcome: 'replied' });
  });
});

afterAll(() => {
  // The set is closed: a reason that nobody has seen happen is a promise that nobody has tried.
  expect([...shown].sort()).toEqual([...SKIP_REASONS].sort());
});
