import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { cameBack } from '../../../src/rules/speaking/came-back.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 10 });
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
const back = (messages: Message[], closings = [at(5)]) =>
  cameBack({ messages, closings }, asked, { aiActorId: AI, appId: null });

describe('cameBack', () => {
  it.each<[string, Message[], object]>([
    [
      'knows the first message after the closing',
      [fromCustomer({ at: 1 }), fromCustomer({ at: 6 }), asked],
      { first: 'm6' },
    ],
    ['knows that the AI was there', [fromAi({ at: 1 }), asked], { first: 'm10', aiWasThere: true }],
    ['knows so by a comment of the AI’s', [comment({ at: 1, by: AI, aiMarker: true }), asked], { aiWasThere: true }],
    ['knows that it was not', [fromAgent({ at: 1 }), asked], { aiWasThere: false, informed: null }],
    ['knows that agents have been informed since', [comment({ at: 8, aiMarker: true }), asked], { informed: 'm8' }],
    ['does not take an older comment for that', [comment({ at: 4, aiMarker: true }), asked], { informed: null }],
    ['does not take an agent’s note for that', [comment({ at: 8 }), asked], { informed: null }],
  ])('%s', (_, messages, expected) => {
    expect(back(messages)).toMatchObject(expected);
  });

  it.each<[string, Message[], string[] | undefined]>([
    ['where the thread was never closed', [asked], []],
    ['where nothing is known of that', [asked], undefined],
    ['where it was closed later', [asked], [at(11)]],
    ['where an agent has answered since', [fromCustomer({ at: 6 }), fromAgent({ at: 7 }), asked], [at(5)]],
    ['where the AI has', [fromCustomer({ at: 6 }), fromAi({ at: 7 }), asked], [at(5)]],
  ])('is nothing %s', (_, messages, closings) => {
    expect(cameBack({ messages, ...(closings && { closings }) }, asked, { aiActorId: AI, appId: null })).toBeNull();
  });
});
