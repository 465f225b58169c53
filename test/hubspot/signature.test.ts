import { createHash, createHmac } from 'node:crypto';
import { Signature } from '@hubspot/api-client';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WebhookSecret } from '../../src/config.ts';
import { portalIdSchema } from '../../src/hubspot/id-schemas.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { type SignatureRules, type SignedRequest, signedUri, verifySignature } from '../../src/hubspot/signature.ts';

// Secret, URL, bodies, times and signatures of the vectors: HubSpot's request-validation guide and the tests of its
// SDKs.
const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const URL = 'https://www.example.com/webhook_uri';
const BODY = "{'example_field':'example_value'}";
const NOW = 1_693_657_560_000;
const V3 = 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=';
const V1_BODY =
  '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]';
const V1 = '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de';

const secretFor = (secret: string, ...portalIds: PortalId[]): WebhookSecret => ({
  secret,
  portalIds: portalIds.length > 0 ? portalIds : null,
});

const rules = (changes: Partial<SignatureRules> = {}): SignatureRules => ({
  secrets: [secretFor(SECRET)],
  publicUrl: URL,
  allowV1: false,
  now: NOW,
  ...changes,
});

const v3Headers = (signature: string, timestamp: string | number = NOW): Record<string, string[]> => ({
  'x-hubspot-signature-v3': [signature],
  'x-hubspot-request-timestamp': [String(timestamp)],
});

const v1Headers = (signature: string): Record<string, string[]> => ({
  'x-hubspot-signature': [signature],
  'x-hubspot-signature-version': ['v1'],
});

const request = (changes: Partial<Omit<SignedRequest, 'body'>> & { body?: string } = {}): SignedRequest => ({
  method: 'POST',
  headers: v3Headers(V3),
  ...changes,
  body: Buffer.from(changes.body ?? BODY),
});

const sign = (body: string, { timestamp = String(NOW), uri = URL, secret = SECRET, method = 'POST' } = {}): string =>
  createHmac('sha256', secret).update(`${method}${uri}${body}${timestamp}`).digest('base64');

const GENUINE = { genuine: true, portalIds: null };
const refused = (reason: string) => ({ genuine: false, reason });

