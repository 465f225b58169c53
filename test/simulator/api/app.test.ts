import { describe, expect, it } from '@jest/globals';
import { callApi, createStage, replyTo, THREADS } from '../stage.ts';

const stage = createStage();

describe('a call of the simulated API', () => {
  it('is refused without the right token, in HubSpot’s shape', async () => {
    const simulator = await stage.simulator();
    const answered = await callApi(simulator, 'GET', '/account-info/v3/details', undefined, {
      authorization: 'Bearer stale',
    });
    expect(answered.status).toBe(401);
    expect(answered.body).toMatchObject({ status: 'error', category: 'INVALID_AUTHENTICATION' });
    expect(answered.body.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['GET', `${THREADS}/abc`, undefined, '/params/threadId'],
    ['GET', `${THREADS}?limit=501`, undefined, '/query/limit'],
    ['GET', `${THREADS}?surprise=1`, undefined, '/query/surprise'],
    ['PATCH', `${THREADS}/1`, { status: 'SNOOZED' }, '/body/status'],
    ['POST', `${THREADS}/1/messages`, { type: 'COMMENT', text: 'no attachments' }, '/body/attachments'],
  ])('%s %s is refused when the description says so', async (method, path, body, place) => {
    const simulator = await stage.simulator();
    const answered = await callApi(simulator, method, path, body);
    expect(answered.status).toBe(400);
    expect(answered.body.category).toBe('VALIDATION_ERROR');
    expect(answered.body.errors).toContainEqual(expect.objectContaining({ in: place }));
  });

  it('is refused when its JSON is broken', async () => {
    const simulator = await stage.simulator();
    const answered = await callApi(simulator, 'POST', `${THREADS}/1/messages`, '{"type":');
    expect(answered.status).toBe(400);
    expect(answered.body.category).toBe('VALIDATION_ERROR');
  });

  it('is refused when it brings something else than JSON', async () => {
    const simulator = await stage.simulator();
    const answered = await callApi(simulator, 'POST', `${THREADS}/1/messages`, 'Hello', {
      'content-type': 'text/plain',
    });
    expect(answered.status).toBe(415);
  });

  it('gets 404 for what isn’t there, and 405 for what can’t be done', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    for (const path of ['/no/such/call', `${THREADS}/1`, `${THREADS}/${threadId}/messages/none`]) {
      const answered = await callApi(simulator, 'GET', path);
      expect([path, answered.status, answered.body.category]).toEqual([path, 404, 'OBJECT_NOT_FOUND']);
    }
    expect((await callApi(simulator, 'PUT', `${THREADS}/${threadId}`)).status).toBe(405);
  });

  it('stands in `calls`, and in the ledger when it changed something', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
    await callApi(simulator, 'GET', `${THREADS}/${threadId}?association=TICKET`);
    const posted = await callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, replyTo(simulator, threadId));
    await callApi(
      simulator,
      'POST',
      `${THREADS}/${threadId}/messages`,
      replyTo(simulator, threadId, { channelId: '9' }),
    );
    expect(simulator.calls.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', `${THREADS}/${threadId}?association=TICKET`, 200],
      ['POST', `${THREADS}/${threadId}/messages`, 201],
      ['POST', `${THREADS}/${threadId}/messages`, 400],
    ]);
    expect(simulator.ledger).toEqual([
      expect.objectContaining({ route: 'postMessage', id: posted.body.id, body: replyTo(simulator, threadId) }),
    ]);
  });

  it('answers what the description says, or says loudly that it didn’t', async () => {
    const simulator = await stage.simulator();
    const wrong = { type: 'HOLOGRAM' } as never;
    const { threadId, messageId } = simulator.customerWrites({ text: 'Hi', attachments: [wrong] });
    const answered = await callApi(simulator, 'GET', `${THREADS}/${threadId}/messages/${messageId}`);
    expect(answered.status).toBe(500);
    expect(simulator.contractViolations).toEqual([expect.stringContaining(`/messages/${messageId}`)]);
  });
});

describe('the account', () => {
  it('is the portal of the token', async () => {
    const simulator = await stage.simulator();
    const { body } = await callApi(simulator, 'GET', '/account-info/v3/details');
    expect(body).toMatchObject({ portalId: 62515, timeZone: 'Europe/Dublin' });
  });
});
