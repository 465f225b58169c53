import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AiRefused, AiUnavailable } from '../../src/ai/errors.ts';
import { createAiBackend } from '../../src/ai/index.ts';
import { createOpenCxBackend } from '../../src/ai/opencx.ts';
import type { MessageId } from '../../src/hubspot/ids.ts';
import { asking, noting } from './request.ts';

interface Call {
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

type Respond = (response: ServerResponse, call: Call) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Respond =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const spoken = (content: string | null, error: unknown = false) => ({
  autopilotResponse: { type: 'text', value: { error, content }, id: 'm-1', mightSolveUserIssue: true },
});
const replying = (content: string) =>
  json(200, { success: true, data: { ...spoken(content), sessionIsHandedOff: false } });

const SECRET_WORDS = 'my cat is called Schnurri';
const KEY = 'ock-only-for-tests';

describe('the OpenCX backend', () => {
  let server: Server;
  let apiUrl: string;
  let calls: Call[];
  let create: Respond;
  let send: Respond;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const call = {
          path: request.url ?? '',
          headers: request.headers,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        };
        calls.push(call);
        (call.path.endsWith('/send') ? send : create)(response, call);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    apiUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}/backend`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  beforeEach(() => {
    calls = [];
    create = json(201, { id: 's-1' });
    send = replying('Two days.');
  });

  const backend = (deadlineMs?: number) =>
    createOpenCxBackend({ apiUrl, apiKey: KEY, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  const failure = async (promise: Promise<unknown>): Promise<AiRefused | AiUnavailable> => {
    const error = await promise.then(
      () => Promise.reject(new Error('it answered')),
      (reason: unknown) => reason,
    );
    if (!(error instanceof AiRefused || error instanceof AiUnavailable)) throw error;
    const everything = `${error.message} ${String(error.cause)}`;
    expect(everything).not.toContain('Schnurri');
    expect(everything).not.toContain(KEY);
    return error;
  };
  const generate = (rest: Parameters<typeof asking>[1] = {}) =>
    backend().generate(asking(SECRET_WORDS, rest), noting());

  it('opens a session, has it remembered, and only then sends the message', async () => {
    const order: string[] = [];
    send = (response, call) => {
      order.push('sent');
      replying('Two days.')(response, call);
    };
    const ai = await createAiBackend({ backend: 'opencx', apiUrl, apiKey: KEY });
    const answer = await ai.generate(
      asking('How long does shipping take?', {
        contact: { name: 'Visitor', email: 'visitor@example.com' },
        customData: { priority: 'HIGH' },
      }),
      { signal: new AbortController().signal, rememberAiSession: async (id) => void order.push(`remembered ${id}`) },
    );
    expect(answer).toEqual({ action: 'reply', text: 'Two days.', sources: [], confidence: null, aiSessionId: 's-1' });
    expect(order).toEqual(['remembered s-1', 'sent']);

    const custom_data = {
      priority: 'HIGH',
      hubspot_portal_id: '62515',
      hubspot_thread_id: '6065362089',
      channel: 'live chat',
    };
    expect(calls.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/backend/chat/sessions', body: { custom_data } },
      {
        path: '/backend/chat/sessions/s-1/send',
        body: {
          sender: 'contact',
          message: { type: 'text', text: 'How long does shipping take?', attachments: [] },
          contact: { name: 'Visitor', email: 'visitor@example.com' },
          custom_data,
        },
      },
    ]);
    expect(calls.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  it('goes on in the session that it had', async () => {
    const context = noting();
    const answer = await backend().generate(asking('And abroad?', { aiSessionId: 'a/b?c' }), context);
    expect(answer.aiSessionId).toBe('a/b?c');
    expect(calls.map(({ path }) => path)).toEqual(['/backend/chat/sessions/a%2Fb%3Fc/send']);
    expect(context.remembered).toEqual([]);
  });

  it('sends a burst as one message, attachments by name, nothing where the contact is unknown', async () => {
    const attachments = [
      { name: 'lamp.jpg', type: 'FILE', messageId: 'm-1' as MessageId },
      { name: null, type: 'LOCATION', messageId: 'm-2' as MessageId },
    ];
    await backend().generate(asking(['Hello', 'It is broken'], { aiSessionId: 's-1', attachments }), noting());
    expect(calls[0]?.body).toMatchObject({
      message: { type: 'text', text: 'Hello\n\nIt is broken\n\n[Attached: lamp.jpg, location]', attachments: [] },
      contact: {},
    });
  });

  it('tells what a mail quotes to a new session only', async () => {
    const said = () => calls.flatMap(({ body }) => (body as { message?: { text: string } }).message?.text ?? []);
    await backend().generate(asking('Where is it?', { quoted: '> Hello' }), noting());
    await backend().generate(asking('And now?', { quoted: '> Hello', aiSessionId: 's-1' }), noting());
    expect(said()).toEqual(['Where is it?\n\n[Quoted below the email]\n> Hello', 'And now?']);
  });

  it.each([
    [
      'the newer shape',
      { success: true, data: { ...spoken(' Two days. '), sessionIsHandedOff: false, resolveArgs: { x: 1 } } },
    ],
    ['the older shape', { success: true, ...spoken('Two days.'), sessionIsHandedOff: false, resolveArgs: null }],
    ['the older shape with an empty data', { success: true, data: null, ...spoken('Two days.') }],
    [
      'unknown fields and nothing optional',
      { autopilotResponse: { value: { content: 'Two days.' }, news: [1] }, more: {} },
    ],
  ])('understands %s', async (_, body) => {
    send = json(200, body);
    expect(await generate()).toMatchObject({ action: 'reply', text: 'Two days.' });
  });

  it.each([
    ['a number', { id: 42 }, '42'],
    ['a wrapped id', { success: true, data: { id: 's-9' } }, 's-9'],
  ])('takes a session id that is %s', async (_, body, id) => {
    create = json(201, body);
    const context = noting();
    expect(await backend().generate(asking('Hi'), context)).toMatchObject({ aiSessionId: id });
    expect(context.remembered).toEqual([id]);
  });

  it.each([
    [
      'OpenCX handed off',
      { success: true, data: { ...spoken('Bye'), sessionIsHandedOff: true } },
      'OpenCX handed the conversation over',
    ],
    [
      'OpenCX handed off and said nothing',
      { success: true, data: { sessionIsHandedOff: true } },
      'OpenCX handed the conversation over',
    ],
    [
      'there is an error in place of an answer',
      { data: spoken(SECRET_WORDS, true) },
      'OpenCX reported an error instead of an answer',
    ],
    ['the error is an object', spoken(null, { code: 'X' }), 'OpenCX reported an error instead of an answer'],
    ['the answer is empty', { data: spoken('  ') }, 'OpenCX had no answer'],
    ['the answer is null', { data: spoken(null) }, 'OpenCX had no answer'],
    ['there is no answer at all', { success: true, data: {} }, 'OpenCX had no answer'],
  ])('hands off when %s', async (_, body, reason) => {
    send = json(200, body);
    const cause = /error/.test(reason) ? 'ai-failed' : /no answer/.test(reason) ? 'no-answer' : 'ai-decided';
    expect(await generate()).toEqual({ action: 'handoff', reason, cause, aiSessionId: 's-1' });
  });

  it.each([401, 403])('refuses for good on %i and names the key', async (status) => {
    create = json(status, { message: SECRET_WORDS });
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AiRefused);
    expect(error.message).toBe(`OpenCX refuses the key (${status}): check OPENCX_API_KEY`);
  });

  it.each([404, 301, 307])('refuses for good on %i at the first call and names the address', async (status) => {
    create = json(status, {}, { location: '/elsewhere' });
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AiRefused);
    expect(error.message).toContain('check OPENCX_API_URL');
    expect(calls).toHaveLength(1);
  });

  it.each([400, 413, 422])('refuses for good on %i', async (status) => {
    send = json(status, { message: SECRET_WORDS });
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AiRefused);
    expect(error.message).toBe(`OpenCX can't take this request (${status})`);
  });

  it.each([408, 409, 425, 429, 500, 502, 503, 504])(
    'is unavailable on %i, and does not try again itself',
    async (status) => {
      send = json(status, { message: SECRET_WORDS });
      const error = await failure(generate({ aiSessionId: 's-1' }));
      expect(error).toBeInstanceOf(AiUnavailable);
      expect(error.message).toBe(`OpenCX can't answer now (${status})`);
      expect((error as AiUnavailable).retryAfterMs).toBeUndefined();
      expect(calls).toHaveLength(1);
    },
  );

  it.each([
    ['7', 7_000, 7_000],
    ['0', 0, 0],
    [new Date(Date.now() + 60_000).toUTCString(), 1_000, 60_000],
    [new Date(Date.now() - 60_000).toUTCString(), undefined, undefined],
    ['999999999', 3_600_000, 3_600_000],
    ['soon', undefined, undefined],
  ])('passes Retry-After "%s" on', async (header, least, most) => {
    send = json(429, {}, { 'retry-after': header });
    const { retryAfterMs } = (await failure(generate())) as AiUnavailable;
    if (least === undefined || most === undefined) expect(retryAfterMs).toBeUndefined();
    else {
      expect(retryAfterMs).toBeGreaterThanOrEqual(least);
      expect(retryAfterMs).toBeLessThanOrEqual(most);
    }
  });

  it('opens a new session, once, when the old one is unknown', async () => {
    send = (response, call) => (call.path.includes('/old/') ? json(404, {}) : replying('Two days.'))(response, call);
    const context = noting();
    const answer = await backend().generate(asking('Hi', { aiSessionId: 'old' }), context);
    expect(answer).toMatchObject({ action: 'reply', aiSessionId: 's-1' });
    expect(context.remembered).toEqual(['s-1']);
    expect(calls.map(({ path }) => path)).toEqual([
      '/backend/chat/sessions/old/send',
      '/backend/chat/sessions',
      '/backend/chat/sessions/s-1/send',
    ]);
  });

  it('is unavailable when even the new session is unknown', async () => {
    send = json(404, {});
    const error = await failure(generate({ aiSessionId: 'old' }));
    expect(error).toBeInstanceOf(AiUnavailable);
    expect(calls).toHaveLength(3);
  });

  it.each<[string, Respond]>([
    ['not JSON', (response) => response.writeHead(200).end(`<html>${SECRET_WORDS}`)],
    ['empty', (response) => response.writeHead(200).end()],
    ['half of it', (response) => response.writeHead(200).end('{"success":true,"da')],
    ['a list', json(200, [SECRET_WORDS])],
    ['another shape', json(200, { data: { autopilotResponse: { value: { content: [SECRET_WORDS] } } } })],
    ['without success', json(200, { success: false, error: { message: SECRET_WORDS } })],
  ])('is unavailable when the answer is %s', async (_, respond) => {
    send = respond;
    expect(await failure(generate())).toBeInstanceOf(AiUnavailable);
  });

  it('is unavailable when a session comes without an id', async () => {
    create = json(201, { success: true });
    const error = await failure(generate());
    expect(error.message).toBe("OpenCX's answer has another shape than known (id)");
  });

  it.each<[string, Respond]>([
    ['never answers', () => undefined],
    ['stops in the middle of its answer', (response) => response.writeHead(200).write('{"success":')],
  ])('gives up at its deadline when OpenCX %s', async (_, respond) => {
    send = respond;
    const error = await failure(backend(50).generate(asking(SECRET_WORDS, { aiSessionId: 's-1' }), noting()));
    expect(error).toBeInstanceOf(AiUnavailable);
    expect(error.message).toBe("OpenCX didn't answer within 50 ms");
  });

  it('is unavailable when the connection is cut', async () => {
    send = (response) => response.destroy();
    const error = await failure(generate());
    expect(error).toBeInstanceOf(AiUnavailable);
    expect(error.message).toMatch(/^OpenCX can't be reached \(\w+\)$/);
  });

  it('is unavailable when nothing listens', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const ai = createOpenCxBackend({ apiUrl: `http://127.0.0.1:${port}`, apiKey: KEY });
    const error = await failure(ai.generate(asking(SECRET_WORDS), noting()));
    expect(error.message).toBe("OpenCX can't be reached (ECONNREFUSED)");
  });

  it("ends with the run's own reason when the run is cancelled", async () => {
    const run = new AbortController();
    const reason = new Error('the run was cancelled');
    send = () => run.abort(reason);
    await expect(backend().generate(asking(SECRET_WORDS), noting(run.signal))).rejects.toBe(reason);
  });

  it('asks nothing when the run is cancelled already', async () => {
    const reason = new Error('the run was cancelled');
    await expect(backend().generate(asking(SECRET_WORDS), noting(AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(calls).toEqual([]);
  });

  it('sends nothing when its session could not be remembered', async () => {
    const broken = { ...noting(), rememberAiSession: () => Promise.reject(new Error('the database is away')) };
    await expect(backend().generate(asking(SECRET_WORDS), broken)).rejects.toThrow('the database is away');
    expect(calls).toHaveLength(1);
  });
});
