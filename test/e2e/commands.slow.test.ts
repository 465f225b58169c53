import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { FollowCommandResult } from '../../src/runs/follow-command.ts';
import { useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);
const approving = useProduct(temporal, { AUTONOMY: 'approve' });
const claiming = useProduct(temporal, {
  UNASSIGNED_THREADS: 'claim',
  AUTONOMY: 'auto, email=draft, whatsapp=off',
  MAX_REPLIES_PER_HOUR: '2',
});
const mute = useProduct(temporal, { AI_COMMANDS: 'false' });

const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
});

const ask = (text = 'Where is my order?', threadId?: string, by = product): WrittenIds =>
  by.simulator.customerWrites({ channel: 'chat', text, ...(threadId ? { threadId } : {}) });

/** An agent comments; gives how the run of that comment ended. */
const say = async (threadId: string, text: string, by = product, actorId = AGENT_ID): Promise<FollowCommandResult> => {
  const { messageId } = by.simulator.agentComments(threadId, { actorId, text });
  return await by.resultOfRun<FollowCommandResult>(`command:${PORTAL_ID}:${threadId}-${messageId}`);
};

const lastPost = (threadId: string, by = product) => by.postedBy(threadId).at(-1);

describe('a draft that waits', () => {
  const drafted = async (text?: string, threadId?: string): Promise<WrittenIds> => {
    const before = threadId ? approving.postedBy(threadId).length : 0;
    const asked = ask(text, threadId, approving);
    while (approving.postedBy(asked.threadId).length === before) await delay(20);
    return asked;
  };

  it('is sent by /ai send', async () => {
    const asked = await drafted();
    expect(await say(asked.threadId, '/ai send', approving)).toEqual({
      outcome: 'followed',
      reason: `send: replied (approved by ${AGENT_ID})`,
    });
    expect(await approving.resultOf(asked)).toMatchObject({ outcome: 'replied', reason: `approved by ${AGENT_ID}` });
    expect(approving.postedBy(asked.threadId)).toHaveLength(2);
  });

  it('is replaced by /ai edit, however long the words', async () => {
    const asked = await drafted();
    const words = `It ships.\n\n${'Tomorrow. '.repeat(600).trim()}`;
    expect(await say(asked.threadId, `/ai edit ${words}`, approving)).toMatchObject({ outcome: 'followed' });
    expect(lastPost(asked.threadId, approving)).toMatchObject({ type: 'MESSAGE', text: words });
  });

  it('is dropped by /ai skip', async () => {
    const asked = await drafted();
    expect(await say(asked.threadId, '/ai skip', approving)).toEqual({
      outcome: 'followed',
      reason: 'skip: skipped (skipped-by-agent)',
    });
    expect(await approving.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'skipped-by-agent' });
    expect(approving.postedBy(asked.threadId)).toHaveLength(1);
  });

  it('is none of a customer’s, another app’s or the AI’s own business', async () => {
    const asked = await drafted();
    const { threadId } = asked;
    for (const actorId of ['I-999', AI_ACTOR_ID]) {
      expect(await say(threadId, '/ai send', approving, actorId)).toEqual({ outcome: 'skipped', reason: 'comment' });
    }
    const forgeries: string[] = [];
    for (const clientType of ['INTEGRATION', 'SYSTEM', 'UNKNOWN'] as const) {
      const { messageId } = approving.simulator.agentComments(threadId, {
        actorId: AGENT_ID,
        text: '/ai send',
        client: { clientType },
      });
      forgeries.push(messageId);
      expect(await approving.resultOfRun(`command:${PORTAL_ID}:${threadId}-${messageId}`)).toEqual({
        outcome: 'skipped',
        reason: 'comment',
      });
    }
    const forged = approving.simulator.agentComments(threadId, {
      actorId: AGENT_ID,
      text: '/ai send',
      integrationAppId: 999,
    });
    expect(await approving.resultOfRun(`command:${PORTAL_ID}:${threadId}-${forged.messageId}`)).toEqual({
      outcome: 'skipped',
      reason: 'comment',
    });
    const customer = await drafted('/ai send', threadId);
    expect(await approving.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'superseded' });
    const ours = approving.postedBy(threadId).filter(({ id }) => ![...forgeries, forged.messageId].includes(id));
    expect(ours.map(({ type }) => type)).toEqual(['COMMENT', 'COMMENT']);
    await say(threadId, '/ai skip', approving);
    expect(await approving.resultOf(customer)).toMatchObject({ reason: 'skipped-by-agent' });
  });

  it('is not disturbed by /ai why, nor by what agents say to each other', async () => {
    const asked = await drafted();
    expect(await say(asked.threadId, 'Shall we send this?', approving)).toEqual({
      outcome: 'skipped',
      reason: 'comment',
    });
    expect(await say(asked.threadId, '/ai why', approving)).toMatchObject({ outcome: 'followed' });
    expect(lastPost(asked.threadId, approving)).toMatchObject({
      text: expect.stringContaining(`message ${asked.messageId}: still at work, or waiting for an agent`),
    });
    expect(await say(asked.threadId, '/ai send', approving)).toMatchObject({
      reason: expect.stringMatching(/^send: replied/),
    });
  });

  it('ends by /ai pause', async () => {
    const asked = await drafted();
    await say(asked.threadId, '/ai pause', approving);
    expect(await approving.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'paused' });
  });

  it('is missed with an answer that says so', async () => {
    const asked = ask();
    await product.resultOf(asked);
    expect(await say(asked.threadId, '/ai send')).toEqual({ outcome: 'followed', reason: 'send: refused' });
    expect(lastPost(asked.threadId)).toMatchObject({ type: 'COMMENT', text: 'No draft waits for a decision.' });
  });

  it('is void once an agent has answered, and /ai send says so', async () => {
    const asked = await drafted();
    approving.simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'I have it' });
    expect(await approving.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'human-replied' });
    expect(await say(asked.threadId, '/ai send', approving)).toEqual({ outcome: 'followed', reason: 'send: refused' });
    expect(lastPost(asked.threadId, approving)).toMatchObject({ text: 'No draft waits for a decision.' });
  });

  it('is not sent where an agent has answered unheard, and /ai send says why', async () => {
    const asked = await drafted();
    approving.simulator.setWebhookUrl(null);
    approving.simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'I have it' });
    approving.simulator.setWebhookUrl(approving.config.webhookPublicUrl, `${approving.apiUrl}/webhooks/hubspot`);
    expect(await say(asked.threadId, '/ai send', approving)).toEqual({
      outcome: 'followed',
      reason: 'skipped (human-replied)',
    });
    expect(lastPost(asked.threadId, approving)).toMatchObject({
      type: 'COMMENT',
      text: 'It was not sent: skipped (human-replied).',
    });
  });
});

