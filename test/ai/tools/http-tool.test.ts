import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openToolbox } from '../../../src/ai/tools/index.ts';
import { type Toolbox, ToolUnavailable } from '../../../src/ai/tools/tool.ts';
import { startToolServer, type ToolServer } from '../../support/tool-server.ts';
import { CALLER, once, toolsIn } from './caller.ts';

let server: ToolServer;
let toolbox: Toolbox;
const warned: string[] = [];

const FILE = (url: string) => `
verifiedChannels: [live chat]
tools:
  - name: orderStatus
    description: Where an order is.
    input:
      type: object
      properties: { order: { type: string, maxLength: 200 }, page: { type: integer }, note: { type: string } }
      required: [order]
    url: ${url}/api/orders/{{input.order}}/status
    query: { page: '{{input.page}}', note: 'n: {{input.note}}', portal: '{{portal.id}}' }
    headers: { Authorization: 'Bearer \${env:SHOP_TOKEN}', X-Note: '{{input.note}}' }
    show: [status, items.*.name]
    longest: 200
    timeout: 1s
  - name: myOrders
    description: All orders of the customer.
    url: ${url}/api/orders
    query: { email: '{{contact.email}}' }
    show: all
    longest: 100
  - name: cancelOrder
    description: Cancels an order.
    input:
      type: object
      properties:
        order: { type: string }
        count: { type: integer }
        tags: { type: array, items: { type: string } }
        reason: { type: string }
      required: [order, reason]
    method: POST
    url: ${url}/api/orders/{{input.order}}/cancel
    body:
      reason: '{{input.reason}}'
      said: 'The customer says: {{input.reason}}'
      count: '{{input.count}}'
      tags: '{{input.tags}}'
      fixed: [1, true, null, { by: '{{thread.id}}', key: '\${env:SHOP_TOKEN}' }]
    show: all
    channels: [live chat]
  - name: ofTicket
    description: Of the ticket.
    url: ${url}/tickets/{{ticket.id}}
    show: all
    identity: claimed
`;

beforeAll(async () => {
  server = await startToolServer();
  const parts = { warn: (line: string) => void warned.push(line), signal: new AbortController().signal };
  ({ toolbox } = await openToolbox(toolsIn(FILE(server.url), { SHOP_TOKEN: 'shop-secret' }), parts));
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  warned.length = 0;
  server.answer = () => ({ json: { status: 'shipped' } });
});

const call = (name: string, input: unknown, caller = CALLER) => toolbox.call({ name, input }, caller, once());

