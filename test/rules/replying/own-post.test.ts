import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../../src/hubspot/ids.ts';
import { earlierPost, findOwnPost, postKeyOf } from '../../../src/rules/replying/own-post.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 10 });
const key = postKeyOf(asked.id, 'replied');
const sought = { key, text: 'It ships  tomorrow.', since: asked.createdAt };
const find = (...messages: Message[]) => findOwnPost([asked, ...messages], sought, AI);

describe('findOwnPost', () => {
  it.each<[string, Message, string | null]>([
    ['a message with our key', fromAi({ at: 11, text: 'as HubSpot changed it', postKey: key }), 'm11'],
    ['a message whose key HubSpot stripped, by its words', fromAi({ at: 11, text: 'It ships tomorrow.' }), 'm11'],
    ['one that HubSpot cut', fromAi({ at: 11, text: 'It ships', truncated: true }), 'm11'],
    [
      'a comment, whose author HubSpot made the app',
      comment({ at: 11, by: 'I-9' as ActorId, text: 'It ships tomorrow.' }),
      'm11',
    ],
    ['one with invisible characters added', fromAi({ at: 11, text: 'It\u200b shi\u200bps tomorrow.\ufeff' }), 'm11'],
    [
      'another message’s answer with the same words',
      fromAi({ at: 11, text: 'It ships tomorrow.', postKey: 'replied.m9' }),
      null,
    ],
    ['the same words from before the question', fromAi({ at: 9, text: 'It ships tomorrow.' }), null],
    ['other words', fromAi({ at: 11, text: 'It ships today.' }), null],
    ['an agent who says the same', fromAgent({ at: 11, text: 'It ships tomorrow.' }), null],
    ['a customer who quotes us', fromCustomer({ at: 11, text: 'It ships tomorrow.' }), null],
    ['something cut down to nothing', fromAi({ at: 11, text: '', truncated: true }), null],
  ])('%s', (_, message, found) => {
    expect(find(message)).toBe(found);
  });

  it('finds nothing in an empty thread', () => {
    expect(findOwnPost([], sought, AI)).toBeNull();
  });
});

describe('earlierPost', () => {
  const of = (...messages: Message[]) => earlierPost(messages, 'm10' as MessageId);

  it('finds reply, draft and handoff by their keys', () => {
    expect(of(fromAi({ at: 11, postKey: 'replied.m10' }))).toEqual({ outcome: 'replied', postedMessageId: 'm11' });
    expect(of(comment({ at: 11, postKey: 'drafted.m10' }))).toEqual({ outcome: 'drafted', postedMessageId: 'm11' });
    expect(of(comment({ at: 11, postKey: 'for-approval.m10' }))).toEqual({
      outcome: 'drafted',
      postedMessageId: 'm11',
    });
    expect(of(comment({ at: 11, postKey: 'limit-calls.m10' }))).toEqual({
      outcome: 'handed-off',
      postedMessageId: 'm11',
    });
    expect(of(comment({ at: 11, postKey: 'handed-off.m10' }))).toEqual({
      outcome: 'handed-off',
      postedMessageId: 'm11',
    });
  });

  it('lets a run that needed attention be run again', () => {
    expect(of(comment({ at: 11, postKey: 'needs-attention.m10' }))).toBeNull();
  });

  it('ignores what answers other messages', () => {
    expect(of(fromAi({ at: 11, postKey: 'replied.m1' }), fromAi({ at: 12 }))).toBeNull();
  });
});
