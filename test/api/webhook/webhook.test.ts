import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Api,
  deliver,
  LAST,
  messages,
  newMessage,
  PUBLIC_URL,
  portal,
  portalId,
  post,
  rawPost,
  SECRET,
  sendRaw,
  signedHeaders,
  startApi,
  ticketChange,
  v1Headers,
} from '../support.ts';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

/** Starts the API anew, set up differently. */
const restart = async (...options: Parameters<typeof startApi>) => {
  await api.close();
  api = await startApi(...options);
};

const BODY = JSON.stringify([newMessage()]);
const ACCEPTED = { accepted: 1, duplicate: 0, ignored: 0, rejected: [] };
const NONE = { accepted: 0, duplicate: 0, ignored: 0, rejected: [] };

const expectNoEffect = () => expect(api.starter.runs.size).toBe(0);

describe('a signed delivery', () => {
  it('is acknowledged with the counts and nothing else', async () => {
    const { status, body, headers } = await deliver(api, [newMessage()]);
    expect([status, body]).toEqual([200, ACCEPTED]);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it('starts the run that its event asks for', async () => {
    await deliver(api, [newMessage()]);
    expect([...api.starter.runs.values()]).toEqual([
      {
        type: 'replyToMessage',
        workflowId: 'message:1:10-m1',
        input: { portalId: '1', threadId: '10', messageId: 'm1' },
      },
    ]);
  });

  it('counts each of its events once', async () => {
    const events = [
      newMessage(),
      newMessage({ attemptNumber: 1 }),
      newMessage({ messageType: 'COMMENT', messageId: 'm2' }),
      newMessage({ portalId: 99 }),
      { subscriptionType: 'contact.creation' },
      ticketChange(),
      ticketChange({ propertyValue: '' }),
      newMessage({ objectId: 'x' }),
      null,
    ];
    const { body } = await deliver(api, events);
    expect(body).toEqual({
      accepted: 3,
      duplicate: 1,
      ignored: 3,
      rejected: [
        { index: 7, reason: 'bad-objectId' },
        { index: 8, reason: 'not-an-object' },
      ],
    });
    expect(await api.counted('threadkeeper_webhook_events_total')).toEqual({
      'fate=accepted': 3,
      'fate=duplicate': 1,
      'fate=ignored reason=unknown-portal': 1,
      'fate=ignored reason=unsupported-type': 1,
      'fate=ignored reason=empty-value': 1,
      'fate=rejected reason=bad-objectId': 1,
      'fate=rejected reason=not-an-object': 1,
    });
    expect(await api.counted('threadkeeper_run_starts_total')).toEqual({
      'type=replyToMessage result=started': 1,
      'type=followCommand result=started': 1,
      'type=syncTicketProperty result=started': 1,
    });
  });

  it('may be empty', async () => {
    expect(await deliver(api, [])).toMatchObject({ status: 200, body: NONE });
    expectNoEffect();
  });

  it('loses none of 99 good events to a poisonous one', async () => {
    const { status, body } = await deliver(api, messages(99).toSpliced(40, 0, newMessage({ messageId: '\0' })));
    expect([status, body]).toEqual([
      200,
      { ...NONE, accepted: 99, rejected: [{ index: 40, reason: 'bad-messageId' }] },
    ]);
  });

  it('of more than ten starts is taken by one dispatch run', async () => {
    expect((await deliver(api, messages(11))).body).toEqual({ ...NONE, accepted: 11 });
    expect([...api.starter.runs.keys()]).toEqual([expect.stringMatching(/^delivery:[0-9a-f]{64}$/)]);
  });

  it('of more events than HubSpot promises is not cut', async () => {
    expect((await deliver(api, messages(1000))).body).toEqual({ ...NONE, accepted: 1000 });
    expect([...api.starter.runs.values()].flat()).toHaveLength(1000);
  });

  it.each([
    ['one more', () => JSON.stringify(messages(1001))],
    ['8 MiB of numbers', () => `[${'1,'.repeat(4 * 1024 * 1024 - 2)}1]`],
  ])('of more than 1,000 events, %s, is refused whole', async (_what, body) => {
    const answer = await post(api.webhook, body());
    expect([answer.status, answer.body]).toEqual([
      413,
      {
        error: 'too-many-events',
        message: 'Send at most 1,000 events in one request (HubSpot sends up to 100): nothing of it was taken.',
      },
    ]);
    expectNoEffect();
  });

  it('lists the first 100 events that make no sense, and says how many there are', async () => {
    const listed = (count: number) => Array.from({ length: count }, (_, index) => ({ index, reason: 'not-an-object' }));
    expect((await deliver(api, Array(100).fill(1))).body).toEqual({ ...NONE, rejected: listed(100) });
    expect((await deliver(api, Array(101).fill(1))).body).toEqual({
      ...NONE,
      rejected: listed(100),
      rejectedCount: 101,
    });
  });

  it.each([
    ['beginning with a byte order mark', Buffer.from(`\ufeff${BODY}`)],
    [
      'with bytes that are no UTF-8',
      Buffer.concat([Buffer.from('['), Buffer.from('{"x":"\xff"},', 'latin1'), Buffer.from(BODY.slice(1))]),
    ],
  ])('%s is verified over its raw bytes', async (_what, bytes) => {
    expect(await post(api.webhook, bytes)).toMatchObject({ status: 200, body: { accepted: 1 } });
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF8"'])('may come as %s', async (type) => {
    expect((await post(api.webhook, BODY, { ...signedHeaders(BODY), 'content-type': type })).status).toBe(200);
  });

  it('may come without a length, in chunks', async () => {
    const whole = rawPost(BODY, { ...signedHeaders(BODY), ...LAST });
    const head = whole.slice(0, -BODY.length).replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
    const answer = await sendRaw(api.url, head, `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('an event that comes again', () => {
  const DUPLICATE = { ...NONE, duplicate: 1 };

  it('in a replay of the whole request has no new effect', async () => {
    const headers = signedHeaders(BODY);
    expect((await post(api.webhook, BODY, headers)).body).toEqual(ACCEPTED);
    expect((await post(api.webhook, BODY, headers)).body).toEqual(DUPLICATE);
  });

  it('in another delivery, as another attempt, is a duplicate', async () => {
    await deliver(api, [newMessage()]);
    const { body } = await deliver(api, [ticketChange(), newMessage({ attemptNumber: 2, eventId: 5 })]);
    expect(body).toEqual({ ...NONE, accepted: 1, duplicate: 1 });
  });

  it('a hundred times at once runs once', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(api, [newMessage(), ticketChange()])));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(answers.reduce((sum, { body }) => sum + (body as typeof NONE).accepted, 0)).toBe(2);
    expect(api.starter.runs.size).toBe(2);
  });

  it('after the caller hung up before the answer runs once', async () => {
    const socket = createConnection(Number(new URL(api.url).port), '127.0.0.1');
    const hungUp = new Promise((resolve) => socket.once('close', resolve));
    api.starter.before = async () => {
      socket.destroy();
      await hungUp;
    };
    socket.write(rawPost(BODY));
    await hungUp;
    api.starter.before = async () => {};
    await new Promise(setImmediate);
    expect((await deliver(api, [newMessage()])).body).toEqual(DUPLICATE);
  });
});

describe('nothing is acknowledged that is not durable', () => {
  const NOT_DURABLE = {
    error: 'not-durable',
    message: 'Temporal took not every event in time: send the delivery again, none of it will run twice.',
  };
  const unavailable = () => Promise.reject(new Error('14 UNAVAILABLE'));

  it.each([
    ['down', '14 UNAVAILABLE'],
    ['over its limits', '8 RESOURCE_EXHAUSTED'],
    ['too slow', '4 DEADLINE_EXCEEDED'],
  ])('Temporal being %s is a 503 that asks for a redelivery, which then loses nothing', async (_what, error) => {
    api.starter.before = () => Promise.reject(new Error(error));
    const refused = await deliver(api, messages(5));
    expect([refused.status, refused.body, refused.headers.get('retry-after')]).toEqual([503, NOT_DURABLE, '10']);
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ 'reason=not-durable': 1 });
    expect(await api.counted('threadkeeper_webhook_events_total')).toEqual({});
    expect(await api.counted('threadkeeper_run_starts_total')).toEqual({ 'type=replyToMessage result=failed': 5 });

    api.starter.before = async () => {};
    expect((await deliver(api, messages(5))).body).toEqual({ ...NONE, accepted: 5 });
  });

  it('a start that fails among others is a 503 for all, and the redelivery completes the rest', async () => {
    let starts = 0;
    api.starter.before = async () => {
      starts += 1;
      if (starts === 3) await unavailable();
    };
    expect((await deliver(api, messages(5))).status).toBe(503);
    expect(api.starter.runs.size).toBe(4);
    expect((await deliver(api, messages(5))).body).toEqual({ ...NONE, accepted: 1, duplicate: 4 });
  });

  it('a dispatch that fails is a 503', async () => {
    api.starter.before = unavailable;
    expect((await deliver(api, messages(11))).status).toBe(503);
  });

  it('a start that takes too long is a 503 long before HubSpot hangs up, and was perhaps made', async () => {
    await restart({ startDeadlineMs: 20 });
    let goOn: () => void = () => {};
    api.starter.before = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    const { status, headers } = await deliver(api, [newMessage()]);
    expect([status, headers.get('retry-after')]).toEqual([503, '10']);
    goOn();
    api.starter.before = async () => {};
    expect((await deliver(api, [newMessage()])).body).toEqual({ ...NONE, duplicate: 1 });
  });
});

describe('a signature that is refused', () => {
  const WRONG = signedHeaders('something else');
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(signedHeaders(BODY)).filter(([name]) => !names.includes(name)));

  it.each([
    ['is missing', 'signature-missing', () => without('x-hubspot-signature-v3')],
    ['has no time', 'signature-malformed', () => without('x-hubspot-request-timestamp')],
    ['is truncated', 'signature-malformed', () => ({ ...WRONG, 'x-hubspot-signature-v3': 'abc=' })],
    ['is wrong', 'signature-mismatch', () => WRONG],
    ['is old', 'signature-stale', () => signedHeaders(BODY, { now: Date.now() - 302_000 })],
    ['is of the future', 'signature-future', () => signedHeaders(BODY, { now: Date.now() + 302_000 })],
    ['is for another URL', 'signature-mismatch', () => signedHeaders(BODY, { url: api.webhook })],
    ['is by a stranger', 'signature-mismatch', () => signedHeaders(BODY, { secret: 'pat-token' })],
    ['is an old version', 'signature-unsupported-version', () => v1Headers(BODY)],
  ])('because it %s is a 401 without effect, counted by its reason', async (_what, code, headers) => {
    const answer = await post(api.webhook, BODY, headers());
    expect([answer.status, answer.body]).toEqual([401, { error: code, message: expect.any(String) }]);
    expectNoEffect();
    expect(await api.counted('threadkeeper_http_refusals_total')).toEqual({ [`reason=${code}`]: 1 });
  });

  it('because its header came twice is a 401', async () => {
    const headers = Object.entries({ ...signedHeaders(BODY), ...LAST });
    const [signature] = headers.filter(([name]) => name === 'x-hubspot-signature-v3');
    const answer = await sendRaw(api.url, rawPost(BODY, signature ? [...headers, signature] : []));
    expect(answer).toMatch(/^HTTP\/1\.1 401 [\s\S]*signature-malformed/);
    expectNoEffect();
  });

  it('is judged before the body is looked at', async () => {
    expect((await post(api.webhook, 'no JSON', WRONG)).status).toBe(401);
  });

  it('says nothing of the secret or of what would have been right', async () => {
    const { body } = await post(api.webhook, BODY, WRONG);
    const told = JSON.stringify(body) + api.logged.join('');
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain(signedHeaders(BODY)['x-hubspot-signature-v3']);
  });

  it('does not spoil the next request on its connection', async () => {
    const answers = await sendRaw(api.url, rawPost(BODY, WRONG) + rawPost(BODY, { ...signedHeaders(BODY), ...LAST }));
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
    expect(api.starter.runs.size).toBe(1);
  });
});

describe('a signature that is taken', () => {
  it('is v1 where the configuration says so', async () => {
    await restart({ settings: { allowSignatureV1: true } });
    expect((await post(api.webhook, BODY, v1Headers(BODY))).body).toEqual(ACCEPTED);
  });

  it('is never v1 beside a wrong v3', async () => {
    await restart({ settings: { allowSignatureV1: true } });
    const headers = { ...v1Headers(BODY), ...signedHeaders('something else') };
    expect((await post(api.webhook, BODY, headers)).status).toBe(401);
  });

  it('is for the configured URL, whatever a proxy says', async () => {
    const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', host: 'evil.example' };
    expect((await post(api.webhook, BODY, { ...signedHeaders(BODY), ...forwarded })).status).toBe(200);
    const forged = signedHeaders(BODY, { url: 'http://evil.example/webhooks/hubspot' });
    expect((await post(api.webhook, BODY, { ...forged, ...forwarded })).status).toBe(401);
  });

  it('speaks only for the portals of its secret', async () => {
    const secrets = [
      { secret: 'one', portalIds: [portalId('1')] },
      { secret: 'two', portalIds: [portalId('2')] },
    ];
    await restart({ settings: { secrets, portals: [portal('1'), portal('2')] } });
    const both = JSON.stringify([newMessage(), newMessage({ portalId: 2 })]);
    expect((await post(api.webhook, both, signedHeaders(both, { secret: 'two' }))).body).toEqual({
      ...ACCEPTED,
      ignored: 1,
    });
    expect([...api.starter.runs.keys()]).toEqual(['message:2:10-m1']);
  });

  it('is judged by the clock that the app was given', async () => {
    await restart({ clock: () => 1_000_000 });
    expect((await post(api.webhook, BODY, signedHeaders(BODY, { now: 1_000_000 }))).status).toBe(200);
  });
});

describe('a body that is refused', () => {
  it.each([
    ['nothing', ''],
    ['broken JSON', '[{'],
    ['an object', '{}'],
    ['null', 'null'],
    ['a number', '3'],
  ])('because it is %s is a 400, though signed', async (_what, body) => {
    const answer = await post(api.webhook, body);
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'not-an-array', message: 'Send the events as a JSON array.' },
    ]);
    expectNoEffect();
  });

  it('because there is none at all is a 400', async () => {
    const whole = rawPost('', { ...signedHeaders(''), ...LAST });
    const answer = await sendRaw(api.url, whole.replace('Content-Length: 0\r\n', ''));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/jsonp'],
    ['application/json; charset=latin1'],
    ['application/json; charset=utf-16'],
    ['nonsense'],
    [''],
  ])('because it is said to be "%s" is a 415', async (type) => {
    const answer = await post(api.webhook, BODY, { ...signedHeaders(BODY), 'content-type': type });
    expect([answer.status, answer.body]).toMatchObject([415, { error: 'unsupported-media-type' }]);
    expectNoEffect();
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['gzip', Buffer.from('no gzip')],
    ['rot13', Buffer.from(BODY)],
  ])('because it is compressed, by %s, is a 415 and never unpacked', async (encoding, bytes) => {
    const headers = { ...signedHeaders(bytes), 'content-encoding': encoding };
    expect((await post(api.webhook, bytes, headers)).status).toBe(415);
    expectNoEffect();
  });

  const atLimit = (bytes: number) => `[{"x":"${'x'.repeat(bytes - 10)}"}]`;

  it('because it is over 8 MiB is a 413', async () => {
    const answer = await post(api.webhook, atLimit(8 * 1024 * 1024 + 1));
    expect([answer.status, answer.body]).toEqual([
      413,
      { error: 'too-large', message: 'Send at most 8 MiB in one request.' },
    ]);
    expect((await post(api.webhook, atLimit(8 * 1024 * 1024))).status).toBe(200);
  });

  it('because it grows over 8 MiB in chunks is a 413', async () => {
    const megabyte = Buffer.alloc(1024 * 1024);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent > 12) controller.close();
        else controller.enqueue(megabyte);
      },
    });
    const init = { method: 'POST', body, headers: signedHeaders(''), duplex: 'half' } as RequestInit;
    expect((await fetch(api.webhook, init)).status).toBe(413);
  });
});

describe('what a caller sends', () => {
  it('never reaches the log but as one line of JSON, and a customer never does', async () => {
    const evil = 'line one\r\n{"level":60,"msg":"forged"} $(x) \u202e';
    await deliver(api, [newMessage({ messageId: evil }), ticketChange({ propertyName: evil, propertyValue: evil })]);
    await post(api.webhook, BODY, { ...signedHeaders(BODY), 'content-type': 'forged/$(x)' });
    expect(api.logged.length).toBeGreaterThan(0);
    for (const line of api.logged) expect(line.trimEnd().split(/[\r\n\u202e]/)).toHaveLength(1);
    expect(api.logged.join('')).not.toContain('forged');
  });

  it('is answered with a status of the contract, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), async (text) => {
        const { status } = await post(api.webhook, text);
        expect([200, 400]).toContain(status);
      }),
      { numRuns: 50 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue(), fc.constant(newMessage()))), async (events) => {
        const { status, body } = await deliver(api, events);
        const { accepted, duplicate, ignored, rejected } = body as typeof NONE;
        expect([status, accepted + duplicate + ignored + rejected.length]).toEqual([200, events.length]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the way to the endpoint', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is not %s', async (method) => {
    const response = await fetch(api.webhook, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.text()).toBe(
      method === 'HEAD'
        ? ''
        : '{"error":"method-not-allowed","message":"Use one of the methods in this answer\'s Allow header."}',
    );
  });

  it.each([
    '/webhooks/hubspot/',
    '//webhooks/hubspot',
    '/WEBHOOKS/hubspot',
    '/webhooks/%2e/hubspot',
    '/webhooks%2fhubspot',
  ])('is not %s', async (path) => {
    const answer = await sendRaw(api.url, rawPost(BODY, { ...signedHeaders(BODY), ...LAST }, path));
    expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*"error":"not-found"/);
    expectNoEffect();
  });

  it.each([PUBLIC_URL, '/webhooks/hubspot?any=thing'])(
    'may be %s, signed as configured all the same',
    async (target) => {
      const answer = await sendRaw(api.url, rawPost(BODY, { ...signedHeaders(BODY), ...LAST }, target));
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});