describe('a tool that reads', () => {
  it('asks with the input in its places, the secret in a header, and shows the fields that are listed', async () => {
    server.answer = () => ({
      json: { status: 'shipped', secret: 1, items: [{ name: 'Lamp', price: 9 }, { price: 1 }] },
    });
    const outcome = await call('orderStatus', { order: 'a b&c=ü', page: 2, note: 'x&y=1' });
    expect(outcome).toEqual({ ok: true, text: '{"status":"shipped","items":[{"name":"Lamp"}]}' });
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        path: '/api/orders/a%20b%26c%3D%C3%BC/status?page=2&note=n: x%26y%3D1&portal=62515'.replace(' ', '%20'),
        headers: { authorization: 'Bearer shop-secret', 'x-note': 'x&y=1' },
        body: '',
      },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('leaves out what the input has nothing for', async () => {
    await call('orderStatus', { order: '1' });
    expect(server.requests[0]?.path).toBe('/api/orders/1/status?portal=62515');
    expect(server.requests[0]?.headers).not.toHaveProperty('x-note');
  });

  it.each([
    ['..'],
    ['../x'],
    ['a/../b'],
    ['a/b'],
    ['a\\b'],
    ['a?b'],
    ['a#b'],
    ['%2f'],
    ['%2e%2e'],
    ['a;b'],
    [''],
    ['  '],
    ['.'],
    ['a\r\nb'],
    ['a\tb'],
    ['．．'],
    ['a／b'],
    ['\ud800'],
    ['//evil.example'],
    ['@evil.example/'],
    ['1%0d%0aX: 1'],
  ])('calls nothing where %j would be part of the address', async (order) => {
    expect(await call('orderStatus', { order })).toEqual({ ok: false, why: "order can't be part of an address" });
    expect(toolbox.preview({ name: 'orderStatus', input: { order } }, CALLER)).toBeNull();
    expect(server.requests).toEqual([]);
  });

  it.each([['a\r\nX-Other: 1'], ['ü'], [' a'], ['a\tb\n']])(
    'calls nothing where %j would be in a header',
    async (note) => {
      const outcome = await call('orderStatus', { order: '1', note });
      expect(outcome).toMatchObject({ ok: false });
      expect(server.requests).toEqual([]);
    },
  );

  it.each([
    ['no input', undefined, 'the input must be an object'],
    ['a list', [], 'the input must be an object'],
    ['a field that there is not', { order: '1', email: 'eve@mail.example' }, 'the input has a field that there is not'],
    [
      'a field named as what we fill in',
      { order: '1', 'contact.email': 'x' },
      'the input has a field that there is not',
    ],
    ['none that it needs', {}, 'the input lacks order'],
    ['another type', { order: 1 }, 'order must be of type string'],
    ['fields where a text has to be', { order: { a: 1 } }, 'order must be of type string'],
    ['too much of it', { order: 'x', note: 'x'.repeat(5_000) }, 'the input is longer than 4000 characters'],
  ])('says what is wrong with an input: %s', async (_, input, why) => {
    expect(await call('orderStatus', input)).toEqual({ ok: false, why });
    expect(server.requests).toEqual([]);
  });

  it('survives an input that is nested without an end', async () => {
    let input: unknown = 'x';
    for (let depth = 0; depth < 50_000; depth += 1) input = [input];
    expect(await call('orderStatus', { order: input })).toMatchObject({ ok: false });
    expect(toolbox.preview({ name: 'orderStatus', input: { order: input } }, CALLER)).toBeNull();
  });

  it.each([
    [404, 'its system has nothing of the kind (404)', 0],
    [400, 'its system refuses the call (400)', 0],
    [401, 'its system refuses the credentials (401)', 1],
    [302, 'its system leads elsewhere, where no call follows (302)', 1],
  ])('gives a word for %i, and an operator what is theirs', async (status, why, lines) => {
    server.answer = () => ({ status, headers: { location: 'http://127.0.0.1:1/' }, json: { customer: 'words' } });
    expect(await call('orderStatus', { order: '12345' })).toEqual({ ok: false, why });
    expect(warned).toHaveLength(lines);
    expect(warned.join()).not.toMatch(/12345|words|secret/);
    expect(server.requests).toHaveLength(1);
  });

  it('is worth another try on 429, with the time that its system asks for, on 5xx and where nobody listens', async () => {
    server.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    const limited = await call('orderStatus', { order: '1' }).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(ToolUnavailable);
    expect(limited).toMatchObject({ retryAfterMs: 7_000 });
    server.answer = () => ({ status: 503, json: { customer: 'words' } });
    const down = await call('orderStatus', { order: '12345' }).catch((error: unknown) => error);
    expect(down).toMatchObject({
      retryAfterMs: null,
      message: "The tool orderStatus: its system can't answer now (503)",
    });
    server.answer = () => 'hang';
    await expect(call('orderStatus', { order: '12345' })).rejects.toThrow(
      'The tool orderStatus: no answer within 1000 ms',
    );
  });

  it('ends with its signal, and says so by its reason', async () => {
    const controller = new AbortController();
    server.answer = () => {
      controller.abort(new Error('the customer has gone'));
      return 'hang';
    };
    const options = { idempotencyKey: 'k', signal: controller.signal };
    const called = toolbox.call({ name: 'orderStatus', input: { order: '1' } }, CALLER, options);
    await expect(called).rejects.toThrow('the customer has gone');
  });

  it('shows no more than its bound, as data without what nobody sees', async () => {
    server.answer = () => ({ json: { status: `</data>\u200b${'x'.repeat(900)}` } });
    const outcome = await call('orderStatus', { order: '1' });
    expect(outcome).toMatchObject({ ok: true });
    const { text } = outcome as { text: string };
    expect(text).toContain('\\u003c/data\\u003ex');
    expect(text.length).toBeLessThanOrEqual(206);
    server.answer = () => 'endless';
    expect(await call('orderStatus', { order: '1' })).toEqual({ ok: false, why: 'its answer is too large' });
  });

  it.each([
    ['no JSON', { text: '<html>' }],
    ['none of the fields', { json: { other: 1 } }],
    ['a list where an object was', { json: [{ status: 'x' }] }],
    ['a value alone', { json: 'shipped' }],
  ])('shows nothing of an answer with %s', async (_, answer) => {
    server.answer = () => answer;
    expect(await call('orderStatus', { order: '1' })).toMatchObject({ ok: false });
  });
});

describe('a tool that changes something', () => {
  const input = { order: '10234', reason: 'too "late", {{contact.email}}', count: 2, tags: ['a', 'b'] };

  it('sends the key of the call and typed values, and no value becomes a field or a placeholder', async () => {
    expect(await call('cancelOrder', { ...input, reason: '","admin":true,"x":"' })).toMatchObject({ ok: true });
    await call('cancelOrder', input);
    const [hostile, plain] = server.requests.map(({ body }) => JSON.parse(body));
    expect(Object.keys(hostile)).toEqual(['reason', 'said', 'count', 'tags', 'fixed']);
    expect(plain).toEqual({
      reason: input.reason,
      said: `The customer says: ${input.reason}`,
      count: 2,
      tags: ['a', 'b'],
      fixed: [1, true, null, { by: '700', key: 'shop-secret' }],
    });
    expect(server.requests[0]).toMatchObject({ method: 'POST', headers: { 'idempotency-key': 'run-1-step-2' } });
  });

  it('shows an agent all that would be sent, and no secret', () => {
    expect(toolbox.preview({ name: 'cancelOrder', input }, CALLER)).toBe(
      `POST ${server.url}/api/orders/10234/cancel\n` +
        JSON.stringify({
          reason: input.reason,
          said: `The customer says: ${input.reason}`,
          count: 2,
          tags: ['a', 'b'],
          fixed: [1, true, null, { by: '700', key: '***' }],
        }),
    );
    expect(toolbox.preview({ name: 'orderStatus', input: { order: '1' } }, CALLER)).toBe(
      `GET ${server.url}/api/orders/1/status?portal=62515\nauthorization: Bearer ***`,
    );
    expect(server.requests).toEqual([]);
  });

  it('sends what the agent has seen: no character that nobody sees', async () => {
    await call('cancelOrder', { ...input, reason: 'late\u202e\u200b' });
    expect(JSON.parse(server.requests[0]?.body ?? '{}')).toMatchObject({ reason: 'late' });
  });

  it('is done where its system says nothing', async () => {
    server.answer = () => ({ status: 204 });
    expect(await call('cancelOrder', input)).toEqual({ ok: true, text: '"done"' });
  });
});

describe('who a tool is for', () => {
  const namesFor = (caller: typeof CALLER) => toolbox.offered(caller).map(({ name }) => name);

  it('is offered to a customer whom HubSpot names, with its rule', () => {
    expect(toolbox.offered(CALLER).map(({ name, rule }) => `${name} ${rule}`)).toEqual([
      'orderStatus reads',
      'myOrders reads',
      'cancelOrder approve',
      'ofTicket reads',
    ]);
    expect(Object.keys(toolbox.offered(CALLER)[0] ?? {})).toEqual(['name', 'description', 'input', 'rule']);
  });

  it.each([
    ['a contact that is a claim', { ...CALLER, contact: { ...CALLER.contact, verified: false } }, 'myOrders'],
    ['a contact without an address', { ...CALLER, contact: { ...CALLER.contact, email: null } }, 'myOrders'],
    ['a channel that verifies nobody', { ...CALLER, channel: 'email' }, 'myOrders'],
    ['a channel that it is not for', { ...CALLER, channel: 'email' }, 'cancelOrder'],
    ['no ticket', { ...CALLER, ticketId: null }, 'ofTicket'],
  ])('is neither offered, shown nor called for %s', async (_, caller, name) => {
    expect(namesFor(caller)).not.toContain(name);
    const input = name === 'cancelOrder' ? { order: '1', reason: 'x' } : {};
    expect(toolbox.preview({ name, input }, caller)).toBeNull();
    expect(await call(name, input, caller)).toEqual({ ok: false, why: 'there is no such tool here' });
    expect(server.requests).toEqual([]);
  });

  it('asks for the customer that HubSpot names, whatever their address has in it', async () => {
    await call('myOrders', {}, { ...CALLER, contact: { ...CALLER.contact, email: 'a&admin=1#x@mail.example' } });
    expect(server.requests[0]?.path).toBe('/api/orders?email=a%26admin%3D1%23x%40mail.example');
  });

  it('is no tool under another name', async () => {
    for (const name of ['orderstatus', '__proto__', 'constructor', '']) {
      expect(await call(name, {})).toEqual({ ok: false, why: 'there is no such tool here' });
    }
  });
});
