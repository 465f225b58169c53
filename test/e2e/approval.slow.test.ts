import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal, { AUTONOMY: 'approve' });
const hasty = useProduct(temporal, { AUTONOMY: 'approve', APPROVAL_TIMEOUT: '300ms' });

const runOf = (asked: WrittenIds) => temporal.client.workflow.getHandle(product.workflowIdOf(asked));
const ask = (text = 'Where is my order?', threadId?: string): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text, ...(threadId ? { threadId } : {}) });

/** A message whose run waits with its draft. */
const drafted = async (text?: string, threadId?: string): Promise<WrittenIds> => {
  const asked = ask(text, threadId);
  const before = product.postedBy(asked.threadId).length;
  while (product.postedBy(asked.threadId).length === before) await delay(20);
  return asked;
};

const decide = (asked: WrittenIds, decision: object) => runOf(asked).executeUpdate('decideDraft', { args: [decision] });
const causeOf = async (update: Promise<unknown>) => {
  const error = await update.then(
    () => null,
    (error: Error) => error,
  );
  return (error?.cause as Error | undefined)?.message;
};
const kinds = (threadId: string) => product.postedBy(threadId).map(({ type }) => type);

describe('a draft that waits for an agent', () => {
  it('is an internal comment that says how to decide, and the run says that it waits', async () => {
    const asked = await drafted();
    expect(product.postedBy(asked.threadId)).toMatchObject([
      {
        type: 'COMMENT',
        text:
          'AI draft (for approval: comment /ai send, /ai edit and your own words, or /ai skip):\n\nYou asked: ' +
          'Where is my order?',
        richText: expect.stringContaining(`<!-- threadkeeper:for-approval.${asked.messageId} -->`),
      },
    ]);
    const waiting = 'waiting for an agent’s decision on the draft, at most 24h';
    const details = async () =>
      (await runOf(asked).query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
    while (!(await details()).includes(waiting)) await delay(20);
    await decide(asked, { decision: 'skip' });
  });

  it('goes out once, when an agent says so by a signal', async () => {
    const asked = await drafted();
    await runOf(asked).signal('decideDraft', { decision: 'send', by: AGENT_ID });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied', reason: `approved by ${AGENT_ID}` });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT' },
      { type: 'MESSAGE', text: 'You asked: Where is my order?' },
    ]);
  });

  it('goes out in the agent’s words, and the Update answers when it has', async () => {
    const asked = await drafted();
    const result = await decide(asked, { decision: 'edit', text: ' It **ships** tomorrow. ' });
    expect(result).toEqual(await product.resultOf(asked));
    expect(result).toMatchObject({ outcome: 'replied', reason: 'edited by an agent' });
    expect(product.postedBy(asked.threadId).at(-1)).toMatchObject({ type: 'MESSAGE', text: 'It ships tomorrow.' });
  });

  it('is left alone when an agent skips it', async () => {
    const asked = await drafted();
    expect(await decide(asked, { decision: 'skip' })).toEqual({ outcome: 'skipped', reason: 'skipped-by-agent' });
    expect(kinds(asked.threadId)).toEqual(['COMMENT']);
  });

  it('ends as a draft when nobody decides in time', async () => {
    const asked = hasty.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    expect(await hasty.resultOf(asked)).toMatchObject({ outcome: 'drafted', reason: 'no agent decided within 300ms' });
    expect(hasty.postedBy(asked.threadId)).toHaveLength(1);
  });

  it('is not decided on before it is there: another answer has come, and the AI thinks again', async () => {
    const { answer } = product.ai;
    let early: string | undefined = 'taken';
    product.ai.answer = async ({ threadId, questions }) => {
      product.ai.answer = async () => {
        const sent = await runOf(asked).startUpdate('decideDraft', {
          args: [{ decision: 'send' }],
          waitForStage: 'ACCEPTED',
        });
        // One that is taken answers when the reply is out, for which the AI has to answer first.
        early = await causeOf(Promise.race([sent.result(), delay(1_000)]));
        return reply('Another try');
      };
      product.simulator.agentWrites(threadId, { actorId: AI_ACTOR_ID, text: 'It ships today.' });
      return reply(`You asked: ${questions.join()}`);
    };
    const asked = ask();
    while (product.postedBy(asked.threadId).length === 0) await delay(20);
    product.ai.answer = answer;
    expect(early).toBe('No draft of this run waits for a decision');
    expect(product.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT', text: expect.stringMatching(/Another try$/) },
    ]);
    expect(await decide(asked, { decision: 'send' })).toMatchObject({ outcome: 'replied' });
  });

  it('is not waited for on a channel where it could not be sent', async () => {
    const asked = product.simulator.customerWrites({ channel: 'whatsapp', text: 'Hello' });
    expect(await product.resultOf(asked)).toMatchObject({
      outcome: 'drafted',
      reason: expect.stringContaining('whatsapp'),
    });
  });
});

