import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { type BurstContext, isHeldTooLong, unansweredMessages } from '../../../src/rules/speaking/burst.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 10 });
const ids = (messages: Message[], turns: BurstContext['turns'] = []) =>
  unansweredMessages(messages, asked, { aiActorId: AI, appId: null, turns }).map(({ id }) => id);

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

  // Found by chaos: the answer to m7 landed after m8 had come, and m8's run stood down for m10's.
  describe('does not take what came while the AI thought for answered', () => {
    const late = [fromCustomer({ at: 7 }), fromCustomer({ at: 8 })];

    it('by the key of the answer', () => {
      expect(ids([...late, fromAi({ at: 9, postKey: 'replied.m7' }), asked])).toEqual(['m8', 'm10']);
    });

    it('by the recorded turn, where HubSpot strips keys', () => {
      const turns = [{ postedMessageId: 'm9', answeredMessageId: 'm7' }] as BurstContext['turns'];
      expect(ids([...late, fromAi({ at: 9 }), asked], turns)).toEqual(['m8', 'm10']);
    });

    it('but for the answer’s place, where nothing is known of it', () => {
      expect(ids([...late, fromAi({ at: 9 }), asked])).toEqual(['m10']);
    });
  });

  describe('leaves out what was settled when the thread was closed', () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
    const open = (messages: Message[], closings: string[]) =>
      unansweredMessages(messages, asked, { aiActorId: AI, appId: null, turns: [], closings }).map(({ id }) => id);
    const stood = [fromCustomer({ at: 1 }), fromCustomer({ at: 3 }), asked];

    it.each<[string, Message[], string[], string[]]>([
      ['all that stood there', stood, [at(4)], ['m10']],
      ['but not what came since', stood, [at(2)], ['m3', 'm10']],
      ['at the last of several closings', stood, [at(2), at(5)], ['m10']],
      ['what came in the same moment', stood, [at(3)], ['m10']],
      ['nothing by a closing after the message', stood, [at(11)], ['m1', 'm3', 'm10']],
      ['nor the message itself', [asked], [at(10)], ['m10']],
      ['nothing where it never was', stood, [], ['m1', 'm3', 'm10']],
    ])('%s', (_, messages, closings, expected) => {
      expect(open(messages, closings)).toEqual(expected);
    });

    it('and counts no burst across it', () => {
      const fast = Array.from({ length: 9 }, (_, index) => fromCustomer({ at: index * 2 }));
      const [, , , , , , seventh] = fast;
      const context = { aiActorId: AI, appId: null, turns: [] };
      expect(isHeldTooLong(fast, seventh as Message, 15_000, context)).toBe(true);
      expect(isHeldTooLong(fast, seventh as Message, 15_000, { ...context, closings: [at(9)] })).toBe(false);
    });
  });

  it('takes an agent’s answer for one to everything above it', () => {
    expect(ids([fromCustomer({ at: 7 }), fromCustomer({ at: 8 }), fromAgent({ at: 9 }), asked])).toEqual(['m10']);
  });
});

describe('isHeldTooLong', () => {
  const every = (seconds: number, count: number) =>
    Array.from({ length: count }, (_, index) => fromCustomer({ at: index * seconds }));
  const held = (messages: Message[], at: number, turns: BurstContext['turns'] = []) =>
    isHeldTooLong(messages, fromCustomer({ at }), 15_000, { aiActorId: AI, appId: null, turns });

  it('lets a fast typist’s message wait for the next one, up to the maximum', () => {
    expect(held(every(2, 8), 12)).toBe(false);
    expect(held(every(2, 9), 14)).toBe(true);
  });

  it('does not count a pause: what came after it is a burst of its own', () => {
    expect(held([...every(2, 4), fromCustomer({ at: 40 }), fromCustomer({ at: 42 })], 40)).toBe(false);
    expect(held([fromCustomer({ at: 0 }), fromCustomer({ at: 20 })], 0)).toBe(false);
  });

  it('begins anew after an answer, which covers what it was about and not what came since', () => {
    const answered = [...every(2, 9), fromAi({ at: 17, postKey: 'replied.m14' }), fromCustomer({ at: 18 })];
    expect(held(answered, 16)).toBe(false);
    expect(held(answered, 14)).toBe(false);
  });

  it('is over with an agent’s answer', () => {
    expect(held([...every(2, 9), fromAgent({ at: 17 })], 14)).toBe(false);
  });
});
