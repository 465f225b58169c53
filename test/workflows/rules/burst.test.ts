import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { unansweredMessages } from '../../../src/workflows/rules/burst.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 10 });
const ids = (messages: Message[]) => unansweredMessages(messages, asked, AI).map(({ id }) => id);

describe('unansweredMessages', () => {
  it.each<[string, Message[], string[]]>([
    ['is the message alone at the start of a thread', [asked], ['m10']],
    [
      'holds everything since the AI’s last answer',
      [fromCustomer({ at: 1 }), fromAi({ at: 2 }), fromCustomer({ at: 8 }), asked],
      ['m8', 'm10'],
    ],
    [
      'holds everything since an agent’s last answer',
      [fromCustomer({ at: 1 }), fromAgent({ at: 2 }), fromCustomer({ at: 9 }), asked],
      ['m9', 'm10'],
    ],
    ['is not cut by an internal comment', [fromCustomer({ at: 8 }), comment({ at: 9 }), asked], ['m8', 'm10']],
    [
      'is not cut by a bot, and leaves its words out',
      [fromCustomer({ at: 8 }), fromCustomer({ at: 9, by: 'B-1' as never }), asked],
      ['m8', 'm10'],
    ],
    ['leaves out what needs no answer', [fromCustomer({ at: 8, text: '' }), asked], ['m10']],
    [
      'leaves out what a reply has answered that went out when the message had just come',
      [fromCustomer({ at: 7 }), fromCustomer({ at: 8 }), asked, fromAi({ at: 11, postKey: 'replied.m8' })],
      ['m10'],
    ],
    ['knows nothing of what came later', [asked, fromCustomer({ at: 11 })], ['m10']],
  ])('%s', (_, messages, expected) => {
    expect(ids(messages)).toEqual(expected);
  });
});
