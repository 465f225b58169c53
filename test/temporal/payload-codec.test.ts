import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import fc from 'fast-check';
import {
  createPayloadCodec,
  PayloadKeyMissing,
  PayloadMisplaced,
  PayloadNotEncrypted,
  PayloadUnreadable,
} from '../../src/temporal/payload-codec.ts';
import { newPayloadKey, type PayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';

const keys = (...ids: string[]): PayloadKey[] =>
  ids.map((id) => {
    const [, encoded] = newPayloadKey(new Date()).split(':');
    const [key] = readPayloadKeys(`${id}:${encoded}`) ?? [];
    if (!key) throw new Error('No key');
    return key;
  });
const [old, young, stranger] = keys('old', 'young', 'stranger') as [PayloadKey, PayloadKey, PayloadKey];

const sealWith = async (key: PayloadKey, ...payloads: Payload[]) => await createPayloadCodec([key]).encode(payloads);
const text = (data: Uint8Array | null | undefined): string => Buffer.from(data ?? []).toString('latin1');

const anyBytes = fc.uint8Array({ maxLength: 300 });
const anyPayload: fc.Arbitrary<Payload> = fc.record({
  metadata: fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    anyBytes,
  ),
  data: anyBytes,
});
const plain = (payload: Payload) => ({
  metadata: Object.fromEntries(Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, text(value)])),
  data: text(payload.data),
});

describe('the payload codec', () => {
  it('gives back whatever it was given', async () => {
    const codec = createPayloadCodec([old]);
    await fc.assert(
      fc.asyncProperty(fc.array(anyPayload, { maxLength: 5 }), async (payloads) => {
        const sealed = await codec.encode(payloads);
        expect((await codec.decode(sealed)).map(plain)).toEqual(payloads.map(plain));
      }),
    );
  });

  it('shows nothing of a payload but the id of its key and its place, and never the same twice', async () => {
    const secret = defaultPayloadConverter.toPayload('My password is hunter2') as Payload;
    const sealed = await sealWith(old, secret, secret);
    for (const { metadata, data } of sealed) {
      expect(Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)]))).toEqual({
        encoding: 'binary/encrypted',
        'encryption-cipher': 'AES-256-GCM',
        'encryption-key-id': 'old',
        'encryption-place': '{}',
      });
      expect(text(data)).not.toContain('hunter2');
    }
    expect(text(sealed[0]?.data)).not.toBe(text(sealed[1]?.data));
  });

  it('refuses a payload of which a single bit was changed, or that was cut', async () => {
    const codec = createPayloadCodec([old]);
    await fc.assert(
      fc.asyncProperty(anyPayload, fc.nat(), fc.nat(7), async (payload, place, bit) => {
        const [sealed] = await codec.encode([payload]);
        const changed = Buffer.from(sealed?.data ?? []);
        changed[place % changed.length] = (changed[place % changed.length] ?? 0) ^ (1 << bit);
        const cut = (sealed?.data ?? new Uint8Array()).subarray(0, place % changed.length);
        for (const data of [changed, cut]) {
          await expect(codec.decode([{ ...sealed, data }])).rejects.toBeInstanceOf(PayloadUnreadable);
        }
      }),
    );
  });

  it('encrypts with the first key and decrypts with all, so that keys can follow each other', async () => {
    const payload = defaultPayloadConverter.toPayload('Hello') as Payload;
    const rotated = createPayloadCodec([young, old]);
    const [before] = await sealWith(old, payload);
    const [after] = await rotated.encode([payload]);
    expect(text(after?.metadata?.['encryption-key-id'])).toBe('young');
    expect((await rotated.decode([before, after] as Payload[])).map(plain)).toEqual([plain(payload), plain(payload)]);
  });

  it.each([
    ['has other keys', [stranger]],
    ['has none', []],
  ])('names the key that is missing where a process %s', async (_, known) => {
    const sealed = await sealWith(old, defaultPayloadConverter.toPayload('Hello') as Payload);
    const refusal = createPayloadCodec(known).decode(sealed);
    await expect(refusal).rejects.toBeInstanceOf(PayloadKeyMissing);
    await expect(refusal).rejects.toThrow(/key "old".*PAYLOAD_KEYS/);
  });

  it('tells another key under the same id from the right one', async () => {
    const sealed = await sealWith(old, defaultPayloadConverter.toPayload('Hello') as Payload);
    const refusal = createPayloadCodec(keys('old')).decode(sealed);
    await expect(refusal).rejects.toBeInstanceOf(PayloadUnreadable);
    await expect(refusal).rejects.toThrow(/another key under that id/);
  });

  it('refuses what nobody encrypted where encryption is required, and only that', async () => {
    const codec = createPayloadCodec([old], { required: true });
    await fc.assert(
      fc.asyncProperty(anyPayload, async (payload) => {
        const [sealed] = (await codec.encode([payload])) as [Payload];
        expect((await codec.decode([sealed])).map(plain)).toEqual([plain(payload)]);
        await expect(codec.decode([sealed, payload])).rejects.toBeInstanceOf(PayloadNotEncrypted);
      }),
    );
    await expect(codec.decode([{}])).rejects.toThrow(/PAYLOAD_ENCRYPTION is required.*codec server/);
  });

  it('lets pass what nobody encrypted, and encrypts nothing without a key', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (payload) => {
        expect(await createPayloadCodec([old]).decode([payload])).toEqual([payload]);
        expect(await createPayloadCodec([]).encode([payload])).toEqual([payload]);
      }),
    );
  });
});

