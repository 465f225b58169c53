import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);

const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
  product.simulator.faults.clear();
});

describe('a customer’s chat message', () => {
  it('is answered on its own channel, channel account and visitor, by the AI’s actor, once', async () => {
    const { simulator } = product;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    const result = await product.resultOf(asked);
    const [posted, ...others] = product.postedBy(asked.threadId);
    expect(result).toEqual({ outcome: 'replied', postedMessageId: posted?.id });
    expect(others).toEqual([]);
    const [question] = simulator.messages(asked.threadId);
    if (question?.type !== 'MESSAGE') throw new Error('the customer’s message is a message');
    expect(posted).toMatchObject({
      type: 'MESSAGE',
      text: 'You asked: Where is my order?',
      richText: expect.stringContaining('<!-- OpenCX-AI-Response -->'),
      channelId: question.channelId,
      channelAccountId: question.channelAccountId,
      senders: [expect.objectContaining({ actorId: AI_ACTOR_ID })],
      recipients: [expect.objectContaining({ actorId: question.senders[0]?.actorId })],
    });
  });

  it('tells the AI what was said before, by whom', async () => {
    const { simulator, ai } = product;
    const first = simulator.customerWrites({ channel: 'chat', text: 'Do you ship abroad?' });
    await product.resultOf(first);
    simulator.agentComments(first.threadId, { actorId: AGENT_ID, text: 'internal' });
    const second = simulator.customerWrites({ threadId: first.threadId, text: 'And to Norway?' });
    expect(await product.resultOf(second)).toMatchObject({ outcome: 'replied' });
    expect(ai.asked.at(-1)).toMatchObject({
      channel: 'live chat',
      questions: ['And to Norway?'],
      transcript: [
        { from: 'customer', text: 'Do you ship abroad?' },
        { from: 'ai', text: 'You asked: Do you ship abroad?' },
      ],
    });
  });

  it('is answered on a closed thread: HubSpot reopens it', async () => {
    const first = product.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    await product.resultOf(first);
    product.simulator.closeThread(first.threadId);
    const again = product.simulator.customerWrites({ threadId: first.threadId, text: 'One more thing' });
    expect(await product.resultOf(again)).toMatchObject({ outcome: 'replied' });
  });
});

describe('a customer’s email', () => {
  it('is answered TO its sender with a Re: subject, after a wait on a durable timer', async () => {
    const asked = product.simulator.customerWrites({
      channel: 'email',
      text: 'Hi',
      subject: 'Order 77',
      email: 'kim@example.org',
    });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      {
        type: 'MESSAGE',
        subject: 'Re: Order 77',
        recipients: [
          { recipientField: 'TO', deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: 'kim@example.org' } },
        ],
      },
    ]);
    expect(product.ai.asked.at(-1)?.contact.email).toBe('kim@example.org');
    const { events } = await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).fetchHistory();
    expect(events?.some(({ timerFiredEventAttributes }) => timerFiredEventAttributes)).toBe(true);
  });

  it('reaches the AI in full where HubSpot had truncated it', async () => {
    const text = `${'Long story. '.repeat(500)}So: can I return it?`;
    const asked = product.simulator.customerWrites({ channel: 'email', text, truncatedTo: 'Long story.' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.ai.asked.at(-1)?.questions).toEqual([text]);
  });
});

describe('a burst', () => {
  it('gets one answer to all of it, by the run of its newest message', async () => {
    const { simulator } = product;
    const release = Promise.withResolvers<void>();
    product.ai.answer = async (request) => {
      await release.promise;
      return echo(request, new AbortController().signal);
    };
    const first = simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    const { threadId } = first;
    const rest = ['Are you there?', 'Where is my order?'].map((text) => simulator.customerWrites({ threadId, text }));
    await simulator.settle();
    release.resolve();
    const results = await Promise.all([first, ...rest].map((written) => product.resultOf(written)));
    expect(results).toMatchObject([
      { outcome: 'skipped', reason: 'superseded' },
      { outcome: 'skipped', reason: 'superseded' },
      { outcome: 'replied' },
    ]);
    expect(product.postedBy(threadId)).toMatchObject([
      { text: 'You asked: Hello | Are you there? | Where is my order?' },
    ]);
  });

  it('is not left to a message that needs no answer itself', async () => {
    let again = false;
    product.ai.answer = (request, signal) => {
      if (!again) product.simulator.customerWrites({ threadId: request.threadId, text: ' \n ' });
      again = true;
      return echo(request, signal);
    };
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
  });

  it('is answered also when HubSpot loses the event of its newest message', async () => {
    const { simulator } = product;
    const first = simulator.customerWrites({ channel: 'chat', text: 'Hello', assignedTo: AGENT_ID });
    const { threadId } = first;
    await product.resultOf(first);
    simulator.assign(threadId, AI_ACTOR_ID);
    await simulator.settle();
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    product.ai.answer = async (request, signal) => {
      entered.resolve();
      await release.promise;
      return echo(request, signal);
    };
    const second = simulator.customerWrites({ threadId, text: 'Where is my order?' });
    await entered.promise;
    await simulator.settle();
    simulator.setWebhookUrl(null);
    const lost = simulator.customerWrites({ threadId, text: 'It is number 77.' });
    simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
    release.resolve();
    expect(await product.resultOf(second)).toEqual({ outcome: 'skipped', reason: 'superseded' });
    expect(await product.resultOf(lost)).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(threadId)).toMatchObject([
      { text: 'You asked: Hello | Where is my order? | It is number 77.' },
    ]);
  });
});

