import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { readMessage } from '../../../src/rules/mail/message-reading.ts';
import { newerCustomerMessage, unansweredMessages } from '../../../src/rules/speaking/burst.ts';
import { messagesLeftUnanswered } from '../../../src/rules/speaking/catch-up.ts';
import { AI, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const CONTEXT = { aiActorId: AI, appId: null, turns: [] };
const OLDEST = fromCustomer().createdAt;
const read = (message: Message): Message => readMessage(message, { aiActorId: AI });
const mailFrom = (value: string, at: number): Message => {
  const address = { type: 'HS_EMAIL_ADDRESS', value };
  // HubSpot gives all who write on a thread the actor of its contact.
  const senders = [{ actorId: 'V-9' as never, name: null, field: 'FROM', address }];
  return read(fromCustomer({ at, channelId: '1002', text: `mail ${at}`, senders }));
};
const anna = (at: number) => mailFrom('anna@example.org', at);
const bert = (at: number) => mailFrom('bert@example.net', at);
const ids = (messages: Message[]) => messages.map(({ id }) => id);

describe('a burst', () => {
  it('is of one author', () => {
    const messages = [anna(1), bert(2), mailFrom(' Anna@Example.ORG ', 3)];
    const [first, second, third] = messages as [Message, Message, Message];
    expect(newerCustomerMessage(messages, first, CONTEXT)).toBe('m3');
    expect(newerCustomerMessage(messages, second, CONTEXT)).toBeNull();
    expect(ids(unansweredMessages(messages, second, CONTEXT))).toEqual(['m2']);
    expect(ids(unansweredMessages(messages, third, CONTEXT))).toEqual(['m1', 'm3']);
  });

  it('goes on after an answer to somebody else, and ends with an agent’s', () => {
    const last = anna(4);
    const answered = [anna(1), bert(2), read(fromAi({ at: 3, postKey: 'replied.m2' })), last];
    expect(ids(unansweredMessages(answered, last, CONTEXT))).toEqual(['m1', 'm4']);
    const byAgent = [anna(1), bert(2), read(fromAgent({ at: 3 })), last];
    expect(ids(unansweredMessages(byAgent, last, CONTEXT))).toEqual(['m4']);
  });

  it('is one person’s on a chat, and in what an earlier version has read', () => {
    const chat = [fromCustomer({ at: 1 }), fromCustomer({ at: 2 })].map(read);
    expect(newerCustomerMessage(chat, chat[0] as Message, CONTEXT)).toBe('m2');
    const unread = [anna(1), bert(2)].map(({ reading, ...message }) => message);
    expect(newerCustomerMessage(unread, unread[0] as Message, CONTEXT)).toBe('m2');
  });
});

it('is caught up with for each author', () => {
  expect(messagesLeftUnanswered([anna(1), bert(2), anna(3)], AI, OLDEST)).toEqual(['m2', 'm3']);
  const answered = [anna(1), bert(2), read(fromAi({ at: 3, postKey: 'replied.m2' }))];
  expect(messagesLeftUnanswered(answered, AI, OLDEST)).toEqual(['m1']);
});
