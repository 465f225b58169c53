import { describe, expect, it } from '@jest/globals';
import type { Thread } from '../../src/hubspot/conversation.ts';
import { type Resumed, resumedWords, takesOnResume } from '../../src/rules/resumption.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { AGENT, AI, conversation, everywhere, fromAi, fromCustomer, settings } from '../support/messages.ts';

const newest = fromCustomer({ at: 5 });
const words = (
  changes: Partial<Resumed> & { thread?: Partial<Thread> } = {},
  portal: Partial<PortalSettings> = {},
): string => {
  const { thread = {}, ...resumed } = changes;
  return resumedWords(
    {
      ...{ conversation: conversation([newest], thread), newest, at: Date.parse(newest.createdAt) + 1_000 },
      ...{ silenced: null, stopped: false, taken: false, spent: 0, calls: 0, ...resumed },
    },
    settings(portal),
  );
};
const ANSWERS = /^The AI may speak on this thread again\. It answers the customer’s next message, and in it/;

describe('what an agent is told of /ai resume', () => {
  it.each<[string, string, RegExp]>([
    ['the AI owns the thread', words(), ANSWERS],
    ['it has just taken it', words({ taken: true }), /again, and has taken it \(A-500\)\. It answers/],
    ['the thread is closed', words({ thread: { status: 'CLOSED' } }), ANSWERS],
    ['no customer has written', words({ newest: null }), ANSWERS],
    [
      'an agent owns it',
      words({ thread: { assignedTo: AGENT } }),
      /but A-77 owns this thread\. Assign it to the AI’s user \(A-500\)/,
    ],
    [
      'nobody owns it',
      words({ thread: { assignedTo: null } }),
      /nobody owns this thread.*Assign it to the AI’s user \(A-500\)/,
    ],
    [
      'nobody owns it, and no assignment is to be had',
      words({ thread: { assignedTo: null } }, { unassignedThreads: 'claim' }),
      ANSWERS,
    ],
    ['it is spam', words({ thread: { spam: true } }), /spam.*Mark it as no spam/],
    ['it is archived', words({ thread: { archived: true } }), /archived.*Restore it/],
    ['an operator has stopped the AI', words({ stopped: true }), /^An operator has stopped the AI/],
    ['the AI was paused later', words({ silenced: 'paused' }), /still silent.*paused.*`\/ai resume` again/],
    ['it was handed over later', words({ silenced: 'handed-off' }), /still silent.*handed to agents/],
    ['the AI is off', words({}, everywhere('off')), /^The AI is off on live chat/],
    ['the AI is in shadow mode', words({}, everywhere('shadow')), /shadow mode/],
    [
      'it drafts, whoever owns the thread',
      words({ thread: { assignedTo: AGENT } }, everywhere('draft')),
      /again\. It leaves a draft on/,
    ],
    ['it asks for approval', words({}, everywhere('approve')), /It leaves a draft for your approval on/],
    [
      'the channel takes no replies',
      words({ newest: fromCustomer({ channelId: '1007' }) }),
      /It leaves a draft on.*: \S/,
    ],
    ['the budget is spent', words({ spent: 5 }, { aiDailyBudgetMillionths: 5 }), /It leaves a draft on.*budget/],
    [
      'the ceiling is spent',
      words({ spent: 5 }, { aiDailyCeilingMillionths: 5 }),
      /goes to agents anyway: today's ceiling/,
    ],
    [
      'the contact’s calls are',
      words({ calls: 3 }, { maxAiCallsPerHour: 3 }),
      /goes to agents anyway: the AI has been asked 3 times/,
    ],
    [
      'it has written as often as it may',
      words({ conversation: conversation([fromAi({ at: 1 }), newest]) }, { maxRepliesPerHour: 1 }),
      /goes to agents anyway: the AI has written 1 replies/,
    ],
  ])('where %s', (_, said, expected) => {
    expect(said).toMatch(expected);
  });
});

describe('takesOnResume', () => {
  const takes = (thread: Partial<Thread>, portal: Partial<PortalSettings>) =>
    takesOnResume(conversation([newest], thread), newest, settings(portal));
  it('only what nobody owns, where the AI takes such threads and answers on them', () => {
    const claim = { unassignedThreads: 'claim' as const };
    expect(takes({ assignedTo: null }, claim)).toBe(true);
    expect(takes({ assignedTo: null }, {})).toBe(false);
    expect(takes({ assignedTo: AGENT }, claim)).toBe(false);
    expect(takes({ assignedTo: AI }, claim)).toBe(false);
    expect(takes({ assignedTo: null, spam: true }, claim)).toBe(false);
    expect(takes({ assignedTo: null }, { ...claim, ...everywhere('draft') })).toBe(false);
    expect(takes({ assignedTo: null }, { ...claim, ...everywhere('off') })).toBe(false);
  });
});