describe("HubSpot's published vectors", () => {
  it.each([
    [1_693_657_560_000, V3],
    [1_700_000_300_000, 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
  ])('v3 at %d is genuine', (timestamp, signature) => {
    const signed = request({ headers: v3Headers(signature, timestamp) });
    expect(verifySignature(signed, rules({ now: timestamp }))).toEqual(GENUINE);
  });

  it('v1 is genuine where it is allowed', () => {
    const signed = request({ headers: v1Headers(V1), body: V1_BODY });
    expect(verifySignature(signed, rules({ allowV1: true }))).toEqual(GENUINE);
  });
});

describe('a v3 signature is refused', () => {
  const headers = (changes: Record<string, string[] | undefined>) =>
    request({ headers: { ...v3Headers(V3), ...changes } });
  const signature = (...values: string[]) => headers({ 'x-hubspot-signature-v3': values });
  const timestamp = (...values: string[]) => headers({ 'x-hubspot-request-timestamp': values });

  it.each([
    ['no header at all', request({ headers: {} }), 'missing'],
    ['only the time', headers({ 'x-hubspot-signature-v3': undefined }), 'missing'],
    ['an empty header', signature(''), 'malformed'],
    ['a truncated signature', signature(V3.slice(0, 20)), 'malformed'],
    ['a signature and one character more', signature(`${V3}A`), 'malformed'],
    ['what is not base64', signature('!'.repeat(44)), 'malformed'],
    ['10 kB of base64', signature('A'.repeat(10_240)), 'malformed'],
    ['the header twice', signature(V3, V3), 'malformed'],
    ['two signatures joined by a proxy', signature(`${V3}, ${V3}`), 'malformed'],
    ['a space before it', signature(` ${V3}`), 'malformed'],
    ['url-safe base64', signature(V3.replaceAll('+', '-').replaceAll('/', '_')), 'malformed'],
    ['another MAC', signature(sign('something else')), 'mismatch'],
    ['the other spelling of its last bits', signature(V3.replace('Y=', 'Z=')), 'mismatch'],
    ['no time', timestamp(), 'malformed'],
    ['the time twice', timestamp(String(NOW), String(NOW)), 'malformed'],
    ['an empty time', timestamp(''), 'malformed'],
    ['NaN', timestamp('NaN'), 'malformed'],
    ['a negative time', timestamp(`-${NOW}`), 'malformed'],
    ['a fraction', timestamp(`${NOW}.0`), 'malformed'],
    ['an exponent', timestamp('1e400'), 'malformed'],
    ['a hexadecimal time', timestamp('0x18a5'), 'malformed'],
    ['an endless time', timestamp('9'.repeat(400)), 'malformed'],
    ['seconds for milliseconds', timestamp(String(NOW / 1000)), 'stale'],
    ['another time than was signed', timestamp(String(NOW + 1)), 'mismatch'],
    ['a zero before the time', timestamp(`0${NOW}`), 'mismatch'],
    ['one byte of body changed', request({ body: BODY.replace('field', 'Field') }), 'mismatch'],
    ['a body and one line end more', request({ body: `${BODY}\n` }), 'mismatch'],
    ['another method', request({ method: 'PUT' }), 'mismatch'],
  ])('for %s', (_what, signed, reason) => {
    expect(verifySignature(signed, rules())).toEqual(refused(reason));
  });

  it('for the same JSON serialised anew', () => {
    const signed = request({ headers: v3Headers(sign('[{"a": 1}]')), body: '[{"a":1}]' });
    expect(verifySignature(signed, rules())).toEqual(refused('mismatch'));
  });

  it.each(['https://www.example.com/other', 'http://www.example.com/webhook_uri', 'https://evil.example/webhook_uri'])(
    'when it was made for %s',
    (uri) => {
      const signed = request({ headers: v3Headers(sign(BODY, { uri })) });
      expect(verifySignature(signed, rules())).toEqual(refused('mismatch'));
    },
  );

  it('whatever a proxy or forger claims that the URL was', () => {
    const forwarded = { 'x-forwarded-host': ['evil.example'], 'x-forwarded-proto': ['https'], host: ['evil.example'] };
    const uri = 'https://evil.example/webhook_uri';
    const signed = request({ headers: { ...v3Headers(sign(BODY, { uri })), ...forwarded } });
    expect(verifySignature(signed, rules())).toEqual(refused('mismatch'));
  });

  it('when no secret is configured', () => {
    expect(verifySignature(request(), rules({ secrets: [] }))).toEqual(refused('mismatch'));
  });
});

describe('the time of a v3 signature', () => {
  it.each([
    ['five minutes old', 300_000, GENUINE],
    ['five minutes ahead', -300_000, GENUINE],
    ['a millisecond more than five minutes old', 300_001, refused('stale')],
    ['a millisecond more than five minutes ahead', -300_001, refused('future')],
  ])('%s', (_what, age, verdict) => {
    expect(verifySignature(request(), rules({ now: NOW + age }))).toEqual(verdict);
  });
});

describe('v1', () => {
  const v1 = (changes: Record<string, string[] | undefined> = {}) =>
    request({ headers: { ...v1Headers(V1), ...changes }, body: V1_BODY });
  const allowed = rules({ allowV1: true });

  it('is refused unless it is allowed', () => {
    expect(verifySignature(v1(), rules())).toEqual(refused('unsupported-version'));
  });

  it.each([
    ['v2', { 'x-hubspot-signature-version': ['v2'] }, 'unsupported-version'],
    ['no version', { 'x-hubspot-signature-version': undefined }, 'unsupported-version'],
    ['two versions', { 'x-hubspot-signature-version': ['v1', 'v1'] }, 'malformed'],
    ['the signature twice', { 'x-hubspot-signature': [V1, V1] }, 'malformed'],
    ['upper-case digits', { 'x-hubspot-signature': [V1.toUpperCase()] }, 'malformed'],
    ['a truncated signature', { 'x-hubspot-signature': [V1.slice(1)] }, 'malformed'],
    ['another hash', { 'x-hubspot-signature': [createHash('sha256').digest('hex')] }, 'mismatch'],
  ])('is refused for %s, also where it is allowed', (_what, headers, reason) => {
    expect(verifySignature(v1(headers), allowed)).toEqual(refused(reason));
  });

  it.each([
    ['wrong', sign('something else'), 'mismatch'],
    ['malformed', 'x', 'malformed'],
    ['empty', '', 'malformed'],
  ])('never mends a v3 signature that is %s', (_what, signature, reason) => {
    expect(verifySignature(v1(v3Headers(signature)), allowed)).toEqual(refused(reason));
  });
});

describe('several secrets', () => {
  const [one, two, three] = [1, 2, 3].map((id) => portalIdSchema.parse(id)) as [PortalId, PortalId, PortalId];

  it('pass both while one is rotated, and a third fails', () => {
    const rotating = rules({ secrets: [secretFor('old'), secretFor('new')] });
    const signedWith = (secret: string) => request({ headers: v3Headers(sign(BODY, { secret })) });
    expect(verifySignature(signedWith('old'), rotating)).toEqual(GENUINE);
    expect(verifySignature(signedWith('new'), rotating)).toEqual(GENUINE);
    expect(verifySignature(signedWith('third'), rotating)).toEqual(refused('mismatch'));
    expect(verifySignature(signedWith('old'), rules({ secrets: [secretFor('new')] }))).toEqual(refused('mismatch'));
  });

  it('say for which portals the matching one may speak', () => {
    const secrets = [secretFor('other', one), secretFor(SECRET, two)];
    expect(verifySignature(request(), rules({ secrets }))).toEqual({ genuine: true, portalIds: [two] });
  });

  it('speak for all their portals when they are one and the same', () => {
    const secrets = [secretFor(SECRET, one), secretFor('other', two), secretFor(SECRET, three)];
    expect(verifySignature(request(), rules({ secrets }))).toEqual({ genuine: true, portalIds: [one, three] });
  });
});

describe('a thousand portals, each with a secret of its own,', () => {
  const ids = Array.from({ length: 1000 }, (_, at) => portalIdSchema.parse(at + 1));
  const secrets = ids.map((id) => secretFor(`secret of ${id}`, id));
  const EIGHT_MEBIBYTES = 8 * 1024 * 1024;
  const event = (portalId: unknown, more: object = {}) => ({ ...more, eventId: 1, portalId, objectId: 5 });
  const signedBy = (portalId: number | string, body: string) =>
    request({ headers: v3Headers(sign(body, { secret: `secret of ${portalId}` })), body });
  const verdict = (signed: SignedRequest, changes: Partial<SignatureRules> = {}) =>
    verifySignature(signed, rules({ secrets, ...changes }));
  const genuineFor = (...portalIds: unknown[]) => ({ genuine: true, portalIds });

  it.each([
    ['a number', JSON.stringify([event(777)])],
    ['a text, with spaces', '[{"portalId" : "777"}]'],
    ['of the second event', JSON.stringify([event(4444), event(777)])],
    ['of the hundredth event', JSON.stringify([...Array(99).fill(event(4444)), event(777)])],
    ['behind the longest value', JSON.stringify([event(777, { propertyValue: '\u0007'.repeat(65_536) })])],
    ['in 8 MiB', JSON.stringify([event(777)]).padEnd(EIGHT_MEBIBYTES)],
    ['nowhere', '[]'],
    ['only as something else', '[{"portalid":777,"text":"\\"portalId\\":1"}]'],
    ['in an object, no array', '{"portalId":777}'],
    ['spelled in escapes', '[{"portal\\u0049d":777}]'],
  ])('are told apart where the portal is %s', (_what, body) => {
    expect(verdict(signedBy(777, body))).toEqual(genuineFor('777'));
    expect(verdict(signedBy(4444, body))).toEqual(refused('mismatch'));
  });

  it('and a name in the body proves nothing: the secret says for whom it speaks', () => {
    expect(verdict(signedBy(5, JSON.stringify([event(777)])))).toEqual(genuineFor('5'));
  });

  it('are told apart in pieces, wherever they are cut', () => {
    const body = Buffer.from(JSON.stringify([event(777)]));
    const { headers } = signedBy(777, body.toString());
    for (let cut = 0; cut <= body.length; cut += 1) {
      const pieces = [body.subarray(0, cut), body.subarray(cut)];
      expect(verdict({ method: 'POST', headers, body: pieces })).toEqual(genuineFor('777'));
    }
  });

  it('may each have two secrets while one is rotated, also for the longest body', () => {
    const rotated = [...secrets, ...ids.map((id) => secretFor(`new secret of ${id}`, id))];
    const body = JSON.stringify([event(777)]).padEnd(EIGHT_MEBIBYTES);
    for (const secret of ['secret of 777', 'new secret of 777']) {
      const signed = request({ headers: v3Headers(sign(body, { secret })), body });
      expect(verdict(signed, { secrets: rotated })).toEqual(genuineFor('777'));
    }
  });

  it('may share one: it is tried once, and speaks for all', () => {
    const shared = ids.map((id) => secretFor('one for all', id));
    const body = JSON.stringify([event(777)]).padEnd(EIGHT_MEBIBYTES);
    const signed = request({ headers: v3Headers(sign(body, { secret: 'one for all' })), body });
    expect(verdict(signed, { secrets: shared })).toEqual(genuineFor(...ids));
  });

  it('are told apart by v1 too', () => {
    const body = JSON.stringify([event(777)]);
    const signature = createHash('sha256').update(`secret of 777${body}`).digest('hex');
    const signed = request({ headers: v1Headers(signature), body });
    expect(verdict(signed, { allowV1: true })).toEqual(genuineFor('777'));
  });

  const everyPortal = JSON.stringify(ids.map((id) => event(Number(id))));
  it.each([
    ['nothing', '[]'],
    ['every portal', everyPortal],
    ['a portal in 8 MiB', JSON.stringify([event(777)]).padEnd(EIGHT_MEBIBYTES)],
    ['every portal in 8 MiB', everyPortal.padEnd(EIGHT_MEBIBYTES)],
    ['8 MiB of the name alone', '"portalId"'.repeat(EIGHT_MEBIBYTES / 10)],
    ['8 MiB of the name and spaces', '"portalId"        '.repeat(EIGHT_MEBIBYTES / 18)],
    ['8 MiB of nothing', ' '.repeat(EIGHT_MEBIBYTES)],
  ])('cost an unsigned request that names %s no more than a few hashes of it', (_what, body) => {
    const unsigned = request({ headers: v3Headers(V3), body });
    const cost = () => {
      const before = process.cpuUsage();
      expect(verdict(unsigned)).toEqual(refused('mismatch'));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    // The least of several: the rest is the compiler's, the collector's and the neighbours'. Measured: under 10 ms on a
    // quiet machine. A busy one takes several times as long, and a hash for each portal takes seconds.
    expect(Math.min(...Array.from({ length: 10 }, cost))).toBeLessThan(100);
  });
});

describe('the URI that HubSpot signs', () => {
  it.each([
    ['%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B', ":/?@!$'()*,;"],
    ['%3a%2f', ':/'],
    ['%20%25%26%3D%2B%C3%A9', '%20%25%26%3D%2B%C3%A9'],
    ['%253A', '%253A'],
  ])('reads %s as %s', (escaped, expected) => {
    expect(signedUri(`https://example.com/hook?x=${escaped}`)).toBe(`https://example.com/hook?x=${expected}`);
  });

  it('is what a configured URL with escapes is checked against', () => {
    const signed = request({ headers: v3Headers(sign(BODY, { uri: 'https://example.com/a:b?c=d@e' })) });
    const publicUrl = 'https://example.com/a%3Ab?c=d%40e';
    expect(verifySignature(signed, rules({ publicUrl }))).toEqual(GENUINE);
  });
});

describe('for any input', () => {
  const anyHeader = fc.option(fc.array(fc.oneof(fc.string(), fc.constantFrom(V3, V1, 'v1', String(NOW)))), {
    nil: undefined,
  });
  const anyHeaders = fc.record({
    'x-hubspot-signature-v3': anyHeader,
    'x-hubspot-request-timestamp': anyHeader,
    'x-hubspot-signature': anyHeader,
    'x-hubspot-signature-version': anyHeader,
  });

  it('nothing is thrown, and nothing is genuine over a body that nobody signed', () => {
    fc.assert(
      fc.property(anyHeaders, fc.uint8Array(), fc.boolean(), (headers, body, allowV1) => {
        const verdict = verifySignature({ method: 'POST', headers, body }, rules({ allowV1 }));
        expect(verdict.genuine).toBe(false);
      }),
    );
  });

  it("agrees with HubSpot's own client on what is validly signed", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ minLength: 1 }),
        fc.integer({ min: 0, max: 9e12 }),
        (body, secret, now) => {
          const signature = Signature.getSignature('POST', 'v3', {
            signature: '',
            clientSecret: secret,
            requestBody: body,
            url: URL,
            timestamp: now,
          });
          const verdict = verifySignature(
            request({ headers: v3Headers(signature, now), body }),
            rules({ secrets: [secretFor(secret)], now }),
          );
          expect(verdict).toEqual(GENUINE);
        },
      ),
    );
  });

  it('one flipped bit of the body is a mismatch', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat({ max: 7 }), (body, at, bit) => {
        const signature = createHmac('sha256', SECRET)
          .update(`POST${URL}`)
          .update(body)
          .update(`${NOW}`)
          .digest('base64');
        const changed = Uint8Array.from(body);
        const index = at % body.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        const headers = v3Headers(signature);
        expect(verifySignature({ method: 'POST', headers, body }, rules())).toEqual(GENUINE);
        expect(verifySignature({ method: 'POST', headers, body: changed }, rules())).toEqual(refused('mismatch'));
      }),
    );
  });
});
