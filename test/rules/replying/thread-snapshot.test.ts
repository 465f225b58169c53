import { describe, expect, it } from '@jest/globals';
import type { Conversation } from '../../../src/hubspot/conversation.ts';
import { hasChangedSince, snapshotOf } from '../../../src/rules/replying/thread-snapshot.ts';
import { AGENT, comment, conversation, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 1 });
const seen = snapshotOf(conversation([asked]));

describe('a conversation has moved on', () => {
  it.each<[string, Conversation, boolean]>([
    ['not where nothing happened', conversation([asked]), false],
    ['not by an internal comment', conversation([asked, comment({ at: 2 })]), false],
    ['where the customer wrote', conversation([asked, fromCustomer({ at: 2 })]), true],
    ['where an agent wrote', conversation([asked, fromAgent({ at: 2 })]), true],
    ['where another run answered', conversation([asked, fromAi({ at: 2 })]), true],
    ['where it has another owner', conversation([asked], { assignedTo: AGENT }), true],
    ['where nobody owns it any more', conversation([asked], { assignedTo: null }), true],
    ['where it became spam', conversation([asked], { spam: true }), true],
    ['where it was archived', conversation([asked], { archived: true }), true],
  ])('%s', (_, now, moved) => {
    expect(hasChangedSince(now, seen)).toBe(moved);
  });
});
