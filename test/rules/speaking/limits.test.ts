import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { handoffBody } from '../../../src/rules/replying/post-body.ts';
import { LIMIT_WORDS, LIMITS, limitComment, limitKind } from '../../../src/rules/speaking/limits.ts';
import { comment, conversation, fromCustomer } from '../../support/messages.ts';

const HOUR = 3_600;
const asked = fromCustomer({ at: 2 * HOUR });
/** A comment of ours; `at` in seconds. */
const ours = (text: string, changes: Partial<Omit<Message, 'id'>> & { at?: number } = {}) =>
  comment({
    at: 2 * HOUR - 1,
    id: 'ours',
    by: 'I-24' as never,
    text: handoffBody(text).text,
    aiMarker: true,
    ...changes,
  });
const found = (which: (typeof LIMITS)[number], of: Message) => limitComment(which, conversation([of, asked]), asked);

describe.each(LIMITS)('the comment that hands over because of the limit %s', (limit) => {
  const postKey = `${limitKind(limit)}.m1`;
  const words = `the reason, 7 ${LIMIT_WORDS[limit]}`;
  const others = LIMITS.filter((other) => other !== limit);

  it('is found by its kind, whatever its words', () => {
    expect(found(limit, ours('In words of another version', { postKey }))).toBe('ours');
    expect(found(limit, ours('', { postKey, aiMarker: false, text: '' }))).toBe('ours');
  });

  it.each(others)('is not one of %s, even where its words are', (other) => {
    expect(found(other, ours(`7 ${LIMIT_WORDS[other]}`, { postKey }))).toBeNull();
  });

  it.each([
    ['without a key, as where HubSpot has stripped it', null],
    ['with the key of every handoff, as earlier versions wrote it', 'handed-off.m1'],
    ['with a key of a kind that is not known', 'a-later-kind.m1'],
  ])('is found by its words %s', (_, key) => {
    expect(found(limit, ours(words, { postKey: key }))).toBe('ours');
    expect(found(limit, ours('another reason', { postKey: key }))).toBeNull();
    expect(found(limit, ours(words, { postKey: key, aiMarker: false }))).toBeNull();
  });

  it('counts no post of another kind with the same words', () => {
    expect(found(limit, ours(words, { postKey: 'command.m1' }))).toBeNull();
    expect(found(limit, ours(words, { postKey, kind: 'message' }))).toBeNull();
  });

  it.each([
    ['within the hour before the message', 2 * HOUR - 1, 'ours'],
    ['after it, by an earlier attempt', 2 * HOUR + 1, 'ours'],
    ['an hour ago', HOUR, null],
  ])('counts when it was written %s', (_, at, expected) => {
    expect(found(limit, ours(words, { at, postKey }))).toBe(expected);
  });
});
