import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage } from '../../dev/simulator/threads.ts';
import { useProduct } from '../support/product.ts';
import { APP_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const product = useProduct(useTemporal(), { MAX_REPLIES_PER_HOUR: '2' });

describe('what no customer wrote is not answered', () => {
  it.each<[string, Partial<CustomerMessage>, string]>([
    ['an auto-reply', { subject: 'Automatic reply: Your order' }, 'sender-is-bot'],
    ['a bounce', { email: 'mailer-daemon@example.org' }, 'sender-is-bot'],
    ['a no-reply sender', { email: 'no-reply@example.org' }, 'sender-is-bot'],
    ['our own mail come back, which HubSpot calls incoming', { email: 'support@example.com' }, 'outgoing'],
  ])('%s', async (_, changes, reason) => {
    const written = product.simulator.customerWrites({ channel: 'email', text: 'Thanks for your mail', ...changes });
    expect(await product.resultOf(written)).toEqual({ outcome: 'skipped', reason });
    expect(product.postedBy(written.threadId)).toEqual([]);
  });

  it('our own app’s message, which HubSpot calls incoming', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const echo = product.simulator.agentWrites(asked.threadId, {
      actorId: 'V-9001',
      text: 'It ships tomorrow.',
      direction: 'INCOMING',
      integrationAppId: Number(APP_ID),
    });
    const posted = product.postedBy(asked.threadId).length;
    expect(await product.resultOf(echo)).toEqual({ outcome: 'skipped', reason: 'outgoing' });
    expect(product.postedBy(asked.threadId)).toHaveLength(posted);
  });
});

describe('a thread to which the AI has written as often as it may within an hour', () => {
  it('is handed over, once', async () => {
    const { simulator } = product;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'One' });
    const { threadId } = asked;
    const results = [await product.resultOf(asked)];
    for (const text of ['Two', 'Three', 'Four']) {
      results.push(await product.resultOf(simulator.customerWrites({ threadId, text })));
    }
    // Handed over, it is for agents: the AI is silent on it.
    expect(results.map(({ outcome }) => outcome)).toEqual(['replied', 'replied', 'handed-off', 'skipped']);
    expect(product.postedBy(threadId).map(({ type }) => type)).toEqual(['MESSAGE', 'MESSAGE', 'COMMENT']);
  });
});
