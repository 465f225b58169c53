import { describe, expect, it } from '@jest/globals';
import { messageIdSchema, portalIdSchema, threadIdSchema, ticketIdSchema } from '../../src/hubspot/id-schemas.ts';
import { toActorId } from '../../src/hubspot/ids.ts';

describe.each([
  ['portalId', portalIdSchema],
  ['threadId', threadIdSchema],
  ['ticketId', ticketIdSchema],
])('%s', (name, schema) => {
  it.each([
    ['a number', 6_065_362_089, '6065362089'],
    ['a string of digits', '6065362089', '6065362089'],
    ['zero, which HubSpot uses in test events', 0, '0'],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['an int64 as text, every digit kept', '9223372036854775807', '9223372036854775807'],
  ])('takes %s', (_what, given, expected) => {
    expect(schema.parse(given)).toBe(expected);
  });

  it.each([
    ['a number that has lost digits', Number.MAX_SAFE_INTEGER + 2],
    ['a negative number', -1],
    ['a fraction', 1.5],
    ['NaN', Number.NaN],
    ['nothing', undefined],
    ['null', null],
    ['an empty string', ''],
    ['a second spelling of another id', '007'],
    ['digits with space around', ' 7 '],
    ['digits and a line end', '7\n'],
    ['digits of another script', '٧'],
    ['a zero-width space', '7\u200b'],
    ['an array that would print as digits', [7]],
    ['a million digits', '1'.repeat(1_000_000)],
  ])('refuses %s, and says which field it is', (_what, given) => {
    expect(schema.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([
      `${name} must be digits, as a number or a string`,
    ]);
  });
});

describe('messageId', () => {
  it.each([
    ['32 hex digits', '9b38dc6d5b5744a788931a9cf3a7b225'],
    ['a UUID', '3f2b0f0e-6c57-4b4a-9f1e-2d1c3b4a5f60'],
    ['dots among other characters', 'a..b'],
    ['200 characters', 'm'.repeat(200)],
  ])('takes %s', (_what, id) => {
    expect(messageIdSchema.parse(id)).toBe(id);
  });

  it('takes a number', () => {
    expect(messageIdSchema.parse(42)).toBe('42');
  });

  it.each([
    ['nothing', undefined],
    ['an empty string', ''],
    ['a slash, which would change the URL', '../threads/1'],
    ['one dot, which would change the URL', '.'],
    ['two dots, which would change the URL', '..'],
    ['a question mark', 'a?b'],
    ['a percent sign', 'a%2fb'],
    ['a space', 'a b'],
    ['a line end', 'a\n'],
    ['a NUL', 'a\0'],
    ['a lone surrogate', '\ud83d'],
    ['an emoji', '🔄'],
    ['a right-to-left mark', 'a\u202eb'],
    ['201 characters', 'm'.repeat(201)],
  ])('refuses %s', (_what, id) => {
    expect(messageIdSchema.safeParse(id).success).toBe(false);
  });
});

describe('toActorId', () => {
  it.each([
    ['12345', 'A-12345'],
    ['A-12345', 'A-12345'],
    ['V-9', 'V-9'],
    ['E-someone@example.com', 'E-someone@example.com'],
  ])('reads %s as %s', (raw, expected) => {
    expect(toActorId(raw)).toBe(expected);
  });
});
