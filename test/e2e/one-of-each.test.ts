import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerMessage, WrittenIds } from '../../dev/simulator/simulator.ts';
import { parseRunDetails } from '../../src/runs/run-details.ts';
import { AI_TOKENS } from '../../src/runs/search-attributes.ts';
import { reply, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

/** One case of each feature whose others take long: they are in the slow files of this folder. */
const temporal = useTemporal();
const product = useProduct(temporal, {
  AUTONOMY: 'auto, messenger=approve',
  DELIVERY_CHECK: '100ms',
  MAX_REPLIES_PER_HOUR: '2',
});
const { ai } = product;

const echo = ai.answer;
beforeEach(() => {
  ai.answer = echo;
});
const handsOff = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null }) as const;

const asks = (message: Partial<CustomerMessage> = {}): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?', ...message });
const outcomeOf = async (written: WrittenIds): Promise<string> => (await product.resultOf(written)).outcome;
/** An agent comments, and the run of that comment ends. */
const says = async (threadId: string, text: string): Promise<void> => {
  const { messageId } = product.simulator.agentComments(threadId, { actorId: AGENT_ID, text });
  await product.resultOfRun(`command:${PORTAL_ID}:${threadId}-${messageId}`);
};
const lastOn = (threadId: string) => product.postedBy(threadId).at(-1);

describe('commands (commands.slow.test.ts)', () => {
  it('pause a thread, and resume it', async () => {
    const first = asks();
    const { threadId } = first;
    await product.resultOf(first);
    await says(threadId, '/ai pause');
    expect(await product.resultOf(asks({ threadId }))).toEqual({ outcome: 'skipped', reason: 'paused' });
    await says(threadId, '/ai resume');
    expect(await outcomeOf(asks({ threadId, text: 'Anyone?' }))).toBe('replied');
    expect(lastOn(threadId)).toMatchObject({ text: 'You asked: Where is my order? | Anyone?' });
  });

  it('send a draft that waits, and tell what there is to say', async () => {
    const asked = asks({ channel: 'messenger' });
    const { threadId } = asked;
    while (product.postedBy(threadId).length === 0) await new Promise((again) => setTimeout(again, 20));
    await says(threadId, '/ai send');
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied', reason: `approved by ${AGENT_ID}` });
    await says(threadId, '/ai dance');
    expect(lastOn(threadId)).toMatchObject({ type: 'COMMENT', text: expect.stringContaining('/ai handoff') });
  });
});

describe('loops (loops.slow.test.ts)', () => {
  it('end at the cap for an address, however many threads it opens', async () => {
    const outcomes = [];
    for (const text of ['Your case is 1', 'Your case is 2', 'Your case is 3', 'Your case is 4']) {
      outcomes.push(await outcomeOf(asks({ channel: 'email', email: 'desk@loop.example', text })));
    }
    expect(outcomes).toEqual(['replied', 'replied', 'handed-off', 'skipped']);
  });
});

describe('closed threads and tickets (closed-threads.slow.test.ts, tickets-of-handoffs.slow.test.ts)', () => {
  it('leave an old question unasked, and a handoff makes a ticket beside the closed one', async () => {
    const { simulator } = product;
    const ticketId = simulator.createTicket({ subject: 'Old', hs_pipeline: '0', hs_pipeline_stage: '4' });
    const old = asks({ assignedTo: AGENT_ID, ticketId });
    await product.resultOf(old);
    const { threadId } = old;
    simulator.closeThread(threadId, AGENT_ID);
    simulator.assign(threadId, AI_ACTOR_ID);
    expect(await outcomeOf(asks({ threadId, text: 'How do I reset my password?' }))).toBe('replied');
    expect(ai.asked.at(-1)?.questions).toEqual(['How do I reset my password?']);
    ai.answer = handsOff;
    expect(await outcomeOf(asks({ threadId, text: 'A person, please' }))).toBe('handed-off');
    const made = simulator.tickets().filter(({ threadIds }) => threadIds.includes(threadId));
    expect(made.map(({ id }) => id === ticketId)).toEqual([false]);
    expect(simulator.ticketProperties(ticketId)).toMatchObject({ hs_pipeline_stage: '4' });
  });
});

describe('mail (reading.slow.test.ts, undelivered.slow.test.ts)', () => {
  it('is asked by its subject where that is all it has, and hands over what comes back', async () => {
    ai.answer = () => reply('Within thirty days.');
    const asked = asks({ channel: 'email', email: 'kim@exmaple.org', subject: 'How do I return it?', text: '' });
    const { threadId } = asked;
    expect(await outcomeOf(asked)).toBe('replied');
    expect(ai.asked.at(-1)?.questions).toEqual(['How do I return it?']);
    const bounce = asks({
      threadId,
      channel: 'email',
      email: 'mailer-daemon@mx.example',
      subject: 'Undelivered Mail Returned to Sender',
      text: '<kim@exmaple.org>: Host or domain name not found.',
    });
    expect(await outcomeOf(bounce)).toBe('handed-off');
  });
});

describe('faults and spending (under-faults.slow.test.ts, spending.slow.test.ts)', () => {
  it('leave one reply, whose run says what it took', async () => {
    product.simulator.faults.add({ kind: 'reset-after', match: { route: 'postMessage' }, times: 1 });
    ai.answer = () => ({ ...reply('It ships tomorrow.'), usage: { inputTokens: 1_000, outputTokens: 10 } });
    const asked = asks();
    expect(await outcomeOf(asked)).toBe('replied');
    expect(product.postedBy(asked.threadId)).toHaveLength(1);
    const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
    const [posted] = product.postedBy(asked.threadId);
    expect(parseRunDetails(await detailsOf(handle)).steps.at(-1)).toBe(
      `HubSpot has 1 post: reply ${posted?.id}, found and not repeated`,
    );
    const run = await handle.describe();
    expect(run.typedSearchAttributes.get(AI_TOKENS)).toBe(1_010);
  });
});