describe('a paused thread', () => {
  it('gets no answer until /ai resume, and then one for all', async () => {
    const first = ask();
    const { threadId } = first;
    await product.resultOf(first);
    expect(await say(threadId, '/ai pause')).toMatchObject({ outcome: 'followed', reason: 'paused' });
    expect(lastPost(threadId)).toMatchObject({
      type: 'COMMENT',
      text: expect.stringContaining('paused on this thread'),
    });
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'paused' });
    expect(await say(threadId, '/ai resume')).toMatchObject({ outcome: 'followed', reason: 'resumed' });
    expect(await product.resultOf(ask('Anyone?', threadId))).toMatchObject({ outcome: 'replied' });
    expect(lastPost(threadId)).toMatchObject({ text: 'You asked: Hello? | Anyone?' });
  });

  it('is answered again by itself once the time is over', async () => {
    const { threadId } = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    product.simulator.assign(threadId, AI_ACTOR_ID);
    await product.simulator.settle();
    // Several times what a busy machine needs until the message has been read.
    expect(await say(threadId, '/ai pause 6s')).toMatchObject({ outcome: 'followed', reason: 'paused for 6s' });
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'paused' });
    await delay(6_000);
    expect(await product.resultOf(ask('Now?', threadId))).toMatchObject({ outcome: 'replied' });
  });

  it.each([
    ['pause', ['paused']],
    // Whichever the run sees first: that it is silenced, or that the handoff has taken the thread from the AI.
    ['handoff', ['handed-off', 'unassigned']],
  ])('by /ai %s silences a run whose AI thinks, at once', async (command, reasons) => {
    const begun = Promise.withResolvers<void>();
    product.ai.answer = (_, signal) => {
      begun.resolve();
      return new Promise<AiAnswer>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const asked = ask();
    await begun.promise;
    expect(await say(asked.threadId, `/ai ${command}`)).toMatchObject({ outcome: 'followed' });
    // Ends though the AI never answers.
    const { outcome, reason } = await product.resultOf(asked);
    expect({ outcome, silent: reasons.includes(reason ?? '') }).toEqual({ outcome: 'skipped', silent: true });
  });

  it('can be had by hand too', async () => {
    const { threadId } = ask();
    const byHand = (input: object) =>
      temporal.client.workflow.execute('followCommand', {
        workflowId: uniqueName('by-hand'),
        taskQueue: product.taskQueue,
        args: [{ portalId: Number(PORTAL_ID), threadId, ...input }],
      });
    expect(await byHand({ command: 'pause', text: '2h', by: AGENT_ID })).toEqual({
      outcome: 'followed',
      reason: 'paused for 2h',
    });
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'paused' });
    await expect(byHand({ command: 'sleep' })).rejects.toMatchObject({
      cause: {
        message: expect.stringContaining('{"portalId":"62515","threadId":"6065362089","command":"pause","text":"2h"}'),
      },
    });
  });
});

