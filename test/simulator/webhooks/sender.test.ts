import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { AI, APP_ID, assigneePath, callApi, createStage, replyTo, SECRET, THREADS } from '../stage.ts';
import type { Received, Receiver } from '../webhook-receiver.ts';

const stage = createStage();

const setTheStage = async (options: Parameters<typeof stage.simulator>[0] = {}) => {
  const receiver = await stage.receiver();
  const simulator = await stage.simulator({ webhookUrl: receiver.url, ...options });
  return { receiver, simulator };
};

const eventsOf = (receiver: Receiver) => receiver.received.flatMap(({ events }) => events);

const only = (receiver: Receiver): Received => {
  const [first, second] = receiver.received;
  if (!first || second) throw new Error(`${receiver.received.length} requests came, not one.`);
  return first;
};

const writeOften = (simulator: Simulator, count: number): void => {
  for (let index = 0; index < count; index += 1) simulator.customerWrites({ text: `message ${index}` });
};

describe('a webhook', () => {
  it('says that there is a message, in HubSpot’s words, and nothing of what it says', async () => {
    const { receiver, simulator } = await setTheStage();
    const { threadId, messageId } = simulator.customerWrites({ text: 'a secret' });
    await simulator.settle();
    expect(eventsOf(receiver)).toEqual([
      {
        eventId: expect.any(Number),
        subscriptionId: expect.any(Number),
        portalId: 62515,
        appId: Number(APP_ID),
        occurredAt: Date.parse(simulator.messages(threadId)[0]?.createdAt ?? ''),
        subscriptionType: 'conversation.newMessage',
        attemptNumber: 0,
        objectId: Number(threadId),
        messageId,
        messageType: 'MESSAGE',
        changeFlag: 'NEW_MESSAGE',
      },
    ]);
  });

  it('is signed over its exact bytes and the configured URL, in both versions', async () => {
    const { receiver, simulator } = await setTheStage();
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    const { headers, body } = only(receiver);
    const timestamp = headers['x-hubspot-request-timestamp'];
    expect(timestamp).toMatch(/^\d{13}$/);
    expect(headers['x-hubspot-signature-v3']).toBe(
      createHmac('sha256', SECRET).update(`POST${receiver.url}${body}${timestamp}`, 'utf8').digest('base64'),
    );
    expect(headers['x-hubspot-signature-version']).toBe('v1');
    expect(headers['x-hubspot-signature']).toBe(createHash('sha256').update(`${SECRET}${body}`, 'utf8').digest('hex'));
    expect(headers['content-type']).toBe('application/json');
  });

  it('may be delivered to another address than the public one that is signed', async () => {
    const receiver = await stage.receiver();
    const simulator = await stage.simulator();
    simulator.setWebhookUrl('https://app.example.com/webhooks/hubspot', receiver.url);
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    const { headers, body } = only(receiver);
    const signed = `POSThttps://app.example.com/webhooks/hubspot${body}${headers['x-hubspot-request-timestamp']}`;
    expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(signed).digest('base64'));
  });

  it('is not sent where there is no URL', async () => {
    const simulator = await stage.simulator();
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(simulator.deliveries).toEqual([]);
    await expect(simulator.sendEvents([{}])).rejects.toThrow(/no webhook URL/);
  });

  it('tells of what else happens on a thread', async () => {
    const { receiver, simulator } = await setTheStage();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    simulator.agentWrites(threadId, { text: 'Hello', actorId: 'A-5' });
    simulator.agentComments(threadId, { text: 'a regular', actorId: 'A-5' });
    simulator.assign(threadId, 'A-5');
    simulator.assign(threadId, null);
    simulator.closeThread(threadId);
    simulator.archive(threadId);
    await simulator.settle();
    expect(
      eventsOf(receiver).map(({ subscriptionType, messageType, propertyName, propertyValue }) => [
        subscriptionType,
        messageType ?? propertyName,
        propertyValue,
      ]),
    ).toEqual([
      ['conversation.newMessage', 'MESSAGE', undefined],
      ['conversation.newMessage', 'MESSAGE', undefined],
      ['conversation.newMessage', 'COMMENT', undefined],
      ['conversation.propertyChange', 'assignedTo', 'A-5'],
      ['conversation.propertyChange', 'assignedTo', ''],
      ['conversation.propertyChange', 'status', 'CLOSED'],
      ['conversation.deletion', undefined, undefined],
    ]);
  });

  it('may name an owner by bare digits', async () => {
    const { receiver, simulator } = await setTheStage({ behaviour: { bareActorIds: true } });
    const { threadId } = simulator.customerWrites({ text: 'Hi', assignedTo: null });
    await callApi(simulator, 'PUT', assigneePath(threadId), { actorId: AI });
    await simulator.settle();
    expect(eventsOf(receiver)[1]).toMatchObject({ propertyName: 'assignedTo', propertyValue: '777' });
  });
});

