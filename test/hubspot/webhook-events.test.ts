import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWebhookEvents, REJECT_REASONS, TooManyEvents } from '../../src/hubspot/webhook-events.ts';

const parse = (text: string) => parseWebhookEvents(Buffer.from(text));
const parseOne = (event: unknown) => parse(JSON.stringify([event]))?.[0];

// The shape of a real call of HubSpot's.
const NEW_MESSAGE = {
  eventId: 3269195544,
  subscriptionId: 2371671,
  portalId: 62515,
  appId: 2438486,
  occurredAt: 1702439388898,
  subscriptionType: 'conversation.newMessage',
  attemptNumber: 0,
  objectId: 6065362089,
  messageId: '9b38dc6d5b5744a788931a9cf3a7b225',
  messageType: 'MESSAGE',
  changeFlag: 'NEW_MESSAGE',
};

const TICKET_CHANGE = {
  eventId: 100,
  portalId: 62515,
  occurredAt: 1702439388898,
  subscriptionType: 'ticket.propertyChange',
  objectId: 546500061938,
  propertyName: 'hs_ticket_priority',
  propertyValue: 'HIGH',
  changeSource: 'CRM_UI',
};

const PARSED_MESSAGE = {
  index: 0,
  kind: 'message',
  portalId: '62515',
  threadId: '6065362089',
  messageId: '9b38dc6d5b5744a788931a9cf3a7b225',
  messageType: 'MESSAGE',
  appId: '2438486',
};

const PARSED_CHANGE = {
  index: 0,
  kind: 'ticketProperty',
  portalId: '62515',
  ticketId: '546500061938',
  eventId: '100',
  propertyName: 'hs_ticket_priority',
  propertyValue: 'HIGH',
  occurredAt: 1702439388898,
  sensitive: false,
};

const rejected = (reason: string) => ({ index: 0, kind: 'rejected', reason });

const OWNER_CHANGE = {
  eventId: 200,
  portalId: 62515,
  occurredAt: 1702439388898,
  subscriptionType: 'conversation.propertyChange',
  objectId: 6065362089,
  propertyName: 'assignedTo',
  propertyValue: 'A-77',
};

describe('an owner event', () => {
  const PARSED_OWNER = {
    index: 0,
    kind: 'threadOwner',
    portalId: '62515',
    threadId: '6065362089',
    eventId: '200',
    assignedTo: 'A-77',
    occurredAt: 1702439388898,
  };

  it.each([
    ['an actor id', 'A-77', 'A-77'],
    ['bare digits', '77', 'A-77'],
    ['a number', 77, 'A-77'],
    ['nothing', '', null],
    ['null', null, null],
    ['a value left out', undefined, null],
  ])('is read from %s', (_, propertyValue, assignedTo) => {
    expect(parseOne({ ...OWNER_CHANGE, propertyValue })).toEqual({ ...PARSED_OWNER, assignedTo });
  });

  it.each([
    [{ objectId: 'x' }, 'bad-objectId'],
    [{ eventId: {} }, 'bad-eventId'],
    [{ occurredAt: 'soon' }, 'bad-occurredAt'],
    [{ propertyValue: 'A 77' }, 'bad-propertyValue'],
    [{ propertyValue: { id: 77 } }, 'bad-propertyValue'],
  ])('with %j is rejected as %s', (change, reason) => {
    expect(parseOne({ ...OWNER_CHANGE, ...change })).toEqual(rejected(reason));
  });

  it.each([
    ['CLOSED', true],
    [' closed ', true],
    ['OPEN', false],
    ['', false],
    [undefined, false],
  ])('of a status is known: %j', (propertyValue, closed) => {
    expect(parseOne({ ...OWNER_CHANGE, propertyName: 'status', propertyValue })).toMatchObject({
      ...{ kind: 'threadStatus', portalId: '62515', threadId: '6065362089', closed },
    });
  });

  it.each(['isArchived', 'somethingNew'])('is no event about %s', (propertyName) => {
    expect(parseOne({ ...OWNER_CHANGE, propertyName })).toEqual({
      index: 0,
      kind: 'other',
      type: 'conversation.propertyChange',
    });
  });
});