describe('/ai handoff', () => {
  it('hands the thread to agents with their reason, and the AI says no more', async () => {
    const asked = ask();
    const { threadId } = asked;
    await product.resultOf(asked);
    expect(await say(threadId, '/ai handoff wants a refund')).toEqual({ outcome: 'followed', reason: 'handed off' });
    const comments = product.postedBy(threadId).filter(({ type }) => type === 'COMMENT');
    expect(comments).toMatchObject([{ text: expect.stringContaining('wants a refund') }]);
    const handedOver = await temporal.client.workflow
      .getHandle(`handoff:${PORTAL_ID}:${threadId}-${asked.messageId}`)
      .result();
    expect(handedOver).toMatchObject({ outcome: 'handed-off' });
    // The handoff has taken the thread from the AI, too.
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'unassigned' });
    const standing = await product.sessions.threadState(PORTAL_ID as PortalId, threadId as ThreadId, Date.now());
    expect(standing.silenced).toBe('handed-off');
    product.simulator.assign(threadId, AGENT_ID);
    product.simulator.assign(threadId, AI_ACTOR_ID);
    // The run that notes the new owner may come after the one that reads the message.
    expect(await product.resultOf(ask('Still there?', threadId))).toMatchObject({ outcome: 'replied' });
  });

  it('brings the reason again where the message has been handed over before', async () => {
    const { threadId } = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    await say(threadId, '/ai handoff wants a refund');
    await say(threadId, '/ai handoff wants it today');
    const comments = product.postedBy(threadId).filter(({ type }) => type === 'COMMENT');
    expect(comments).toMatchObject([
      { text: expect.stringContaining('wants a refund') },
      { text: expect.stringContaining('wants it today') },
    ]);
    expect(product.simulator.tickets().filter(({ threadIds }) => threadIds.includes(threadId)).length).toBeLessThan(2);
  });
});

