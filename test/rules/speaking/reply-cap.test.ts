import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { handoffBody } from '../../../src/rules/replying/post-body.ts';
import { replyCap } from '../../../src/rules/speaking/reply-cap.ts';
import { comment, conversation, fromAgent, fromAi, fromCustomer, settings } from '../../support/messages.ts';

const HOUR = 3_600;
const asked = fromCustomer({ at: 2 * HOUR });
const capped = (messages: Message[], maxRepliesPerHour = 3) =>
  replyCap(conversation([...messages, asked]), asked, settings({ maxRepliesPerHour }));

/** `count` replies of the AI's, the last right before the customer's message. */
const replies = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => fromAi({ at: 2 * HOUR - count + index, id: `r${index}` }));

describe('replyCap', () => {
  it('lets the AI write as often as it may', () => {
    expect(capped(replies(2))).toBeNull();
  });

  it('hands the thread over instead of one more reply, and says why', () => {
    expect(capped(replies(3))).toMatchObject({
      reason: expect.stringMatching(/^the AI has written 3 replies within an hour/),
      commentId: null,
    });
  });

  it('counts what the session store knows of, where the thread was not read so far back', () => {
    const short = settings({ maxRepliesPerHour: 3 });
    expect(replyCap(conversation([asked]), asked, short, 2)).toBeNull();
    expect(replyCap(conversation([asked]), asked, short, 3)).not.toBeNull();
  });

  it.each<[string, Message]>([
    ['more than an hour old', fromAi({ at: HOUR })],
    ['written after the message', fromAi({ at: 2 * HOUR + 1 })],
    ['an agent’s', fromAgent({ at: 2 * HOUR - 9 })],
    ['the customer’s', fromCustomer({ at: 2 * HOUR - 9 })],
    ['a draft of ours', comment({ at: 2 * HOUR - 9, by: 'I-24' as never, aiMarker: true })],
  ])('does not count what is %s', (_, other) => {
    expect(capped([...replies(2), other])).toBeNull();
  });

  it('counts what is almost an hour old, and what came in the same millisecond', () => {
    expect(
      capped([fromAi({ at: HOUR + 1 }), fromAi({ at: HOUR + 2 }), fromAi({ at: 2 * HOUR, id: 'now' })]),
    ).not.toBeNull();
  });

  describe('tells agents once an hour', () => {
    const told = (at: number) => {
      const { text } = handoffBody(capped(replies(7))?.reason ?? '');
      return comment({ at, id: 'told', by: 'I-24' as never, text, aiMarker: true });
    };

    it.each([
      ['before the message', 2 * HOUR - 1, 'told'],
      ['after it, by an earlier attempt', 2 * HOUR + 1, 'told'],
      ['more than an hour ago', HOUR - 1, null],
    ])('told %s', (_, at, expected) => {
      expect(capped([...replies(3), told(at)])).toMatchObject({ commentId: expected });
    });

    it('and takes neither another handoff for it nor an agent’s words', () => {
      const another = comment({
        at: 2 * HOUR - 1,
        by: 'I-24' as never,
        text: '🔄 AI decided to handoff',
        aiMarker: true,
      });
      const quoted = { ...told(2 * HOUR - 1), aiMarker: false };
      expect(capped([...replies(3), another, quoted])).toMatchObject({ commentId: null });
    });
  });

  it('ends a ping-pong of two portals’ AIs, however fast they write', () => {
    const messages: Message[] = [];
    let handoffs = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      const question = fromCustomer({ at: 2 * turn });
      messages.push(question);
      const cap = replyCap(conversation(messages), question, settings());
      if (cap === null) {
        messages.push(fromAi({ at: 2 * turn + 1 }));
      } else if (cap.commentId === null) {
        handoffs += 1;
        const { text } = handoffBody(cap.reason);
        messages.push(comment({ at: 2 * turn + 1, by: 'I-24' as never, text, aiMarker: true }));
      }
    }
    expect(messages.filter(({ kind, direction }) => kind === 'message' && direction === 'outgoing')).toHaveLength(20);
    expect(handoffs).toBe(1);
  });
});
