import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Listening, listen } from '../../src/api/server.ts';
import { createCodecServer } from '../../src/temporal/codec-server.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';

const TOKEN = 'a-token-of-the-codec-server';
const UI = 'https://temporal.example.com';
const keys = readPayloadKeys(newPayloadKey(new Date())) ?? [];
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const HELLO = { metadata: { encoding: base64('json/plain') }, data: base64('"Where is my order?"') };

let open: Listening;
let guarded: Listening;
beforeAll(async () => {
  const serve = (token?: string) =>
    listen(createCodecServer({ codec: createPayloadCodec(keys), token, uiOrigins: [UI] }), {
      port: 0,
      host: '127.0.0.1',
    });
  [open, guarded] = await Promise.all([serve(), serve(TOKEN)]);
});
afterAll(() => Promise.all([open.close(), guarded.close()]));

interface Answer {
  payloads: object[];
  message: string;
}

const post = async (server: Listening, path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
};

describe('the codec server', () => {
  it('decodes what it has encoded, and passes on what nobody encrypted', async () => {
    const encoded = await post(open, '/encode', { payloads: [HELLO] });
    expect(encoded.status).toBe(200);
    expect(JSON.stringify(encoded.body)).not.toContain(HELLO.data);
    const [sealed] = encoded.body.payloads;
    const decoded = await post(open, '/decode', { payloads: [sealed, HELLO] });
    expect(decoded.body).toEqual({ payloads: [HELLO, HELLO] });
  });

  it('shows any run’s payload, and keeps one from another namespace', async () => {
    const sealed = async (namespace: string) => {
      const { body } = await post(open, '/encode', { payloads: [HELLO] }, { 'X-Namespace': namespace });
      return body.payloads;
    };
    const payloads = await sealed('support');
    for (const headers of [{}, { 'X-Namespace': 'support' }] as Record<string, string>[]) {
      expect((await post(open, '/decode', { payloads }, headers)).body).toEqual({ payloads: [HELLO] });
    }
    const { status, body } = await post(open, '/decode', { payloads }, { 'X-Namespace': 'sales' });
    expect(status).toBe(422);
    expect(body.message).toContain('of namespace "support" is in workflow');
  });

  it('takes an object without payloads, as the temporal command sends it', async () => {
    expect(await post(open, '/decode', {})).toMatchObject({ status: 200, body: { payloads: [] } });
  });

  it('names the key that is missing', async () => {
    const [stranger] = await createPayloadCodec(readPayloadKeys(newPayloadKey(new Date(0))) ?? []).encode([{}]);
    const payload = {
      metadata: Object.fromEntries(
        Object.entries(stranger?.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(stranger?.data ?? []).toString('base64'),
    };
    const { status, body } = await post(open, '/decode', { payloads: [payload] });
    expect(status).toBe(422);
    expect(body.message).toMatch(/key "1970-01-01".*PAYLOAD_KEYS/);
  });

  it.each([
    ['no JSON', '{', 400],
    ['payloads that are none', { payloads: [1] }, 400],
    ['data that is no base64', { payloads: [{ data: '!' }] }, 400],
    ['a body that is too large', ' '.repeat(33 * 1024 * 1024), 413],
  ])('refuses %s', async (_, body, status) => {
    expect((await post(open, '/decode', body)).status).toBe(status);
  });

  it.each([
    ['without a token', {}],
    ['with a wrong token', { Authorization: `Bearer ${TOKEN.replace('a', 'b')}` }],
    ['with the token alone', { Authorization: TOKEN }],
  ])('refuses a call %s', async (_, headers: Record<string, string>) => {
    const { status, body } = await post(guarded, '/decode', { payloads: [HELLO] }, headers);
    expect(status).toBe(401);
    expect(JSON.stringify(body)).not.toContain(TOKEN);
  });

  it('answers a call with the token', async () => {
    const { status } = await post(guarded, '/decode', { payloads: [HELLO] }, { Authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(200);
  });

  it('lets the Web UI call from a browser, and no other page', async () => {
    const preflight = await fetch(`${guarded.url}/decode`, { method: 'OPTIONS', headers: { Origin: UI } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(UI);
    const allowed = await post(open, '/decode', { payloads: [HELLO] }, { Origin: UI });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
    for (const Origin of ['https://evil.example.com', 'null', `${UI}.evil.example.com`]) {
      const refused = await post(open, '/decode', { payloads: [HELLO] }, { Origin });
      expect(refused.status).toBe(403);
      expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('refuses other ways and places', async () => {
    expect((await fetch(`${open.url}/decode`)).status).toBe(404);
    expect((await post(open, '/elsewhere', {})).status).toBe(404);
  });
});