describe('the echo of our own post', () => {
  const postReply = (simulator: Simulator, threadId: string) =>
    callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, replyTo(simulator, threadId));

  it('comes as an event like any other', async () => {
    const { receiver, simulator } = await setTheStage();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const { body } = await postReply(simulator, threadId);
    await simulator.settle();
    expect(eventsOf(receiver)[1]).toMatchObject({ messageId: body.id, messageType: 'MESSAGE' });
  });

  it('comes even where the answer was lost', async () => {
    const { receiver, simulator } = await setTheStage();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    simulator.faults.add({ kind: 'reset-after' });
    await expect(postReply(simulator, threadId)).rejects.toThrow();
    await simulator.settle();
    expect(eventsOf(receiver)).toHaveLength(2);
  });

  it('may come before the answer', async () => {
    const { receiver, simulator } = await setTheStage({ behaviour: { echo: 'before-answer' } });
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    await simulator.settle();
    const order: string[] = [];
    receiver.answer = () => {
      order.push('event');
      return 200;
    };
    await postReply(simulator, threadId);
    order.push('answer');
    expect(order).toEqual(['event', 'answer']);
  });

  it('may be switched off', async () => {
    const { receiver, simulator } = await setTheStage({ behaviour: { echo: 'none' } });
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    await postReply(simulator, threadId);
    await simulator.settle();
    expect(eventsOf(receiver)).toHaveLength(1);
  });
});

describe('delivery', () => {
  it('goes in batches of at most 100', async () => {
    const { receiver, simulator } = await setTheStage();
    writeOften(simulator, 230);
    await simulator.settle();
    expect(receiver.received.map(({ events }) => events.length).sort((a, b) => b - a)).toEqual([100, 100, 30]);
  });

  it('has at most ten requests under way', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { batchSize: 1 } });
    let underWay = 0;
    let most = 0;
    let waiting: (() => void)[] = [];
    // Nobody is answered before ten wait, and then late enough for an eleventh to be noticed.
    const tenth = async (): Promise<void> => {
      await sleep(50);
      for (const answer of waiting.splice(0, 10)) answer();
    };
    receiver.answer = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve];
        if (underWay % 10 === 0) void tenth();
      });
      underWay -= 1;
      return 200;
    };
    writeOften(simulator, 30);
    await simulator.settle();
    expect(most).toBe(10);
    expect(receiver.received).toHaveLength(30);
  });

  it('is tried again until it is acknowledged, each time signed anew', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { retryDelaysMs: [20, 20, 20] } });
    const statuses = [503, 401, 204];
    receiver.answer = () => statuses.shift() ?? 200;
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(receiver.received.map(({ events }) => events[0].attemptNumber)).toEqual([0, 1, 2]);
    expect(new Set(eventsOf(receiver).map(({ eventId }) => eventId)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['x-hubspot-request-timestamp'])).size).toBe(3);
    for (const { headers, body } of receiver.received) {
      const signed = `POST${receiver.url}${body}${headers['x-hubspot-request-timestamp']}`;
      expect(headers['x-hubspot-signature-v3']).toBe(createHmac('sha256', SECRET).update(signed).digest('base64'));
    }
    expect(simulator.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
      [0, 503],
      [1, 401],
      [2, 204],
    ]);
  });

  it('is given up after the last attempt', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { retryDelaysMs: [1, 1] } });
    receiver.answer = () => 500;
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(receiver.received).toHaveLength(3);
  });

  it('counts silence as a failure', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { timeoutMs: 500, retryDelaysMs: [1] } });
    receiver.answer = () => {
      if (receiver.received.length === 1) return null;
      simulator.webhook.timeoutMs = 30_000;
      return 200;
    };
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(simulator.deliveries.map(({ status }) => status)).toEqual([null, 200]);
  });

  it('survives an endpoint that isn’t there', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { retryDelaysMs: [] } });
    await receiver.close();
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(simulator.deliveries).toEqual([expect.objectContaining({ status: null })]);
  });

  it('stops at once when the simulator closes', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { retryDelaysMs: [3_600_000] } });
    receiver.answer = () => 500;
    simulator.customerWrites({ text: 'Hi' });
    await new Promise<void>((resolve) => simulator.on(({ kind }) => kind === 'delivery' && resolve()));
    await simulator.close();
    expect(receiver.received).toHaveLength(1);
  });
});

