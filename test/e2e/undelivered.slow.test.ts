import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage, ThreadItem, WrittenIds } from '../../dev/simulator/simulator.ts';
import type { CheckDeliveryResult } from '../../src/runs/check-delivery.ts';
import type { HandOffResult } from '../../src/runs/hand-off.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
// HubSpot announces nothing of ours: what checks a delivery is a run of its own then.
const product = useProduct(temporal, { DELIVERY_CHECK: '100ms' }, { behaviour: { echo: 'none' } });

const MAIL: CustomerMessage = {
  channel: 'email',
  email: 'kim@exmaple.org',
  name: 'Kim Lee',
  subject: 'Question',
  text: 'How do I return an item?',
};
const RETURNED: CustomerMessage = {
  channel: 'email',
  email: 'mailer-daemon@mx.example',
  subject: 'Undelivered Mail Returned to Sender',
  text: '<kim@exmaple.org>: Host or domain name not found.',
};
const handsOff = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null }) as const;

const textOf = (item: ThreadItem | undefined): string => (item && 'text' in item ? item.text : '');
const commentsOn = (threadId: string) =>
  product
    .postedBy(threadId)
    .filter(({ type }) => type === 'COMMENT')
    .map(textOf);
const attributesOf = async (workflowId: string) => {
  const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
};
const sentOf = (threadId: string, messageId: string | undefined) => `message:${PORTAL_ID}:${threadId}-${messageId}`;

/** The AI has answered, and HubSpot took the answer for delivered. */
const answered = async (changes: Partial<CustomerMessage> = {}): Promise<WrittenIds> => {
  product.ai.answer = () => reply('Within thirty days.');
  const { threadId, messageId } = product.simulator.customerWrites({ ...MAIL, ...changes });
  const { postedMessageId } = await product.resultOf({ threadId, messageId });
  const sent = sentOf(threadId, postedMessageId);
  expect(await product.resultOfRun<CheckDeliveryResult>(sent)).toMatchObject({ outcome: 'delivered' });
  return { threadId, messageId: postedMessageId ?? '' };
};

describe('a bounce on the thread of a reply', () => {
  it.each<[string, Partial<CustomerMessage>]>([
    ['of a mail server', {}],
    [
      'of Exchange',
      { email: 'microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@example.org', subject: 'Unzustellbar: Re: Question' },
    ],
    ['of Google', { email: 'mailer-daemon@googlemail.com', subject: 'Delivery Status Notification (Failure)' }],
    ['of a postmaster', { email: 'postmaster+1@mx.example', subject: 'Undeliverable: Re: Question' }],
    ['that shows itself as the customer', { email: 'mailer-daemon@mx.example', name: 'Kim Lee' }],
  ])('%s hands the thread to agents, and needs attention', async (_, changes) => {
    const sent = await answered();
    const { threadId } = sent;
    const returned = product.simulator.customerWrites({ ...RETURNED, ...changes, threadId });
    expect(await product.resultOf(returned)).toMatchObject({ outcome: 'handed-off' });
    const attention = { NeedsAttention: 'delivery-failed', Outcome: 'handed-off' };
    expect(await attributesOf(product.workflowIdOf(returned))).toMatchObject(attention);
    expect(commentsOn(threadId)).toEqual([expect.stringContaining("the customer did not get the AI's last reply")]);
    expect(product.simulator.thread(threadId).assignedTo).toBeUndefined();
    expect(product.simulator.tickets().filter(({ threadIds }) => threadIds.includes(threadId))).toHaveLength(1);
  });

  it('hands it over once, however often the mail comes back', async () => {
    const { threadId } = await answered();
    for (const subject of ['Undelivered Mail Returned to Sender', 'Mail delivery failed'])
      await product.resultOf(product.simulator.customerWrites({ ...RETURNED, threadId, subject }));
    expect(commentsOn(threadId)).toHaveLength(1);
  });

  it.each<[string, Partial<CustomerMessage>]>([
    ['says that it is only late', { subject: 'Delivery Status Notification (Delay)' }],
    ['says so in its words', { text: 'This is a warning only. You do not need to resend your message.' }],
  ])('is left alone where it %s', async (_, changes) => {
    const { threadId } = await answered();
    const late = product.simulator.customerWrites({ ...RETURNED, ...changes, threadId });
    expect(await product.resultOf(late)).toEqual({ outcome: 'skipped', reason: 'sender-is-bot' });
    expect(commentsOn(threadId)).toEqual([]);
  });

  it('is left to the agent whose mail came back', async () => {
    const { threadId } = await answered();
    product.simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'Anything else?' });
    const returned = product.simulator.customerWrites({ ...RETURNED, threadId });
    expect(await product.resultOf(returned)).toEqual({ outcome: 'skipped', reason: 'sender-is-bot' });
  });

  it('is left alone on a thread of its own, where it is about nothing that we know', async () => {
    const returned = product.simulator.customerWrites(RETURNED);
    expect(await product.resultOf(returned)).toEqual({ outcome: 'skipped', reason: 'sender-is-bot' });
  });
});

describe('the notice that agents will answer', () => {
  const handedOff = async () => {
    product.ai.answer = handsOff;
    const asked = product.simulator.customerWrites({ ...MAIL, text: 'I want to talk to a person' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    const handoff = `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`;
    const { toldMessageId } = await product.resultOfRun<HandOffResult>(handoff);
    return { ...asked, sent: sentOf(asked.threadId, toldMessageId) };
  };
  const untold = expect.stringContaining('The customer does not know that someone will answer');

  it('is looked after as a reply is: agents hear that the customer was not told', async () => {
    product.simulator.behaviour.undeliverable = '550 mailbox unavailable';
    const { threadId, sent } = await handedOff();
    expect(await product.resultOfRun<CheckDeliveryResult>(sent)).toMatchObject({ outcome: 'handed-off' });
    product.simulator.behaviour.undeliverable = null;
    expect(await attributesOf(sent)).toMatchObject({ NeedsAttention: 'delivery-failed' });
    expect(commentsOn(threadId)).toEqual([expect.any(String), untold]);
  });

  it('is known for delivered where it was, and for lost once it comes back', async () => {
    const { threadId, sent } = await handedOff();
    expect(await product.resultOfRun<CheckDeliveryResult>(sent)).toMatchObject({ outcome: 'delivered' });
    expect(commentsOn(threadId)).toHaveLength(1);
    const returned = product.simulator.customerWrites({ ...RETURNED, threadId });
    expect(await product.resultOf(returned)).toMatchObject({ outcome: 'handed-off' });
    expect(await attributesOf(product.workflowIdOf(returned))).toMatchObject({ NeedsAttention: 'delivery-failed' });
    expect(commentsOn(threadId)).toEqual([expect.any(String), untold]);
  });

  it('has nothing to be looked after in a live chat', async () => {
    product.ai.answer = handsOff;
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'A person, please' });
    await product.resultOf(asked);
    const { toldMessageId } = await product.resultOfRun<HandOffResult>(
      `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`,
    );
    const run = temporal.client.workflow.getHandle(sentOf(asked.threadId, toldMessageId));
    await expect(run.describe()).rejects.toThrow(/not found/i);
  });
});
