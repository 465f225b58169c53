import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { callApi, createStage, replyTo, THREADS, TOKEN } from '../stage.ts';

const stage = createStage();

/** A simulator with one email thread. */
const setTheStage = async () => {
  const simulator = await stage.simulator();
  const { threadId } = simulator.customerWrites({ text: 'Hi', channel: 'email' });
  return { simulator, threadId, path: `${THREADS}/${threadId}` };
};

const reply = (simulator: Simulator, threadId: string) =>
  callApi(simulator, 'POST', `${THREADS}/${threadId}/messages`, replyTo(simulator, threadId));

describe('a fault that strikes before the effect', () => {
  it('is a 429 with a Retry-After', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ match: { route: 'postMessage' }, kind: 'rate-limit', retryAfter: 7 });
    const { status, headers, body } = await reply(simulator, threadId);
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    expect(body).toMatchObject({
      status: 'error',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      message: 'You have reached your ten_secondly_rolling limit.',
    });
    expect(simulator.ledger).toEqual([]);
  });

  it('is a 429 that says nothing of when', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'rate-limit', policy: 'DAILY' });
    const { status, headers, body } = await callApi(simulator, 'GET', path);
    expect([status, headers.get('retry-after'), body.policyName]).toEqual([429, null, 'DAILY']);
  });

  it.each([401, 403, 423, 477, 500, 503])('is a %i in HubSpot’s shape', async (status) => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ kind: 'status', status });
    const answered = await reply(simulator, threadId);
    expect(answered.status).toBe(status);
    expect(answered.body).toMatchObject({ status: 'error', category: expect.any(String) });
    expect(simulator.ledger).toEqual([]);
  });

  it('is a gateway’s page', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'html' });
    const answered = await callApi(simulator, 'GET', path);
    expect(answered.status).toBe(502);
    expect(answered.text).toContain('<h1>502 Bad Gateway</h1>');
  });

  it('is a redirect', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
    expect((await callApi(simulator, 'GET', path)).headers.get('location')).toBe('http://127.0.0.1:9/');
  });

  it('is a connection that breaks', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ kind: 'reset-before' });
    await expect(reply(simulator, threadId)).rejects.toThrow();
    expect(simulator.messages(threadId)).toHaveLength(1);
  });

  it('is silence', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'hang' });
    const signal = AbortSignal.timeout(200);
    const headers = { authorization: `Bearer ${TOKEN}` };
    await expect(fetch(simulator.url + path, { signal, headers })).rejects.toThrow(/aborted/);
    expect(simulator.calls.at(-1)).toMatchObject({ status: null });
  });

  it('is a 404 for the first looks only', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ match: { route: 'getThread' }, kind: 'not-found', times: 2 });
    const statuses = [];
    for (let look = 0; look < 3; look += 1) statuses.push((await callApi(simulator, 'GET', path)).status);
    expect(statuses).toEqual([404, 404, 200]);
  });
});

describe('a fault that strikes after the effect', () => {
  it('is a connection that breaks: the message stands, and the client never heard', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ match: { route: 'postMessage' }, kind: 'reset-after' });
    await expect(reply(simulator, threadId)).rejects.toThrow();
    expect(simulator.messages(threadId)).toHaveLength(2);
    expect(simulator.ledger).toEqual([expect.objectContaining({ id: simulator.messages(threadId)[1]?.id })]);
  });

  it('is half an answer', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ kind: 'half-written' });
    await expect(reply(simulator, threadId)).rejects.toThrow();
    expect(simulator.messages(threadId)).toHaveLength(2);
  });

  it('is a 500 all the same', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ kind: 'commit-then-fail' });
    expect((await reply(simulator, threadId)).status).toBe(500);
    expect(simulator.messages(threadId)).toHaveLength(2);
  });

  it('is an answer that comes late', async () => {
    const { simulator, threadId } = await setTheStage();
    simulator.faults.add({ kind: 'slow', delayMs: 60_000 });
    const answered = reply(simulator, threadId).catch(() => 'gave up');
    await new Promise<void>((resolve) => simulator.on(() => resolve()));
    expect(simulator.messages(threadId)).toHaveLength(2);
    await simulator.close();
    await expect(answered).resolves.toBe('gave up');
  });

  it('is an answer that isn’t what was promised, and counts for no mistake of the simulator', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'rewrite', rewrite: (body) => ({ ...(body as object), status: 'SNOOZED' }) });
    const answered = await callApi(simulator, 'GET', path);
    expect([answered.status, answered.body.status]).toEqual([200, 'SNOOZED']);
    expect(simulator.contractViolations).toEqual([]);
  });
});

describe('which calls a fault meets', () => {
  it('is said by route, method and path, and other calls go through', async () => {
    const { simulator, threadId, path } = await setTheStage();
    simulator.faults.add({ match: { method: 'POST' }, kind: 'status', status: 500 });
    simulator.faults.add({ match: { path: /\/messages\?limit=1$/ }, kind: 'status', status: 503 });
    expect((await callApi(simulator, 'GET', path)).status).toBe(200);
    expect((await callApi(simulator, 'GET', `${path}/messages`)).status).toBe(200);
    expect((await callApi(simulator, 'GET', `${path}/messages?limit=1`)).status).toBe(503);
    expect((await reply(simulator, threadId)).status).toBe(500);
    expect((await reply(simulator, threadId)).status).toBe(201);
  });

  it('leaves the first ones alone where it skips them', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'status', status: 500, skip: 1 });
    const statuses = [];
    for (let look = 0; look < 3; look += 1) statuses.push((await callApi(simulator, 'GET', path)).status);
    expect(statuses).toEqual([200, 500, 200]);
  });

  it('is a matter of chance where it has a probability', async () => {
    const chances = [0.9, 0.1];
    const simulator = await stage.simulator({ random: () => chances.shift() ?? 1 });
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    simulator.faults.add({ kind: 'status', status: 500, times: Number.POSITIVE_INFINITY, probability: 0.5 });
    const statuses = [];
    for (let look = 0; look < 2; look += 1) {
      statuses.push((await callApi(simulator, 'GET', `${THREADS}/${threadId}`)).status);
    }
    expect(statuses).toEqual([200, 500]);
  });

  it('ends when the faults are cleared', async () => {
    const { simulator, path } = await setTheStage();
    simulator.faults.add({ kind: 'status', status: 500, times: Number.POSITIVE_INFINITY });
    expect((await callApi(simulator, 'GET', path)).status).toBe(500);
    simulator.faults.clear();
    expect((await callApi(simulator, 'GET', path)).status).toBe(200);
  });
});