describe('events on their way', () => {
  it('may come twice, as they are or under another eventId', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { duplicate: 'same-event-id' } });
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    simulator.webhook.duplicate = 'new-event-id';
    simulator.customerWrites({ text: 'Hi again' });
    await simulator.settle();
    const [first, again, second, other] = eventsOf(receiver);
    expect(again).toEqual(first);
    expect(other).toEqual({ ...second, eventId: second.eventId + 1 });
  });

  it('may come in any order', async () => {
    const places = [3, 1, 2];
    const { receiver, simulator } = await setTheStage({
      webhook: { shuffle: true },
      random: () => places.shift() ?? 0,
    });
    const written = ['a', 'b', 'c'].map((text) => simulator.customerWrites({ text }).messageId);
    await simulator.settle();
    expect(eventsOf(receiver).map(({ messageId }) => messageId)).toEqual([written[1], written[2], written[0]]);
  });

  it('may carry their ids as strings', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { stringIds: true } });
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(eventsOf(receiver)[0]).toMatchObject({ objectId: threadId, portalId: '62515', appId: APP_ID });
  });

  it('may come with fields and types that nobody has heard of', async () => {
    const { receiver, simulator } = await setTheStage({ webhook: { strangers: true } });
    simulator.customerWrites({ text: 'Hi' });
    await simulator.settle();
    expect(eventsOf(receiver).map(({ subscriptionType }) => subscriptionType)).toEqual([
      'conversation.newMessage',
      'starship.launched',
    ]);
    expect(eventsOf(receiver)[0]).toHaveProperty('warpFactor');
  });
});

describe('raw events', () => {
  it('go out as they are, once, and give the answer', async () => {
    const { receiver, simulator } = await setTheStage();
    const delivery = await simulator.sendEvents([{ anything: 'goes' }]);
    expect(receiver.received[0]?.events).toEqual([{ anything: 'goes' }]);
    expect(delivery).toMatchObject({ status: 200, body: { accepted: 1 }, attempt: 0 });
  });

  it('are signed as asked, rightly or wrongly', async () => {
    const { receiver, simulator } = await setTheStage();
    await simulator.sendEvents([], { sign: 'none' });
    await simulator.sendEvents([], { sign: 'v1' });
    await simulator.sendEvents([], { sign: 'v3', secret: 'another', timestamp: 5, body: '[ ]' });
    const [none, v1, v3] = receiver.received;
    expect(Object.keys(none?.headers ?? {}).filter((name) => name.startsWith('x-hubspot'))).toEqual([]);
    expect(v1?.headers).not.toHaveProperty('x-hubspot-signature-v3');
    expect(v3?.headers).not.toHaveProperty('x-hubspot-signature');
    expect(v3?.headers['x-hubspot-signature-v3']).toBe(
      createHmac('sha256', 'another').update(`POST${receiver.url}[ ]5`).digest('base64'),
    );
  });
});