describe('a payload’s place', () => {
  const codec = createPayloadCodec([old]);
  const hello = defaultPayloadConverter.toPayload('Hello') as Payload;
  const run = (workflowId: string, namespace = 'support'): SerializationContext => ({
    type: 'workflow',
    namespace,
    workflowId,
  });
  const activity = (workflowId: string): SerializationContext => ({
    type: 'activity',
    namespace: 'support',
    workflowId,
    activityId: '7',
    isLocal: false,
  });
  const sealFor = async (place?: SerializationContext) => (await codec.encode([hello], place)) as [Payload];
  const SCHEDULED = 'catch-up:1-2026-01-31T10:20:30Z';

  it.each([
    ['the run itself', run('a'), run('a')],
    ['an activity of the run', run('a'), activity('a')],
    ['the run, from its activity', activity('a'), run('a')],
    ['where nobody says whose it is', run('a'), undefined],
    ['a run, from where nobody said whose it is', undefined, run('a')],
    ['a run of the schedule', run('catch-up:1'), run(SCHEDULED)],
    ['the next run of the schedule', run(SCHEDULED), run('catch-up:1-2026-01-31T10:25:30Z')],
  ])('lets it be read in %s', async (_, made, read) => {
    expect((await codec.decode(await sealFor(made), read)).map(plain)).toEqual([plain(hello)]);
  });

  it.each([
    ['another run', run('a'), run('b')],
    ['an activity of another run', run('a'), activity('b')],
    ['a run, from another run’s activity', activity('a'), run('b')],
    ['a run of the same id in another namespace', run('a'), run('a', 'sales')],
    ['a run whose id only begins as a schedule’s', run('catch-up:1'), run('catch-up:1-2026')],
    ['a run of another schedule', run('catch-up:2'), run(SCHEDULED)],
  ])('keeps it from %s, which the refusal names', async (_, made, read) => {
    const refusal = codec.decode(await sealFor(made), read);
    await expect(refusal).rejects.toBeInstanceOf(PayloadMisplaced);
    await expect(refusal).rejects.toThrow(/payload of workflow ".*" of namespace "support" is in workflow ".*"/);
  });

  it('can’t be changed, taken away or put on', async () => {
    const [sealed] = await sealFor(run('a'));
    const [other] = await sealFor(run('b'));
    const { 'encryption-place': _, ...unlabelled } = sealed.metadata ?? {};
    for (const metadata of [other.metadata, unlabelled]) {
      await expect(codec.decode([{ ...sealed, metadata: metadata ?? {} }], run('b'))).rejects.toBeInstanceOf(
        PayloadUnreadable,
      );
    }
    const before = fromBefore(hello);
    const labelled = { ...before, metadata: { ...before.metadata, ...sealed.metadata } };
    await expect(codec.decode([labelled], run('a'))).rejects.toBeInstanceOf(PayloadUnreadable);
  });

  /** As it was encrypted before payloads had a place: nothing is authenticated but the payload. */
  const fromBefore = (payload: Payload): Payload => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', old.secret, nonce);
    const sealed = [cipher.update(proto.temporal.api.common.v1.Payload.encode(payload).finish()), cipher.final()];
    const metadata = { encoding: 'binary/encrypted', 'encryption-cipher': 'AES-256-GCM', 'encryption-key-id': 'old' };
    return {
      metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value)])),
      data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
    };
  };

  it('is not asked of a payload from before there were places', async () => {
    for (const policy of [{}, { required: true }]) {
      const reading = createPayloadCodec([young, old], policy);
      expect((await reading.decode([fromBefore(hello)], run('a'))).map(plain)).toEqual([plain(hello)]);
    }
  });
});

describe('readPayloadKeys', () => {
  const [, encoded = ''] = newPayloadKey(new Date()).split(':');

  it('reads what newPayloadKey makes, and shows no secret where a key is printed', () => {
    const line = newPayloadKey(new Date('2026-01-31T12:00:00Z'));
    const read = readPayloadKeys(`${line}, b:${encoded}`);
    expect(read?.map(({ id }) => id)).toEqual(['2026-01-31', 'b']);
    expect(JSON.stringify(read)).not.toContain(line.slice(-20));
  });

  it.each([
    ['no id', encoded],
    ['an empty id', `:${encoded}`],
    ['an id that is none', `a b:${encoded}`],
    ['a key that is too short', `a:${encoded.slice(0, 40)}`],
    ['a key that is no base64', `a:${'!'.repeat(44)}`],
    ['an id twice', `a:${encoded},a:${encoded}`],
    ['something after the key', `a:${encoded}:b`],
  ])('takes nothing that has %s', (_, line) => {
    expect(readPayloadKeys(line)).toBeNull();
  });
});
