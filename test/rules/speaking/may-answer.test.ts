import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import type { BurstContext } from '../../../src/rules/speaking/burst.ts';
import { whyNotAnswer } from '../../../src/rules/speaking/may-answer.ts';
import { mustClaim } from '../../../src/rules/speaking/owner-gate.ts';
import {
  AGENT,
  AI,
  comment,
  conversation,
  everywhere,
  fromAgent,
  fromAi,
  fromCustomer,
  settings,
  thread,
} from '../../support/messages.ts';

const asked = fromCustomer({ at: 10 });
const CONTEXT: BurstContext = { aiActorId: AI, appId: '24', turns: [] };

describe('whyNotAnswer, by the thread', () => {
  const assist = everywhere('draft');
  const claim = { unassignedThreads: 'claim' } as const;
  it.each<[string, Parameters<typeof thread>[0], Partial<PortalSettings>, string | null]>([
    ['owned by the AI', { assignedTo: AI }, {}, null],
    ['owned by an agent', { assignedTo: AGENT }, {}, 'owned-by-human'],
    ['owned by nobody', { assignedTo: null }, {}, 'unassigned'],
    ['owned by nobody, where the AI claims', { assignedTo: null }, claim, null],
    ['owned by an agent, where the AI claims', { assignedTo: AGENT }, claim, 'owned-by-human'],
    ['owned by an agent, in Assist Mode', { assignedTo: AGENT }, assist, null],
    ['owned by nobody, in Assist Mode', { assignedTo: null }, assist, null],
    ['owned by an agent, who would have to approve', { assignedTo: AGENT }, everywhere('approve'), 'owned-by-human'],
    ['owned by nobody, where the AI works in the shadow', { assignedTo: null }, everywhere('shadow'), null],
    [
      'owned by an agent, on a channel that is drafted for',
      { assignedTo: AGENT },
      { autonomy: { default: 'auto', channels: { 'live chat': 'draft' } } },
      null,
    ],
    ['spam', { spam: true }, {}, 'thread-spam'],
    ['spam, in Assist Mode', { spam: true }, assist, 'thread-spam'],
    ['archived', { archived: true }, {}, 'thread-archived'],
    ['closed: the customer’s message reopens it', { status: 'CLOSED' }, {}, null],
  ])('%s → %s', (_, change, portal, reason) => {
    expect(whyNotAnswer(conversation([asked], change), asked, settings(portal), CONTEXT)?.skip ?? null).toBe(reason);
  });

  it('claims only a thread of nobody’s, only where told to, and never where no customer is answered', () => {
    expect(mustClaim(thread({ assignedTo: null }), settings(claim), 'auto')).toBe(true);
    expect(mustClaim(thread({ assignedTo: null }), settings(claim), 'approve')).toBe(true);
    expect(mustClaim(thread({ assignedTo: AI }), settings(claim), 'auto')).toBe(false);
    expect(mustClaim(thread({ assignedTo: null }), settings(), 'auto')).toBe(false);
    expect(mustClaim(thread({ assignedTo: null }), settings(claim), 'draft')).toBe(false);
  });
});

describe('whyNotAnswer, by the messages', () => {
  it.each<[string, Message[], object | null]>([
    ['nothing came after', [fromCustomer({ at: 1 }), fromAi({ at: 2 }), asked], null],
    [
      'the customer wrote again',
      [asked, fromCustomer({ at: 12 }), fromCustomer({ at: 11 })],
      { skip: 'superseded', supersededBy: 'm12' },
    ],
    ['an agent answered', [asked, fromAgent({ at: 11 })], { skip: 'human-replied' }],
    ['an agent answered before', [fromAgent({ at: 9 }), asked], null],
    [
      'an agent answered by a mail that HubSpot calls incoming',
      [asked, fromCustomer({ at: 11, by: AGENT })],
      { skip: 'human-replied' },
    ],
    [
      'an agent answered by a mail from an own address that HubSpot calls incoming, without an actor',
      [asked, fromCustomer({ at: 11, by: null, fromOwnAddress: true })],
      { skip: 'human-replied' },
    ],
    [
      'our own app wrote, and HubSpot calls it incoming',
      [asked, fromCustomer({ at: 11, integrationAppId: '24' })],
      null,
    ],
    [
      'the customer’s machine says that they are away',
      [asked, fromCustomer({ at: 11, channelId: '1002', subject: 'Automatic reply: Hi' })],
      null,
    ],
    ['something went out without an actor', [asked, fromAgent({ at: 11, by: null })], { skip: 'human-replied' }],
    ['agents only talked among themselves', [asked, comment({ at: 11 })], null],
    ['the AI’s answer to an earlier message came late', [asked, fromAi({ at: 11 })], null],
    ['a bot spoke', [asked, fromCustomer({ at: 11, by: 'B-1' as never })], null],
    ['what came after needs no answer', [asked, fromCustomer({ at: 11, text: ' ' })], null],
    [
      'both an agent answered and the customer wrote again',
      [asked, fromAgent({ at: 11 }), fromCustomer({ at: 12 })],
      { skip: 'superseded', supersededBy: 'm12' },
    ],
  ])('%s', (_, messages, silence) => {
    expect(whyNotAnswer(conversation(messages), asked, settings(), CONTEXT)).toEqual(silence);
  });

  it('does not let a customer who writes on and on wait for ever', () => {
    const messages = Array.from({ length: 10 }, (_, index) => fromCustomer({ at: 2 * index }));
    const [first, , third] = messages as [Message, Message, Message];
    expect(whyNotAnswer(conversation(messages.slice(0, 5)), first, settings(), CONTEXT)?.skip).toBe('superseded');
    expect(whyNotAnswer(conversation(messages), third, settings(), CONTEXT)).toBeNull();
    expect(whyNotAnswer(conversation([...messages, fromAgent({ at: 19 })]), third, settings(), CONTEXT)?.skip).toBe(
      'superseded',
    );
  });

  it('lets exactly one of two messages of the same millisecond stand down', () => {
    const [a, b] = [fromCustomer({ at: 1, id: 'aaa' }), fromCustomer({ at: 1, id: 'bbb' })];
    const both = conversation([a, b]);
    expect(whyNotAnswer(both, a, settings(), CONTEXT)).toEqual({ skip: 'superseded', supersededBy: 'bbb' });
    expect(whyNotAnswer(both, b, settings(), CONTEXT)).toBeNull();
  });

  it('asks the owner first: a thread of a human’s is theirs, however the conversation goes on', () => {
    const messages = [asked, fromCustomer({ at: 11 })];
    expect(whyNotAnswer(conversation(messages, { assignedTo: AGENT }), asked, settings(), CONTEXT)).toEqual({
      skip: 'owned-by-human',
    });
  });
});
