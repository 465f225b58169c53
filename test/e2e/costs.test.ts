import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { costOfAll } from '../support/costs.ts';
import { type Product, useProduct } from '../support/product.ts';
import { AGENT_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';
import { messageEvent } from '../support/webhook-events.ts';

// What one event costs with all that follows, to the last action: docs/sizing.md and bench/results have these numbers.

const temporal = useTemporal();
// No more than a workflow task's worth of waiting, so that the counts are those of the default settings.
// Real events come seconds after what they are about, and our own notes within milliseconds.
const events = { webhook: { flushMs: 500 } };
const product = useProduct(temporal, { QUIET_PERIOD: '50ms', DELIVERY_CHECK: '1s' }, events);

const echo = product.ai.answer;
beforeEach(() => {
  product.ai.answer = echo;
  product.simulator.behaviour.echo = 'after-answer';
});
// The portal's own people are read once, with the first mail.
beforeAll(() => product.resultOf(asks('email')));

const asks = (channel: 'chat' | 'email', assignedTo?: string) =>
  product.simulator.customerWrites({ channel, text: 'How long?', ...(assignedTo ? { assignedTo } : {}) });

const cost = (happens: (made: Product) => unknown) => costOfAll(product, () => happens(product));

it('a chat message that is answered, and the event of our reply', async () => {
  expect(await cost(() => asks('chat'))).toEqual({
    runs: { replyToMessage: 1 },
    actions: 8,
    workflowTasks: 4,
    hubspotCalls: 6,
  });
});

it('the same where that event comes before anybody knows the reply for ours', async () => {
  product.simulator.behaviour.echo = 'before-answer';
  const { workflowTasks: _, ...made } = await cost(() => asks('chat'));
  expect(made).toEqual({ runs: { replyToMessage: 2 }, actions: 11, hubspotCalls: 7 });
});

it('an email that is answered, the look whether that arrived, and then the event of our reply', async () => {
  product.simulator.behaviour.echo = 'none';
  const made = await cost(async ({ simulator }) => {
    const asked = asks('email');
    const { postedMessageId } = await product.resultOf(asked);
    await simulator.sendEvents([messageEvent({ ...asked, messageId: postedMessageId ?? '' })]);
  });
  expect(made).toEqual({
    runs: { checkDelivery: 1, replyToMessage: 1 },
    actions: 13,
    workflowTasks: 7,
    hubspotCalls: 7,
  });
});

it('the same where the event comes first', async () => {
  product.simulator.behaviour.echo = 'before-answer';
  const { workflowTasks: _, ...made } = await cost(() => asks('email'));
  expect(made).toEqual({ runs: { replyToMessage: 2 }, actions: 15, hubspotCalls: 8 });
});

it.each<[string, Awaited<ReturnType<typeof costOfAll>>, (made: Product, threadId: string) => unknown]>([
  [
    'an agent’s message',
    { runs: { replyToMessage: 1 }, actions: 3, workflowTasks: 1, hubspotCalls: 1 },
    ({ simulator }, threadId) => simulator.agentWrites(threadId, { actorId: AGENT_ID, text: 'It ships today' }),
  ],
  [
    'an internal comment',
    { runs: { followCommand: 1 }, actions: 3, workflowTasks: 1, hubspotCalls: 1 },
    ({ simulator }, threadId) => simulator.agentComments(threadId, { actorId: AGENT_ID, text: 'A note' }),
  ],
  [
    'a ticket property',
    { runs: { syncTicketProperty: 1 }, actions: 5, workflowTasks: 2, hubspotCalls: 1 },
    ({ simulator }, threadId) => {
      const ticketId = simulator.createTicket();
      simulator.linkTicket(threadId, ticketId);
      simulator.setTicketProperty(ticketId, 'hs_ticket_priority', 'HIGH');
    },
  ],
  [
    'a new owner',
    { runs: { noticeOwnerChange: 1 }, actions: 3, workflowTasks: 1, hubspotCalls: 0 },
    ({ simulator }, threadId) => simulator.assign(threadId, AGENT_ID),
  ],
  [
    'a question on a thread that an agent owns',
    { runs: { replyToMessage: 1 }, actions: 5, workflowTasks: 2, hubspotCalls: 3 },
    ({ simulator }, threadId) => simulator.customerWrites({ threadId, text: 'And now?' }),
  ],
])('%s', async (_, expected, happens) => {
  const { threadId, messageId } = asks('chat', AGENT_ID);
  await product.resultOf({ threadId, messageId });
  expect(await cost((made) => happens(made, threadId))).toEqual(expected);
});

it('a handoff with its ticket, comment and notice', async () => {
  product.ai.answer = () => ({ action: 'handoff', reason: 'asks for a person', aiSessionId: null });
  // Pipelines and domain are read once.
  await cost(() => asks('chat'));
  expect(await cost(() => asks('chat'))).toEqual({
    runs: { handOff: 1, replyToMessage: 1, watchPickUp: 1 },
    actions: 22,
    workflowTasks: 12,
    hubspotCalls: 15,
  });
});