describe('a decision', () => {
  it.each([
    [{}, 'decision: must be one of send, skip, edit'],
    [{ decision: 'publish' }, 'decision: must be one of send, skip, edit'],
    [{ decision: 'edit' }, 'text: must be text of 1 to'],
    [{ decision: 'edit', text: '  ' }, 'text: must be text of 1 to'],
  ])('%j is refused, and changes nothing', async (decision, problem) => {
    const asked = await drafted();
    expect(await causeOf(decide(asked, decision))).toContain(problem);
    await runOf(asked).signal('decideDraft', decision);
    expect(await decide(asked, { decision: 'skip' })).toMatchObject({ reason: 'skipped-by-agent' });
  });

  it('is refused while there is no draft, and the second of two', async () => {
    const echo = product.ai.answer;
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    product.ai.answer = async (request, signal) => {
      begun.resolve();
      await go.promise;
      return echo(request, signal);
    };
    const asked = ask();
    await begun.promise;
    product.ai.answer = echo;
    expect(await causeOf(decide(asked, { decision: 'send' }))).toBe('No draft of this run waits for a decision');
    go.resolve();
    while (product.postedBy(asked.threadId).length === 0) await delay(20);
    // The run doesn't end before both have been taken.
    const times = Number.POSITIVE_INFINITY;
    product.simulator.faults.add({ kind: 'rate-limit', retryAfter: 1, match: { method: 'POST' }, times });
    const sent = { args: [{ decision: 'send' }] as [object], waitForStage: 'ACCEPTED' } as const;
    const first = await runOf(asked).startUpdate('decideDraft', sent);
    expect(await causeOf(decide(asked, { decision: 'skip' }))).toBe('It has been decided already: send');
    product.simulator.faults.clear();
    expect(await first.result()).toMatchObject({ outcome: 'replied' });
  });
});

describe('while a draft waits', () => {
  it('a newer message of the customer ends it, and is drafted for together with the older one', async () => {
    const first = await drafted('Where is my order?');
    const second = await drafted('Hello?', first.threadId);
    expect(await product.resultOf(first)).toEqual({ outcome: 'skipped', reason: 'superseded' });
    expect(await decide(second, { decision: 'send' })).toMatchObject({ outcome: 'replied' });
    expect(product.postedBy(first.threadId).at(-1)).toMatchObject({ text: 'You asked: Where is my order? | Hello?' });
    expect(kinds(first.threadId)).toEqual(['COMMENT', 'COMMENT', 'MESSAGE']);
  });

  it.each([
    ['takes the thread', (threadId: string) => product.simulator.assign(threadId, AGENT_ID), 'owned-by-human'],
    [
      'answers',
      (threadId: string) => product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'I have it' }),
      'human-replied',
    ],
  ])('an agent who %s ends it', async (_, act, reason) => {
    const asked = await drafted();
    act(asked.threadId);
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason });
    expect(kinds(asked.threadId)).toEqual(['COMMENT']);
  });

  it('an agent who has answered unheard is seen right before it goes out', async () => {
    const asked = await drafted();
    product.simulator.setWebhookUrl(null);
    product.simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'I have it' });
    product.simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
    expect(await decide(asked, { decision: 'send' })).toEqual({ outcome: 'skipped', reason: 'human-replied' });
    expect(kinds(asked.threadId)).toEqual(['COMMENT']);
  });

  it('hints that mean nothing end nothing, however many', async () => {
    const asked = await drafted();
    for (let n = 0; n < 5; n += 1) await runOf(asked).signal('threadChanged');
    expect(await decide(asked, { decision: 'send' })).toMatchObject({ outcome: 'replied' });
  });

  it('the worker may be restarted', async () => {
    const asked = await drafted();
    await product.restartWorker();
    expect(await decide(asked, { decision: 'send' })).toMatchObject({ outcome: 'replied' });
    expect(kinds(asked.threadId)).toEqual(['COMMENT', 'MESSAGE']);
  });
});
