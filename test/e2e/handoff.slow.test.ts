import { beforeEach, describe, expect, it } from '@jest/globals';
import { ownerIdOf } from '../../dev/simulator/owners.ts';
import type { ThreadItem, WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { HANDOFF_MARKER } from '../../src/hubspot/markers.ts';
import type { CheckDeliveryResult } from '../../src/runs/check-delivery.ts';
import type { HandOffResult } from '../../src/runs/hand-off.ts';
import { type Product, useProduct } from '../support/product.ts';
import { AGENT_ID, AI_ACTOR_ID, PORTAL_ID } from '../support/simulator.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal, { HANDOFF_TICKET_PROPERTIES: 'plan=hs_resolution, mood=no_such_property' });
const assigning = useProduct(
  temporal,
  {
    HANDOFF_ASSIGN_TO: `A-1, language=de:A-2, channel=email:A-3`,
    HANDOFF_MESSAGE: 'Our team answers you here.',
    HANDOFF_TICKET_KEY_PROPERTY: 'threadkeeper_key',
    HANDOFF_PICK_UP: '300ms',
    HANDOFF_ESCALATE_TO: 'A-99',
    AFTER_HANDOFF: 'answer',
    MAX_REPLIES_PER_HOUR: '1',
    DELIVERY_CHECK: '100ms',
  },
  { behaviour: { uniqueTicketProperties: ['threadkeeper_key'] } },
);

const handsOff = (changes: Partial<AiAnswer> = {}): AiAnswer =>
  ({ action: 'handoff', reason: 'asks for a refund', aiSessionId: null, ...changes }) as AiAnswer;

beforeEach(() => {
  for (const { ai, simulator } of [product, assigning]) {
    ai.answer = () => handsOff();
    simulator.faults.clear();
  }
});

const commentsOn = (by: Product, threadId: string) => by.postedBy(threadId).filter(({ type }) => type === 'COMMENT');
const toldOn = (by: Product, threadId: string) => by.postedBy(threadId).filter(({ type }) => type === 'MESSAGE');
const textOf = (item: ThreadItem | undefined): string => (item && 'text' in item ? item.text : '');
const ticketsOf = (by: Product, threadId: string) =>
  by.simulator.tickets().filter(({ threadIds }) => threadIds.includes(threadId));
const handoffOf = (by: Product, { threadId, messageId }: WrittenIds) =>
  by.resultOfRun<HandOffResult>(`handoff:${PORTAL_ID}:${threadId}-${messageId}`);

const attributesOf = async (workflowId: string) => {
  const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
};

describe('a handoff', () => {
  it.each<[string, Partial<AiAnswer>]>([
    ['no reason', { reason: '' } as Partial<AiAnswer>],
    ['a reason that nobody sees', { reason: '\u200b \u2060' } as Partial<AiAnswer>],
    ['an article with an endless title', { consulted: ['t'.repeat(3_000)] } as Partial<AiAnswer>],
  ])('is one whatever the AI says of it: %s', async (_, changes) => {
    product.ai.answer = () => handsOff(changes);
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    const result = await product.resultOf(asked);
    expect(result).toMatchObject({ outcome: 'handed-off' });
    expect(ticketsOf(product, asked.threadId)).toHaveLength(1);
    const comments = commentsOn(product, asked.threadId);
    expect(comments).toHaveLength(1);
    expect(textOf(comments[0])).toMatch(/Reason: (asks for a refund|no reason was given)/);
    expect(toldOn(product, asked.threadId)).toHaveLength(1);
  });

  it('is one whatever an agent says of it', async () => {
    product.ai.answer = () =>
      ({ ...handsOff(), action: 'reply', text: 'Hi', sources: [], confidence: null }) as AiAnswer;
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const text = `/ai handoff ${'They want a refund. '.repeat(1_000)}`;
    const { messageId } = product.simulator.agentComments(asked.threadId, { actorId: AGENT_ID, text });
    const command = `command:${PORTAL_ID}:${asked.threadId}-${messageId}`;
    expect(await product.resultOfRun(command)).toMatchObject({ outcome: 'followed' });
    expect(ticketsOf(product, asked.threadId)).toHaveLength(1);
  });

  it('makes a ticket with the conversation in it, tells agents and the customer, and releases the thread', async () => {
    const { simulator } = product;
    const asked = simulator.customerWrites({
      channel: 'email',
      email: 'kim@example.org',
      name: 'Kim Lee',
      text: 'Refund!',
    });
    const result = await product.resultOf(asked);
    const [comment, ...others] = commentsOn(product, asked.threadId);
    expect(result).toEqual({ outcome: 'handed-off', reason: 'asks for a refund', postedMessageId: comment?.id });
    expect(others).toEqual([]);

    const [ticket, ...second] = ticketsOf(product, asked.threadId);
    expect(second).toEqual([]);
    expect(ticket?.properties).toMatchObject({ hs_pipeline: '0', hs_pipeline_stage: '1' });
    expect(ticket?.properties.subject).toContain(asked.threadId);
    expect(ticket?.properties.content).toMatch(
      /Handed over by the AI: asks for a refund[\s\S]*Customer \(Kim Lee\): Refund!/,
    );
    const [contact] = [...simulator.contacts()].filter(([, { email }]) => email === 'kim@example.org');
    expect(contact?.[1]).toMatchObject({ firstname: 'Kim', lastname: 'Lee' });
    expect(ticket?.contactIds).toEqual([contact?.[0]]);

    expect(textOf(comment)).toMatch(new RegExp(`^${HANDOFF_MARKER}\\n\\nReason: asks for a refund`));
    expect(textOf(comment)).toContain(`https://app.hubspot.com/contacts/${PORTAL_ID}/ticket/${ticket?.id}`);
    expect(toldOn(product, asked.threadId).map(textOf)).toEqual([expect.stringContaining('passed it on to our team')]);
    expect(simulator.thread(asked.threadId).assignedTo).toBeUndefined();
    expect(await handoffOf(product, asked)).toMatchObject({ ticketId: ticket?.id, owner: null });
    expect(await attributesOf(product.workflowIdOf(asked))).toMatchObject({ HubSpotTicketId: ticket?.id });
  });

  it.each([
    ['Lee, Kim', { firstname: 'Kim', lastname: 'Lee' }],
    ['"van der Berg, Sam"', { firstname: 'Sam', lastname: 'van der Berg' }],
    ['Lee, Kim (Example Ltd)', { firstname: 'Kim', lastname: 'Lee' }],
    ['Example, Inc.', { lastname: 'Example Inc.' }],
    ['Lee，Kim', { firstname: 'Kim', lastname: 'Lee' }],
  ])('makes no contact with a comma in its name: %s', async (name, expected) => {
    const { simulator } = product;
    const email = `${uniqueName('kim')}@example.org`;
    await product.resultOf(simulator.customerWrites({ channel: 'email', email, name, text: 'Refund!' }));
    const made = [...simulator.contacts().values()].find((contact) => contact.email === email);
    expect(made).toMatchObject(expected);
    expect(Object.values(made ?? {}).join(' ')).not.toMatch(/[,，]/);
  });

  it('keeps the AI silent until an agent gives the thread back', async () => {
    const { simulator } = product;
    const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    await product.resultOf({ threadId, messageId: simulator.messages(threadId)[0]?.id ?? '' });
    simulator.assign(threadId, AI_ACTOR_ID);
    await simulator.settle();
    product.ai.answer = () => handsOff({ reason: 'again' });
    const again = simulator.customerWrites({ threadId, text: 'Hello?' });
    expect(await product.resultOf(again)).toMatchObject({ outcome: 'handed-off', reason: 'again' });
    expect(ticketsOf(product, threadId)).toHaveLength(1);
    expect(toldOn(product, threadId)).toHaveLength(2);
    const later = simulator.customerWrites({ threadId, text: 'Well?' });
    expect(await product.resultOf(later)).toMatchObject({ outcome: 'skipped' });
  });

  it('brings over what the session knows, and drops what the ticket doesn’t take', async () => {
    const { simulator } = product;
    const ticketId = simulator.createTicket();
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi', ticketId, channel: 'chat' });
    await product.resultOf({ threadId, messageId });
    simulator.setTicketProperty(ticketId, 'plan', 'pro');
    simulator.setTicketProperty(ticketId, 'mood', 'bad');
    await simulator.settle();
    while (!(await isSynced(threadId))) await new Promise((resolve) => setTimeout(resolve, 100));
    const workflowId = uniqueName('handoff');
    await temporal.client.workflow.start('handOff', {
      workflowId,
      taskQueue: product.taskQueue,
      args: [{ portalId: PORTAL_ID, threadId, messageId, reason: 'by hand' }],
    });
    expect(await product.resultOfRun<HandOffResult>(workflowId)).toMatchObject({ outcome: 'handed-off', ticketId });
    expect(simulator.ticketProperties(ticketId)).toMatchObject({ hs_resolution: 'pro' });
    expect(await attributesOf(workflowId)).toMatchObject({ NeedsAttention: 'handoff-incomplete' });
  });

  it('goes on without a ticket where HubSpot refuses one, and says so', async () => {
    const { simulator } = product;
    simulator.faults.add({ kind: 'status', status: 403, match: { route: 'createTicket' } });
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    const { outcome } = await product.resultOf(asked);
    expect(outcome).toBe('handed-off');
    expect(textOf(commentsOn(product, asked.threadId)[0])).toContain('There is no ticket: HubSpot answered 403');
    expect(ticketsOf(product, asked.threadId)).toEqual([]);
    const handoff = `handoff:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`;
    expect(await attributesOf(handoff)).toMatchObject({ NeedsAttention: 'handoff-incomplete' });
  });

  it.each(['reset-after', 'commit-then-fail'] as const)(
    'makes one ticket though the answer to it is lost (%s)',
    async (kind) => {
      const { simulator } = product;
      simulator.behaviour.searchLagMs = 60_000;
      simulator.faults.add({ kind, match: { route: 'createTicket' } });
      const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
      expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
      expect(ticketsOf(product, asked.threadId)).toHaveLength(1);
      expect(
        simulator.ledger.filter(
          ({ route, path, body }) => route === 'createTicket' && path && JSON.stringify(body).includes(asked.threadId),
        ),
      ).toHaveLength(1);
      simulator.behaviour.searchLagMs = 0;
    },
  );

  it('keeps the owner where a person has taken the thread meanwhile, and decides again', async () => {
    const { simulator } = product;
    product.ai.answer = ({ threadId }) => {
      simulator.assign(threadId, AGENT_ID);
      return handsOff();
    };
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    expect(await product.resultOf(asked)).toEqual({ outcome: 'skipped', reason: 'owned-by-human' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });
});

describe('a handoff with rules', () => {
  it('goes to the agent whom the rules name, and by the ticket’s own key', async () => {
    const { simulator } = assigning;
    assigning.ai.answer = () => handsOff({ language: 'de-AT' });
    const german = simulator.customerWrites({ channel: 'email', text: 'Geld zurück!' });
    await assigning.resultOf(german);
    expect(simulator.thread(german.threadId).assignedTo).toBe('A-2');
    const [ticket] = ticketsOf(assigning, german.threadId);
    expect(ticket?.properties.threadkeeper_key).toBe(`${PORTAL_ID}-${german.threadId}`);
  });

  it('is escalated once where nobody comes', async () => {
    const { simulator } = assigning;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    await assigning.resultOf(asked);
    const watch = `pick-up:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`;
    expect(await assigning.resultOfRun(watch)).toMatchObject({ outcome: 'escalated' });
    expect(simulator.thread(asked.threadId).assignedTo).toBe('A-99');
    expect(ticketsOf(assigning, asked.threadId)[0]?.properties).toMatchObject({
      hs_ticket_priority: 'HIGH',
      hubspot_owner_id: ownerIdOf(99),
    });
    expect(commentsOn(assigning, asked.threadId).map(textOf)).toContainEqual(
      expect.stringContaining('The customer still waits'),
    );
    expect(await attributesOf(watch)).toMatchObject({ NeedsAttention: 'not-picked-up' });
  });

  it('is left alone where an agent has answered', async () => {
    const { simulator } = assigning;
    const asked = simulator.customerWrites({ channel: 'chat', text: 'Refund!' });
    const { threadId } = asked;
    // As soon as the thread is theirs: nobody is waited for long here.
    const done = simulator.on(() => {
      if (simulator.thread(threadId).assignedTo !== 'A-1') return;
      done();
      simulator.agentWrites(threadId, { actorId: 'A-1', text: 'Hello' });
    });
    await assigning.resultOf(asked);
    expect(await assigning.resultOfRun(`pick-up:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`)).toEqual({
      outcome: 'picked-up',
      reason: 'an agent has answered',
    });
  });

  it('tells no customer at the cap of replies, nor of a reply that did not arrive', async () => {
    const { simulator } = assigning;
    assigning.ai.answer = () => ({ action: 'reply', text: 'Yes.', sources: [], confidence: null, aiSessionId: null });
    simulator.behaviour.undeliverable = 'mailbox full';
    const first = simulator.customerWrites({ channel: 'email', text: 'One' });
    const { postedMessageId } = await assigning.resultOf(first);
    const sent = `message:${PORTAL_ID}:${first.threadId}-${postedMessageId}`;
    expect(await assigning.resultOfRun<CheckDeliveryResult>(sent)).toMatchObject({ outcome: 'handed-off' });
    expect(textOf(commentsOn(assigning, first.threadId)[0])).toContain('could not deliver the reply: mailbox full');
    simulator.behaviour.undeliverable = null;
    await assigning.resultOfRun(`pick-up:${PORTAL_ID}:${first.threadId}-${postedMessageId}`);
    simulator.assign(first.threadId, AI_ACTOR_ID);
    const second = simulator.customerWrites({ threadId: first.threadId, text: 'Two' });
    expect(await assigning.resultOf(second)).toMatchObject({ outcome: 'handed-off' });
    expect(toldOn(assigning, first.threadId).map(textOf)).toEqual(['Yes.']);
    expect(ticketsOf(assigning, first.threadId)).toHaveLength(1);
  });
});

const isSynced = async (threadId: string): Promise<boolean> => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const runs = temporal.client.workflow.list({
    query:
      `WorkflowType = 'syncTicketProperty' AND TaskQueue = '${product.taskQueue}' AND ExecutionStatus = ` +
      "'Completed'",
  });
  let done = 0;
  for await (const _ of runs) done += 1;
  return done >= 2 && threadId !== '';
};

describe('what a support lead sees of it', () => {
  const since = Date.now() - 60_000;
  const waiting = async (threadId: string) => {
    const { longest } = await product.sessions.waitingCustomers(since, 1_000);
    return longest.filter((one) => one.threadId === threadId);
  };

  it('is the outcome, the question, and a customer who waits until an agent writes', async () => {
    const nearest = { title: 'Returns', path: 'returns.md' };
    product.ai.answer = () => handsOff({ cause: 'no-answer', nearest, language: 'en' });
    const { simulator } = product;
    const asked = simulator.customerWrites({
      channel: 'email',
      email: 'vera@example.net',
      text: 'Do you ship to Mars?',
    });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off' });
    expect(await waiting(asked.threadId)).toMatchObject([{ channel: 'email', cause: 'no-answer' }]);
    const gaps = await product.sessions.gaps(since, 1_000);
    expect(gaps.filter(({ threadId }) => threadId === asked.threadId)).toMatchObject([
      { question: 'Do you ship to Mars?', nearest, language: 'en' },
    ]);
    const counts = await product.sessions.conversationCounts({ since, now: Date.now(), resolvedAfterMs: 60_000 });
    expect(counts).toContainEqual(
      expect.objectContaining({ channel: 'email', language: 'en', outcome: 'handed-off', reason: 'no-answer' }),
    );
    const written = simulator.agentWrites(asked.threadId, { actorId: AGENT_ID, text: 'Not yet.' });
    await product.resultOf(written);
    expect(await waiting(asked.threadId)).toEqual([]);
  });
});
