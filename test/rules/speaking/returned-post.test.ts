import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { isDelay, returnedPost } from '../../../src/rules/speaking/returned-post.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const bounce = fromCustomer({ at: 10, channelId: '1002' });

describe('returnedPost', () => {
  it.each<[string, Message[], object | null]>([
    ['is the AI’s last message before the bounce', [fromAi({ at: 1 }), fromAi({ at: 2 }), bounce], { messageId: 'm2' }],
    ['is no comment', [fromAi({ at: 1 }), comment({ at: 2, by: AI }), bounce], { messageId: 'm1' }],
    ['is not what came after the bounce', [fromAi({ at: 1 }), bounce, fromAi({ at: 11 })], { messageId: 'm1' }],
    ['is known for a notice', [fromAi({ at: 1, postKey: 'told.m0' }), bounce], { messageId: 'm1', isNotice: true }],
    ['is known for a reply', [fromAi({ at: 1, postKey: 'replied.m0' }), bounce], { messageId: 'm1', isNotice: false }],
    [
      'is nothing where the AI only asked for a rating',
      [fromAi({ at: 1 }), fromAi({ at: 2, postKey: 'rating.m0' }), bounce],
      null,
    ],
    ['is nothing where an agent wrote last', [fromAi({ at: 1 }), fromAgent({ at: 2 }), bounce], null],
    ['is nothing where nobody has written', [fromCustomer({ at: 1 }), bounce], null],
  ])('%s', (_, messages, expected) => {
    const returned = returnedPost(messages, bounce, AI);
    if (expected === null) expect(returned).toBeNull();
    else expect(returned).toMatchObject(expected);
  });
});

describe('isDelay', () => {
  it.each([
    ['Delivery Status Notification (Delay)', ''],
    ['Delayed Mail (still being retried)', ''],
    ['Warning: message 1abc-2def delayed 24 hours', ''],
    ['Warning: could not send message for past 4 hours', ''],
    ['Delivery delayed: Re: Question', ''],
    ['Verzögerte Zustellung', ''],
    ['Mail status', 'Gmail will retry for 45 more hours.'],
    ['Mail status', 'Action: delayed'],
    ['Mail status', 'Delivery attempts will continue to be made.'],
  ])('%j (%j) is only late', (subject, text) => {
    expect(isDelay({ subject, text })).toBe(true);
  });

  it.each([
    ['Undelivered Mail Returned to Sender', 'Host or domain name not found.'],
    ['Delivery Status Notification (Failure)', 'Address not found. Action: failed'],
    ['Undeliverable: Re: Question', 'The mailbox is full.'],
    ['Mail delivery failed: returning message to sender', ''],
  ])('%j (%j) is final', (subject, text) => {
    expect(isDelay({ subject, text })).toBe(false);
  });
});