describe('a message event', () => {
  it.each(['conversation.newMessage', 'conversation.messageCreated'])('is read from %s', (subscriptionType) => {
    expect(parseOne({ ...NEW_MESSAGE, subscriptionType })).toEqual(PARSED_MESSAGE);
  });

  it('is read when its ids are text', () => {
    expect(parseOne({ ...NEW_MESSAGE, portalId: '62515', objectId: '6065362089' })).toEqual(PARSED_MESSAGE);
  });

  it("is read when its type stands in eventType, as in HubSpot's table of fields", () => {
    const { subscriptionType: eventType, ...fields } = NEW_MESSAGE;
    expect(parseOne({ ...fields, eventType })).toEqual(PARSED_MESSAGE);
  });

  it.each([[undefined], [null], [3]])('may have %p as message type', (messageType) => {
    expect(parseOne({ ...NEW_MESSAGE, messageType })).toEqual({ ...PARSED_MESSAGE, messageType: null });
  });

  it.each([
    [2438486, '2438486'],
    ['2438486', '2438486'],
    [undefined, null],
    [null, null],
    ['', null],
    ['app', null],
    [-1, null],
    [1.5, null],
    [{}, null],
    ['1'.repeat(21), null],
  ])('tells the app that it is for, %p as %p, and is never rejected for it', (appId, expected) => {
    expect(parseOne({ ...NEW_MESSAGE, appId })).toEqual({ ...PARSED_MESSAGE, appId: expected });
  });

  it.each([
    ['portalId', undefined],
    ['portalId', -1],
    ['objectId', null],
    ['objectId', 1.5],
    ['objectId', '6065362089 '],
    ['objectId', {}],
    ['messageId', undefined],
    ['messageId', ''],
    ['messageId', '../../etc'],
    ['messageId', '\ud83d'],
  ])('is rejected when %s is %p', (field, value) => {
    expect(parseOne({ ...NEW_MESSAGE, [field]: value })).toEqual(rejected(`bad-${field}`));
  });
});

