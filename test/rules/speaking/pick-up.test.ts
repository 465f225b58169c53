import { describe, expect, it } from '@jest/globals';
import type { Conversation } from '../../../src/hubspot/conversation.ts';
import type { ActorId } from '../../../src/hubspot/ids.ts';
import { howTakenOver } from '../../../src/rules/speaking/pick-up.ts';
import { AGENT, AI, comment, conversation, fromAgent, fromCustomer } from '../../support/messages.ts';

const asked = fromCustomer({ at: 1 });
const ASSIGNED = 'A-9' as ActorId;

describe('a thread that was handed over', () => {
  it.each<[string, Conversation, { assignedTo?: ActorId | null; silenced?: boolean | null }, string | null]>([
    ['still waits', conversation([asked], { assignedTo: null }), {}, null],
    [
      'still waits with whom it was given to',
      conversation([asked], { assignedTo: ASSIGNED }),
      { assignedTo: ASSIGNED },
      null,
    ],
    [
      'still waits though agents talk about it',
      conversation([asked, comment({ at: 2 })], { assignedTo: null }),
      {},
      null,
    ],
    ['still waits where HubSpot offers no assignment', conversation([asked]), { silenced: true }, null],
    ['is answered', conversation([asked, fromAgent({ at: 2 })], { assignedTo: null }), {}, 'an agent has answered'],
    [
      'is not by what an agent said before',
      conversation([fromAgent({ at: 0 }), asked], { assignedTo: null }),
      {},
      null,
    ],
    ['has been taken', conversation([asked], { assignedTo: AGENT }), {}, `${AGENT} owns it`],
    [
      'has been taken by someone whose name is known',
      conversation([asked], { assignedTo: AGENT, ownerName: 'Kim Lee' }),
      {},
      `Kim Lee (${AGENT}) owns it`,
    ],
    [
      'has been taken from whom it was given to',
      conversation([asked], { assignedTo: AGENT }),
      { assignedTo: ASSIGNED },
      `${AGENT} owns it`,
    ],
    ['was given back', conversation([asked]), { silenced: false }, 'an agent gave it back to the AI'],
    [
      'was given back by whom it was given to',
      conversation([asked]),
      { assignedTo: ASSIGNED },
      'an agent gave it back to the AI',
    ],
    ['is closed', conversation([asked], { status: 'CLOSED' }), {}, 'the thread is closed'],
    ['is archived', conversation([asked], { archived: true }), {}, 'the thread is archived'],
    ['is spam', conversation([asked], { spam: true }), {}, 'the thread is spam'],
  ])('%s', (_, now, { assignedTo = null, silenced = null }, expected) => {
    expect(howTakenOver(now, asked, { aiActorId: AI, assignedTo, silenced })).toBe(expected);
  });
});
