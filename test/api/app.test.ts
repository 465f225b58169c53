import { afterEach, describe, expect, it } from '@jest/globals';
import { type Api, deliver, newMessage, startApi } from './support.ts';

let api: Api;
afterEach(() => api.close());

const get = async (path: string, method = 'GET') => {
  const response = await fetch(api.url + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('GET /healthz', () => {
  it('answers while the process lives, ready or not', async () => {
    api = await startApi({ readiness: () => Promise.reject(new Error('Temporal is away')) });
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });
});

describe('GET /readyz', () => {
  it('answers 200 when runs can be started', async () => {
    api = await startApi();
    expect(await get('/readyz')).toMatchObject({ status: 200, text: '{"status":"ready"}' });
  });

  it.each([
    ['fail', () => Promise.reject(new Error('14 UNAVAILABLE: 10.0.0.1:7233'))],
    ['hang', () => new Promise(() => {})],
  ])('answers 503 and what to do when starts would %s', async (_what, readiness) => {
    api = await startApi({ readiness, readinessDeadlineMs: 20 });
    const { status, text } = await get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      error: 'not-ready',
      message: "Temporal can't take runs now: check that it is up and TEMPORAL_ADDRESS right.",
    });
  });
});

describe('GET /metrics', () => {
  it('is Prometheus text with what happened', async () => {
    api = await startApi();
    await deliver(api, [newMessage()]);
    const { headers, text } = await get('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('threadkeeper_webhook_events_total{fate="accepted",reason=""} 1');
    expect(text).toContain('threadkeeper_webhook_ack_seconds_count{status="200"} 1');
    expect(text).toContain('threadkeeper_run_starts_total{type="replyToMessage",result="started"} 1');
  });

  it('has names of ours only, and no label that a caller could choose', async () => {
    api = await startApi();
    await deliver(api, [{ subscriptionType: 'my.label' }, newMessage({ portalId: 987654 })]);
    await get('/my-path');
    const { text } = await get('/metrics');
    for (const line of text.split('\n').filter(Boolean)) expect(line).toMatch(/^(# \w+ )?threadkeeper_/);
    expect(text).not.toMatch(/my.label|987654|my-path/);
  });
});

describe('a browser that came by https', () => {
  it.each(['/healthz', '/metrics', '/nothing', '/webhooks/hubspot'])(
    'comes by nothing else from %s on',
    async (path) => {
      api = await startApi();
      expect((await get(path)).headers.get('strict-transport-security')).toBe('max-age=31536000');
    },
  );

  it('is said nothing of where the public URL is http', async () => {
    api = await startApi({ settings: { publicUrl: 'http://localhost:3000/webhooks/hubspot' } });
    expect((await get('/healthz')).headers.get('strict-transport-security')).toBeNull();
  });
});

describe('every other request', () => {
  it.each(['/', '/webhooks', '/healthz/', '/..%2f..%2fetc/passwd', '/%zz'])('to %s is a 404', async (path) => {
    api = await startApi();
    expect(await get(path)).toMatchObject({
      status: 404,
      text: '{"error":"not-found","message":"Nothing is here: HubSpot posts to /webhooks/hubspot."}',
    });
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=not-found': 1 });
  });

  it.each(['/healthz', '/readyz', '/metrics'])('with another method to %s is a 405', async (path) => {
    api = await startApi();
    const { status, headers } = await get(path, 'POST');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get(path, 'HEAD')).status).toBe(200);
  });
});

describe('refusals without number', () => {
  it('are each counted, and so many of a code logged', async () => {
    api = await startApi({ refusalsLoggedPerMinute: 3 });
    for (let count = 0; count < 10; count += 1) await get('/nowhere');
    expect((await get('/healthz', 'POST')).status).toBe(405);
    expect(api.logged.map((line) => JSON.parse(line).code)).toEqual([
      'not-found',
      'not-found',
      'not-found',
      'method-not-allowed',
    ]);
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({
      'reason=not-found': 10,
      'reason=method-not-allowed': 1,
    });
  });
});

describe('a fault of our own', () => {
  it('is a 500 that shows no stack, and a log line that does', async () => {
    api = await startApi({
      clock: () => {
        throw new Error('the clock fell down');
      },
    });
    const { status, body } = await deliver(api, [newMessage()]);
    expect([status, body]).toEqual([
      500,
      { error: 'internal', message: 'Something went wrong here: see the log. Sending the request again is safe.' },
    ]);
    expect(JSON.parse(api.logged.at(-1) ?? '')).toMatchObject({
      code: 'internal',
      err: { message: 'the clock fell down', stack: expect.stringContaining('app.test.ts') },
    });
  });
});