describe('a ticket property event', () => {
  it('is read from the older shape', () => {
    expect(parseOne(TICKET_CHANGE)).toEqual(PARSED_CHANGE);
  });

  const generic = { ...TICKET_CHANGE, subscriptionType: 'object.propertyChange', objectTypeId: '0-5' };

  it('is read from the newer shape', () => {
    expect(parseOne({ ...generic, isSensitive: false })).toEqual(PARSED_CHANGE);
  });

  it.each([[true], ['true']])('is sensitive when isSensitive is %p', (isSensitive) => {
    expect(parseOne({ ...generic, isSensitive })).toEqual({ ...PARSED_CHANGE, sensitive: true });
  });

  it.each(['0-1', '0-136', undefined])('is nothing to act on for object type %s', (objectTypeId) => {
    expect(parseOne({ ...generic, objectTypeId })).toEqual({ index: 0, kind: 'other', type: 'object.propertyChange' });
  });

  it.each([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['a number', 3, '3'],
    ['a number past 2^53', '%RAW%9007199254740993', '9007199254740993'],
    ['a boolean', false, 'false'],
    ['a NUL, which no database column takes', 'a\0b', 'a\ufffdb'],
    ['half a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['an emoji', '🔄', '🔄'],
    ['as much text as a property holds', 'x'.repeat(65_536), 'x'.repeat(65_536)],
  ])('has %s as its value', (_what, propertyValue, expected) => {
    const json = JSON.stringify([{ ...TICKET_CHANGE, propertyValue }]).replace(/"%RAW%(\d+)"/, '$1');
    expect(parse(json)).toEqual([{ ...PARSED_CHANGE, propertyValue: expected }]);
  });

  it('takes occurredAt as text', () => {
    expect(parseOne({ ...TICKET_CHANGE, occurredAt: '1702439388898' })).toEqual(PARSED_CHANGE);
  });

  it.each([
    ['eventId', undefined],
    ['eventId', 'a:b'],
    ['occurredAt', undefined],
    ['occurredAt', 'yesterday'],
    ['occurredAt', -1],
    ['occurredAt', 1.5],
    ['propertyName', undefined],
    ['propertyName', 'a@1'],
    ['propertyValue', { a: 1 }],
    ['objectId', '5-6'],
  ])('is rejected when %s is %p', (field, value) => {
    expect(parseOne({ ...TICKET_CHANGE, [field]: value })).toEqual(rejected(`bad-${field}`));
  });
});

describe('other events', () => {
  it('keep their type', () => {
    expect(parseOne({ subscriptionType: 'contact.creation' })).toEqual({
      index: 0,
      kind: 'other',
      type: 'contact.creation',
    });
  });

  it.each([[undefined], [null], [3], [''], [{}], ['two\nlines'], ['$(x)']])(
    'are rejected when their type is %p',
    (subscriptionType) => {
      expect(parseOne({ ...NEW_MESSAGE, subscriptionType })).toEqual(rejected('bad-subscriptionType'));
    },
  );

  it.each([[null], [3], ['text'], [true], [[]], [[NEW_MESSAGE]]])('are rejected when they are %p', (event) => {
    expect(parseOne(event)).toEqual(rejected('not-an-object'));
  });
});

describe('what is too long', () => {
  it.each([
    [NEW_MESSAGE, 'subscriptionType', 100],
    [NEW_MESSAGE, 'messageId', 200],
    [NEW_MESSAGE, 'objectId', 20],
    [TICKET_CHANGE, 'eventId', 64],
    [TICKET_CHANGE, 'propertyName', 255],
    [TICKET_CHANGE, 'propertyValue', 65_536],
  ])('is rejected, not cut: %j with a %s of more than %d characters', (event, field, length) => {
    expect(parseOne({ ...event, [field]: '1'.repeat(length) })?.kind).not.toBe('rejected');
    expect(parseOne({ ...event, [field]: '1'.repeat(length + 1) })).toEqual(rejected(`bad-${field}`));
    expect(parseOne({ ...event, [field]: '1'.repeat(1_000_000) })).toEqual(rejected(`bad-${field}`));
  });
});

describe('large numbers', () => {
  it('keep every digit, so that two ids stay two', () => {
    const json = (id: string) => `[${JSON.stringify(NEW_MESSAGE).replace('6065362089', id)}]`;
    expect(parse(json('9007199254740992'))?.[0]).toMatchObject({ threadId: '9007199254740992' });
    expect(parse(json('9007199254740993'))?.[0]).toMatchObject({ threadId: '9007199254740993' });
  });

  it.each(['1e400', '1e20', '-9007199254740993', '9007199254740993.5'])('are no id as %s', (id) => {
    const json = `[${JSON.stringify(NEW_MESSAGE).replace('6065362089', id)}]`;
    expect(parse(json)).toEqual([rejected('bad-objectId')]);
  });
});

describe('a delivery', () => {
  it.each([
    ['nothing', ''],
    ['blank', ' \n'],
    ['broken JSON', '[{]'],
    ['JSON and more', '[] []'],
    ['an object', '{}'],
    ['one event alone', JSON.stringify(NEW_MESSAGE)],
    ['a number', '1'],
    ['null', 'null'],
    ['text', '"[]"'],
  ])('is unreadable when it is %s', (_what, text) => {
    expect(parse(text)).toBeNull();
  });

  it.each(['[', '{"a":'])('keeps its other events where one is %s 500,000 deep', (opening) => {
    const deep = `${opening.repeat(500_000)}1${(opening === '[' ? ']' : '}').repeat(500_000)}`;
    const events = parse(`[${deep},${JSON.stringify(NEW_MESSAGE)}]`);
    expect(events?.map(({ kind }) => kind)).toEqual(['rejected', 'message']);
  });

  it('may be empty', () => {
    expect(parse('[]')).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    expect(parse(`\ufeff${JSON.stringify([NEW_MESSAGE])}`)).toEqual([PARSED_MESSAGE]);
  });

  it('survives bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('[{"subscriptionType":"'),
      Buffer.from([0xff, 0xc0]),
      Buffer.from(`"},${JSON.stringify(NEW_MESSAGE)}]`),
    ]);
    expect(parseWebhookEvents(bytes)).toEqual([rejected('bad-subscriptionType'), { ...PARSED_MESSAGE, index: 1 }]);
  });

  it('counts an event with a field given twice once, by the last', () => {
    const twice = JSON.stringify([NEW_MESSAGE]).replace('"portalId":62515', '"portalId":1,"portalId":62515');
    expect(parse(twice)).toEqual([PARSED_MESSAGE]);
  });

  it('pollutes no prototype', () => {
    const keys = '"__proto__":{"portalId":1,"polluted":true},"constructor":{"prototype":{"polluted":true}},';
    const [event] = parse(JSON.stringify([NEW_MESSAGE]).replace('{', `{${keys}`)) ?? [];
    expect(event).toEqual(PARSED_MESSAGE);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes no field from a prototype that an event brings along', () => {
    const { portalId: _, ...fields } = NEW_MESSAGE;
    const [event] = parse(JSON.stringify([fields]).replace('{', '{"__proto__":{"portalId":62515},')) ?? [];
    expect(event).toEqual(rejected('bad-portalId'));
  });

  it('loses no good event to 99 bad neighbours', () => {
    const bad = Array.from({ length: 99 }, (_, index) => ({ ...NEW_MESSAGE, objectId: `x${index}` }));
    const events = parse(JSON.stringify([...bad.slice(0, 50), NEW_MESSAGE, ...bad.slice(50)])) ?? [];
    expect(events).toHaveLength(100);
    expect(events.filter(({ kind }) => kind === 'rejected')).toHaveLength(99);
    expect(events[50]).toEqual({ ...PARSED_MESSAGE, index: 50 });
  });
});