describe('/ai resume', () => {
  const resumes = async (threadId: string, by = product): Promise<string> => {
    expect(await say(threadId, '/ai resume', by)).toEqual({ outcome: 'followed', reason: 'resumed' });
    return (lastPost(threadId, by) as { text: string }).text;
  };
  const ownerOf = (threadId: string, by = product) => by.simulator.thread(threadId).assignedTo;
  const handedOff = async (by = product): Promise<string> => {
    by.ai.answer = () => ({ action: 'handoff', reason: 'asks for a human', aiSessionId: null });
    const asked = ask('A human, please', undefined, by);
    expect(await by.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    by.ai.answer = echo;
    expect(ownerOf(asked.threadId, by)).toBeUndefined();
    return asked.threadId;
  };

  it('after a handoff takes the thread where the AI takes those that nobody owns, and the next message is answered', async () => {
    const threadId = await handedOff(claiming);
    expect(await resumes(threadId, claiming)).toBe(
      `The AI may speak on this thread again, and has taken it (${AI_ACTOR_ID}). It answers the customer’s ` +
        'next message, and in it what nobody has answered before.',
    );
    expect(ownerOf(threadId, claiming)).toBe(AI_ACTOR_ID);
    expect(await claiming.resultOf(ask('Still there?', threadId, claiming))).toMatchObject({ outcome: 'replied' });
  });

  it('after a handoff says whom to assign the thread to where the AI takes none, and then the next message is answered', async () => {
    const threadId = await handedOff();
    expect(await resumes(threadId)).toContain(`nobody owns this thread, and the AI takes none by itself`);
    expect(lastPost(threadId)).toMatchObject({ text: expect.stringContaining(`AI’s user (${AI_ACTOR_ID})`) });
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'unassigned' });
    product.simulator.assign(threadId, AI_ACTOR_ID);
    // The run that notes the new owner may come after the one that reads the message.
    expect(await product.resultOf(ask('Still there?', threadId))).toMatchObject({ outcome: 'replied' });
  });

  it('leaves an agent’s thread to the agent, and says so', async () => {
    const { threadId } = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    expect(await resumes(threadId)).toContain(`${AGENT_ID} owns this thread. Assign it to the AI’s user`);
    expect(ownerOf(threadId)).toBe(AGENT_ID);
    expect(await product.resultOf(ask('Hello?', threadId))).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
  });

  it('on a closed thread promises the answer that then comes', async () => {
    const asked = ask();
    await product.resultOf(asked);
    await say(asked.threadId, '/ai pause');
    product.simulator.closeThread(asked.threadId);
    expect(await resumes(asked.threadId)).toMatch(/^The AI may speak on this thread again\. It answers/);
    expect(await product.resultOf(ask('One more', asked.threadId))).toMatchObject({ outcome: 'replied' });
  });

  it('promises no answer where the AI leaves drafts, waits for approval, or is off', async () => {
    const drafts = claiming.simulator.customerWrites({ channel: 'email', text: 'Hello', assignedTo: AGENT_ID });
    await claiming.resultOf(drafts);
    expect(await resumes(drafts.threadId, claiming)).toContain('It leaves a draft on the customer’s next message');
    expect(ownerOf(drafts.threadId, claiming)).toBe(AGENT_ID);
    const next = claiming.simulator.customerWrites({ threadId: drafts.threadId, text: 'Hello?' });
    expect(await claiming.resultOf(next)).toMatchObject({ outcome: 'drafted' });
    const off = claiming.simulator.customerWrites({ channel: 'whatsapp', text: 'Hello', assignedTo: null });
    expect(await resumes(off.threadId, claiming)).toMatch(/^The AI is off on whatsapp/);
    expect(ownerOf(off.threadId, claiming)).toBeUndefined();
    const { threadId } = ask('Hello', undefined, approving);
    while (approving.postedBy(threadId).length === 0) await delay(20);
    expect(await resumes(threadId, approving)).toContain('It leaves a draft for your approval');
    await say(threadId, '/ai skip', approving);
  });

  it('says that the thread goes to agents all the same where the AI has written as often as it may', async () => {
    const first = ask('One', undefined, claiming);
    const { threadId } = first;
    await claiming.resultOf(first);
    await claiming.resultOf(ask('Two', threadId, claiming));
    expect(await claiming.resultOf(ask('Three', threadId, claiming))).toMatchObject({ outcome: 'handed-off' });
    expect(await resumes(threadId, claiming)).toContain('the customer’s next message goes to agents anyway');
    const comments = claiming.postedBy(threadId).length;
    expect(await claiming.resultOf(ask('Four', threadId, claiming))).toMatchObject({ outcome: 'handed-off' });
    expect(claiming.postedBy(threadId)).toHaveLength(comments + 1);
    expect(ownerOf(threadId, claiming)).toBeUndefined();
  });
});

describe('/ai why', () => {
  it('describes what happened to the latest messages', async () => {
    const first = ask();
    const { threadId } = first;
    await product.resultOf(first);
    product.simulator.assign(threadId, AGENT_ID);
    const second = ask('Hello?', threadId);
    await product.resultOf(second);
    expect(await say(threadId, '/ai why')).toEqual({ outcome: 'followed', reason: 'described 2 messages' });
    const told = lastPost(threadId);
    expect(told).toMatchObject({ type: 'COMMENT' });
    const lines = (told as { text: string }).text.split('\n').filter((line) => line.includes(', message '));
    expect(lines).toEqual([
      expect.stringContaining(`message ${second.messageId}: skipped: an agent owns the thread (owned-by-human)`),
      expect.stringContaining(`message ${first.messageId}: replied`),
    ]);
  });
});

describe('what is no command', () => {
  it.each(['/ai', '/ai dance', '/ai edit', '/ai pause for a while'])(
    '%s is answered with those there are',
    async (text) => {
      const { threadId } = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
      expect(await say(threadId, text)).toEqual({ outcome: 'followed', reason: 'not understood' });
      expect(lastPost(threadId)).toMatchObject({ type: 'COMMENT', text: expect.stringContaining('/ai handoff') });
    },
  );

  it('costs one read, and nothing is said', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    const { threadId } = asked;
    await product.resultOf(asked);
    const calls = () => product.simulator.calls.filter(({ path }) => path.includes(threadId)).length;
    const before = calls();
    expect(await say(threadId, 'just a note')).toEqual({ outcome: 'skipped', reason: 'comment' });
    expect(calls() - before).toBe(1);
    expect(product.postedBy(threadId)).toEqual([]);
  });

  it('is not even looked at where commands are off', async () => {
    const { threadId } = mute.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    const { messageId } = mute.simulator.agentComments(threadId, { actorId: AGENT_ID, text: '/ai pause' });
    await mute.simulator.settle();
    const run = temporal.client.workflow.getHandle(`command:${PORTAL_ID}:${threadId}-${messageId}`);
    await expect(run.describe()).rejects.toThrow(/not found/i);
  });
});