describe('what can’t be a reply', () => {
  it('becomes a draft on a channel that HubSpot’s API can’t send on', async () => {
    const asked = product.simulator.customerWrites({ channel: 'whatsapp', text: 'Hi' });
    expect(await product.resultOf(asked)).toMatchObject({
      outcome: 'drafted',
      reason: expect.stringMatching(/whatsapp/),
    });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT', text: expect.stringMatching(/^AI draft \(.*\):\n\nYou asked: Hi$/) },
    ]);
  });

  it('becomes a handoff when the AI says so: a comment with the marker and the reason', async () => {
    product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'A human, please' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off', reason: 'asks for a human' });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      {
        type: 'COMMENT',
        text: expect.stringMatching(
          /^🔄 AI decided to handoff\n\nReason: asks for a human\n\nLanguage: en\n\nTicket: /,
        ),
      },
      { type: 'MESSAGE' },
    ]);
  });

  it('needs attention when the AI refuses for good, and tells the agents', async () => {
    product.ai.answer = () => {
      throw new AiRefused('The AI refused the key: correct it');
    };
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hi' });
    const result = await product.resultOf(asked);
    expect(result).toMatchObject({ outcome: 'needs-attention', reason: 'The AI refused the key: correct it' });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      {
        type: 'COMMENT',
        id: result.postedMessageId,
        text: expect.stringContaining('The AI refused the key: correct it'),
      },
    ]);
  });

  it('needs attention when HubSpot refuses the reply for good', async () => {
    product.simulator.faults.add({ kind: 'status', status: 400, match: { method: 'POST' } });
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hi' });
    expect(await product.resultOf(asked)).toMatchObject({
      outcome: 'needs-attention',
      reason: expect.stringMatching(/400/),
    });
  });
});

describe('a reply whose POST goes wrong', () => {
  const faults = [
    { kind: 'reset-after' },
    { kind: 'commit-then-fail' },
    { kind: 'half-written' },
    { kind: 'status', status: 500 },
    { kind: 'rate-limit', retryAfter: 1 },
    { kind: 'status', status: 423, retryAfter: 1 },
  ] as const;
  let asked: WrittenIds[];

  // All at once: each waits for seconds until it knows its fate.
  beforeAll(async () => {
    const { simulator } = product;
    simulator.behaviour.stripHtmlComments = true;
    asked = faults.map((fault) => {
      const written = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
      simulator.faults.add({ ...fault, match: { method: 'POST', path: new RegExp(`/${written.threadId}/`) } });
      return written;
    });
    await Promise.all(asked.map((written) => product.resultOf(written)));
    simulator.behaviour.stripHtmlComments = false;
  });

  it.each(faults.map((fault, index) => [fault, index] as const))(
    'stands on the thread once after %j',
    async (_, index) => {
      const { threadId } = asked[index] as WrittenIds;
      const result = await product.resultOf(asked[index] as WrittenIds);
      const [posted, ...others] = product.postedBy(threadId);
      expect(result).toEqual({ outcome: 'replied', postedMessageId: posted?.id });
      expect(others).toEqual([]);
      const posts = product.simulator.calls.filter(({ method, path }) => method === 'POST' && path.includes(threadId));
      expect(posts[0]?.status).not.toBe(201);
    },
  );

  it('is not sent late when an agent took the thread while HubSpot refused it', async () => {
    const { simulator } = product;
    simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'POST' } });
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    const watch = setInterval(() => {
      if (!simulator.calls.some(({ method, path }) => method === 'POST' && path.includes(asked.threadId))) return;
      clearInterval(watch);
      simulator.assign(asked.threadId, AGENT_ID);
    }, 10);
    try {
      expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    } finally {
      clearInterval(watch);
    }
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });
});

describe('a run of the same message again, on purpose', () => {
  const again = async (workflowId: string, args: unknown[]) =>
    temporal.client.workflow.execute('replyToMessage', {
      workflowId,
      args,
      taskQueue: product.taskQueue,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });

  it.each([[true], [false]])('posts nothing twice (HubSpot strips HTML comments: %s)', async (stripHtmlComments) => {
    product.simulator.behaviour.stripHtmlComments = stripHtmlComments;
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    const first = await product.resultOf(asked);
    product.ai.answer = () => reply('Something else') as AiAnswer;
    const input = { portalId: 62515, threadId: Number(asked.threadId), messageId: asked.messageId };
    const second = await again(product.workflowIdOf(asked), [input]);
    product.simulator.behaviour.stripHtmlComments = false;
    expect(second).toEqual({ ...first, reason: 'an earlier run has answered' });
    expect(product.postedBy(asked.threadId)).toHaveLength(1);
  });
});