describe('a hostile delivery', () => {
  const BYTES = 8 * 1024 * 1024;
  const event = JSON.stringify(NEW_MESSAGE);

  it('of up to 1,000 events is read, one of more is not', () => {
    const many = (count: number) => parse(`[${Array(count).fill(event).join()}]`);
    expect(many(1000)).toHaveLength(1000);
    expect(() => many(1001)).toThrow(TooManyEvents);
    expect(() => parse(`[${'1,'.repeat(1001)}`)).toThrow(TooManyEvents);
  });

  it.each([
    ['values', `{"a":[${'1,'.repeat(1000)}1]}`],
    ['values, one of them long', `{"a":[${'1,'.repeat(BYTES / 2)}12345678901234567]}`],
    ['names', `{${Array.from({ length: 1000 }, (_, at) => `"${at}":1`).join()}}`],
  ])('loses its event of more than 1,000 %s, unread, and no neighbour', (_what, hostile) => {
    expect(parse(`[${event},${hostile},${event}]`)).toEqual([
      { ...PARSED_MESSAGE, index: 0 },
      { ...rejected('too-many-values'), index: 1 },
      { ...PARSED_MESSAGE, index: 2 },
    ]);
  });

  it('may say brackets, commas and quotes in a text', () => {
    const propertyValue = `,]}[{":\\"\\\\${',1'.repeat(2000)}"`;
    const [read] = parse(JSON.stringify([{ ...TICKET_CHANGE, propertyValue }])) ?? [];
    expect(read).toMatchObject({ kind: 'ticketProperty', propertyValue });
  });

  it.each([
    ['no end', '[{"a":1}'],
    ['no end of a text', '["a'],
    ['an end that is escaped', '["a\\"]'],
    ['another end', '[1}'],
    ['a comma more', `[${event},]`],
    ['a comma before', `[,${event}]`],
    ['no comma', `[${event} ${event}]`],
    ['something before', `x[${event}]`],
    ['something after', `[${event}]x`],
    ['a mark of byte order within', `[\ufeff${event}]`],
    ['8 MiB of openings', '['.repeat(BYTES)],
    ['8 MiB of spaces before it', `${' '.repeat(BYTES)}{}`],
  ])('is unreadable with %s', (_what, text) => {
    expect(parse(text)).toBeNull();
  });
});

describe('for any input', () => {
  it('nothing is thrown over bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const events = parseWebhookEvents(bytes);
        expect(events === null || Array.isArray(events)).toBe(true);
      }),
    );
  });

  it('it is an array exactly where JSON.parse says so', () => {
    const read = (text: string): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        return null;
      }
    };
    const piece = fc.oneof(
      fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\\\', '1', ' ', '"a":', 'null'),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        for (const text of [pieces.join(''), `[${pieces.join('')}]`]) {
          const expected = read(text);
          expect(parse(text)?.length ?? null).toBe(Array.isArray(expected) ? expected.length : null);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('every event has its place and a known fate, and a good one among them is read', () => {
    // Every field of an event, each absent, right or anything that JSON can say.
    const anyField = (right: unknown) => fc.oneof(fc.constant(right), fc.constant(undefined), fc.jsonValue());
    const anyEvent = fc.record(
      Object.fromEntries(
        Object.entries({ ...TICKET_CHANGE, ...NEW_MESSAGE }).map(([name, right]) => [name, anyField(right)]),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(anyEvent, fc.jsonValue())), fc.nat(), (strangers, at) => {
        const place = at % (strangers.length + 1);
        const events = parse(JSON.stringify(strangers.toSpliced(place, 0, NEW_MESSAGE))) ?? [];
        expect(events.map(({ index }) => index)).toEqual([...strangers, null].map((_, index) => index));
        expect(events[place]).toEqual({ ...PARSED_MESSAGE, index: place });
        for (const event of events) if (event.kind === 'rejected') expect(REJECT_REASONS).toContain(event.reason);
      }),
    );
  });
});
