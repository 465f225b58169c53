import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { AI, APP_ID, callApi, createStage, replyTo, THREADS } from '../stage.ts';

const stage = createStage();

const post = (simulator: Simulator, threadId: string, body: unknown) =>
  callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, body);

const list = async (simulator: Simulator, threadId: string, query = '') =>
  (await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages${query}`)).body;

describe('a customer’s message', () => {
  it('of a chat comes from a visitor with an address that only the channel understands', async () => {
    const simulator = await stage.simulator();
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi', name: 'Alex' });
    const { body } = await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages/${messageId}`);
    expect(messageId).toMatch(/^[0-9a-f]{32}$/);
    expect(body).toMatchObject({
      type: 'MESSAGE',
      direction: 'INCOMING',
      channelId: '1000',
      client: { clientType: 'HUBSPOT' },
      senders: [{ name: 'Alex', deliveryIdentifier: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID' } }],
    });
    expect(body.senders[0].actorId).toMatch(/^V-\d+$/);
  });

  it('of an email has a subject, an address and a UUID, and its sender is known as an actor', async () => {
    const simulator = await stage.simulator();
    const mail = { channel: 'email', text: 'Hi', subject: 'Help', email: 'alex@example.com', name: 'Alex' } as const;
    const { threadId, messageId } = simulator.customerWrites(mail);
    const { body } = await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages/${messageId}`);
    expect(messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(body).toMatchObject({
      subject: 'Help',
      channelId: '1002',
      senders: [{ senderField: 'FROM', deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: 'alex@example.com' } }],
    });
    const actor = await callApi(simulator, 'GET', `/conversations/v3/conversations/actors/${body.senders[0].actorId}`);
    expect(actor.body).toMatchObject({ type: 'VISITOR', email: 'alex@example.com', name: 'Alex' });
  });

  it('that HubSpot truncated is whole only as its original content', async () => {
    const simulator = await stage.simulator();
    const { threadId, messageId } = simulator.customerWrites({
      channel: 'email',
      text: 'Short. > the whole quote',
      truncatedTo: 'Short.',
    });
    const path = `${THREADS}/${threadId}/messages/${messageId}`;
    expect((await callApi(simulator, 'GET', path)).body).toMatchObject({
      text: 'Short.',
      truncationStatus: 'TRUNCATED_TO_MOST_RECENT_REPLY',
    });
    expect((await callApi(simulator, 'GET', `${path}/original-content`)).body.text).toBe('Short. > the whole quote');
  });
});

describe('what our app posts', () => {
  it('is a message of the agent that it names, written by an integration', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const posted = await post(simulator, threadId, replyTo(simulator, threadId, { subject: 'Re: A question' }));
    expect(posted.status).toBe(201);
    expect(posted.body).toMatchObject({
      type: 'MESSAGE',
      direction: 'OUTGOING',
      createdBy: AI,
      senders: [{ actorId: AI }],
      client: { clientType: 'INTEGRATION', integrationAppId: Number(APP_ID) },
      subject: 'Re: A question',
      recipients: [{ deliveryIdentifier: { value: 'someone@example.com' } }],
      status: { statusType: 'SENT' },
    });
    expect((await list(simulator, threadId)).results.at(-1)).toEqual(posted.body);
  });

  it('is a comment of the app itself, whoever it names, and has no direction', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    const comment = { type: 'COMMENT', text: 'psst', attachments: [], senderActorId: AI };
    const { status, body } = await post(simulator, threadId, comment);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      createdBy: `I-${APP_ID}`,
      senders: [{ actorId: `I-${APP_ID}` }],
      client: { clientType: 'INTEGRATION', integrationAppId: Number(APP_ID) },
    });
    expect(body).not.toHaveProperty('direction');
  });

  it.each([
    ['a visitor as its sender', { senderActorId: 'V-1' }, 'Actor type VISITOR is not supported for sending'],
    [
      'an E- actor as recipient',
      { recipients: [{ actorId: 'E-a@b.c', deliveryIdentifiers: [{ type: 'HS_EMAIL_ADDRESS', value: 'a@b.c' }] }] },
      'Actor type EMAIL is not supported for receiving',
    ],
    [
      'an agent as recipient',
      { recipients: [{ actorId: 'A-1', deliveryIdentifiers: [{ type: 'HS_EMAIL_ADDRESS', value: 'a@b.c' }] }] },
      'Actor type AGENT is not supported for receiving',
    ],
    [
      'an account of another channel',
      { channelAccountId: '211840567' },
      'Channel 1002 has no channel account 211840567',
    ],
    ['an email to nobody', { recipients: [] }, 'An email needs a recipient with an email address'],
  ])('is refused with %s, and leaves nothing', async (_, change, reason) => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const { status, body } = await post(simulator, threadId, replyTo(simulator, threadId, change));
    expect(status).toBe(400);
    expect(body.message).toBe('Multiple errors validating request.');
    expect(body.errors.map(({ message }: { message: string }) => message)).toEqual([reason]);
    expect(simulator.messages(threadId)).toHaveLength(1);
    expect(simulator.ledger).toEqual([]);
  });

  it('can’t be sent on WhatsApp', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'whatsapp' });
    const { status, body } = await post(simulator, threadId, replyTo(simulator, threadId));
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain('WHATSAPP');
  });

  it('names every reason of a refusal at once', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const message = replyTo(simulator, threadId, { senderActorId: 'E-a@b.c', recipients: [] });
    expect((await post(simulator, threadId, message)).body.errors).toHaveLength(2);
  });

  it('loses its HTML comments where the portal sanitises', async () => {
    const simulator = await stage.simulator({ behaviour: { stripHtmlComments: true } });
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const message = replyTo(simulator, threadId, { richText: '<p>Hello</p><!-- a marker -->' });
    expect((await post(simulator, threadId, message)).body.richText).toBe('<p>Hello</p>');
    simulator.behaviour.stripHtmlComments = false;
    expect((await post(simulator, threadId, message)).body.richText).toBe('<p>Hello</p><!-- a marker -->');
  });

  it('may come back truncated itself', async () => {
    const simulator = await stage.simulator({ behaviour: { truncateOutgoingTo: 4 } });
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const { body } = await post(simulator, threadId, replyTo(simulator, threadId, { text: 'Hello there' }));
    expect(body).toMatchObject({ text: 'Hell', truncationStatus: 'TRUNCATED_TO_MOST_RECENT_REPLY' });
    const path = `${THREADS}/${threadId}/messages/${body.id}/original-content`;
    expect((await callApi(simulator, 'GET', path)).body.text).toBe('Hello there');
  });
});

describe('the history', () => {
  it('holds everything that can happen on a thread', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    simulator.botWelcomes(threadId, 'Welcome');
    simulator.assign(threadId, 'A-5');
    simulator.agentWrites(threadId, { text: 'Hello', actorId: 'A-5' });
    simulator.agentComments(threadId, { text: 'a regular', actorId: 'A-5' });
    simulator.agentWrites(threadId, { text: 'beep', actorId: 'B-1' });
    simulator.closeThread(threadId);
    const { results } = await list(simulator, threadId);
    expect(
      results.map(({ type, direction, createdBy }: Record<string, string>) => [type, direction, createdBy]),
    ).toEqual([
      ['MESSAGE', 'INCOMING', expect.stringMatching(/^V-/)],
      ['WELCOME_MESSAGE', undefined, 'S-hubspot'],
      ['ASSIGNMENT', undefined, 'S-hubspot'],
      ['MESSAGE', 'OUTGOING', 'A-5'],
      ['COMMENT', undefined, 'A-5'],
      ['MESSAGE', 'OUTGOING', 'B-1'],
      ['THREAD_STATUS_CHANGE', undefined, 'S-hubspot'],
    ]);
    expect(simulator.contractViolations).toEqual([]);
  });

  it('comes in pages, and the last one has no cursor', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: '1' });
    for (const text of ['2', '3']) simulator.customerWrites({ threadId, text });
    const first = await list(simulator, threadId, '?limit=2');
    const second = await list(simulator, threadId, `?limit=2&after=${first.paging.next.after}`);
    expect([first, second].map(({ results }) => results.map(({ text }: { text: string }) => text))).toEqual([
      ['1', '2'],
      ['3'],
    ]);
    expect(second).not.toHaveProperty('paging');
    expect((await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages?after=bogus`)).status).toBe(400);
  });

  it('may begin with an empty page that leads on', async () => {
    const simulator = await stage.simulator({ behaviour: { emptyFirstPage: true } });
    const { threadId } = simulator.customerWrites({ text: '1' });
    const first = await list(simulator, threadId);
    expect(first.results).toEqual([]);
    expect((await list(simulator, threadId, `?after=${first.paging.next.after}`)).results).toHaveLength(1);
  });

  it('may come newest first', async () => {
    const simulator = await stage.simulator({ behaviour: { newestFirst: true } });
    const { threadId } = simulator.customerWrites({ text: '1' });
    simulator.customerWrites({ threadId, text: '2' });
    const { results } = await list(simulator, threadId);
    expect(results.map(({ text }: { text: string }) => text)).toEqual(['2', '1']);
  });

  it('may lag behind: a young message is neither found nor listed', async () => {
    const simulator = await stage.simulator({ behaviour: { readLagMs: 60_000 } });
    const { threadId, messageId } = simulator.customerWrites({ text: '1' });
    const path = `${THREADS}/${threadId}/messages/${messageId}`;
    expect((await callApi(simulator, 'GET', path)).status).toBe(404);
    expect((await list(simulator, threadId)).results).toEqual([]);
    simulator.behaviour.readLagMs = 0;
    expect((await callApi(simulator, 'GET', path)).status).toBe(200);
  });
});

describe('channels and their accounts', () => {
  it('are listed and found; an archived account is not', async () => {
    const simulator = await stage.simulator();
    const { body } = await callApi(simulator, 'GET', '/conversations/v3/conversations/channels?limit=3');
    expect(body).toMatchObject({ total: 8, results: [{ id: '1000', name: 'LIVE_CHAT' }, {}, {}] });
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    const id = simulator.thread(threadId).originalChannelAccountId;
    const path = `/conversations/v3/conversations/channel-accounts/${id}`;
    expect((await callApi(simulator, 'GET', path)).body).toMatchObject({ channelId: '1002', authorized: true });
    const listed = async (query = '') => {
      const { body } = await callApi(simulator, 'GET', `/conversations/v3/conversations/channel-accounts${query}`);
      return body.results.map((account: { id: string }) => account.id);
    };
    expect(await listed()).toContain(id);
    expect(await listed('?limit=2')).toHaveLength(2);
    simulator.setChannelAccount(id, { archived: true });
    expect((await callApi(simulator, 'GET', path)).status).toBe(404);
    expect(await listed()).not.toContain(id);
    expect(await listed('?archived=true')).toEqual([id]);
  });
});
