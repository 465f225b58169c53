import { describe, expect, it } from '@jest/globals';
import type { Conversation, Message, MessageKind } from '../../../src/hubspot/conversation.ts';
import type { MessageId } from '../../../src/hubspot/ids.ts';
import { inactivityNotice, whyLeftAlone } from '../../../src/rules/inactivity/inactivity.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import type { Silence } from '../../../src/sessions/store.ts';
import {
  AGENT,
  comment,
  conversation,
  everywhere,
  fromAgent,
  fromAi,
  fromCustomer,
  settings,
} from '../../support/messages.ts';

const inactivity = { afterMs: 1, messages: { '*': 'Did that help?', de: 'Hat das geholfen?' }, close: false };
const asked = fromCustomer({ at: 1 });
const answer = fromAi({ at: 2 });
const key = (postKey: string): Message => comment({ at: 3, postKey, aiMarker: true });
const ofKind = (kind: MessageKind): Message => {
  const words = { subject: '', forwardedFrom: null, quoted: null, signature: null, footer: null, reaction: null };
  return fromCustomer({ at: 3, reading: { author: 'machine', kind, words } });
};
const followedBy = (...since: Message[]): Conversation => conversation([asked, answer, ...since]);

describe('a thread on which the AI has answered', () => {
  it.each<[string, Conversation, string | null, { silenced?: Silence; settings?: Partial<PortalSettings> }?]>([
    ['has a silent customer', followedBy(), null],
    ['has one though agents talk about it', followedBy(comment({ at: 3 })), null],
    ['has one though a file could not be read', followedBy(key('unread-files.m1')), null],
    ['has one whose mail program has answered', followedBy(ofKind('auto-reply'), ofKind('read-receipt')), null],
    [
      'has one where the AI owns what nobody does',
      conversation([asked, answer], { assignedTo: null }),
      null,
      { settings: { unassignedThreads: 'claim' } },
    ],
    ['has a customer who has replied', followedBy(fromCustomer({ at: 3 })), 'someone has written since'],
    [
      'has a customer who has replied with an emoji',
      followedBy(fromCustomer({ at: 3, text: '👍' })),
      'someone has written since',
    ],
    ['has an agent who has written', followedBy(fromAgent({ at: 3 })), 'someone has written since'],
    ['has another answer', followedBy(fromAi({ at: 3 })), 'someone has written since'],
    ['has brought a bounce', followedBy(ofKind('bounce')), 'someone has written since'],
    ['is longer than what is read of it', conversation([fromCustomer({ at: 9 })]), 'the answer is not there any more'],
    ['is a person’s', conversation([asked, answer], { assignedTo: AGENT }), `${AGENT} owns the thread`],
    ['is nobody’s', conversation([asked, answer], { assignedTo: null }), 'nobody owns the thread'],
    ['is closed', conversation([asked, answer], { status: 'CLOSED' }), 'the thread is closed'],
    ['is spam', conversation([asked, answer], { spam: true }), 'the thread is spam'],
    ['is archived', conversation([asked, answer], { archived: true }), 'the thread is archived'],
    ['is paused', followedBy(), 'the AI is paused on the thread', { silenced: 'paused' }],
    ['is handed over', followedBy(), 'agents have the thread', { silenced: 'handed-off' }],
    ['was handed over, and stays the AI’s', followedBy(key('handed-off.m1')), 'agents have the thread'],
    ['was so for a limit', followedBy(key('limit-calls.m1')), 'agents have the thread'],
    ['was so where HubSpot strips keys', followedBy(comment({ at: 3, aiMarker: true })), 'agents have the thread'],
    ['was so before the answer', conversation([comment({ at: 0, postKey: 'handed-off.m0' }), asked, answer]), null],
    ['never got it', conversation([asked, { ...answer, undelivered: 'no such mailbox' }]), 'the answer did not arrive'],
    [
      'is of a portal that has turned it off',
      followedBy(),
      'the portal does not want it any more',
      { settings: { inactivity: undefined } as never },
    ],
    [
      'is on a channel where agents approve',
      followedBy(),
      "on live chat the AI doesn't answer by itself",
      { settings: everywhere('approve') },
    ],
    [
      'is on a channel where the AI is off',
      followedBy(),
      "on live chat the AI doesn't answer by itself",
      { settings: everywhere('off') },
    ],
  ])('%s', (_, now, expected, { silenced, settings: changes } = {}) => {
    const portal = { ...settings({ inactivity }), ...changes };
    const about = { message: asked, replyId: answer.id as MessageId };
    expect(whyLeftAlone(now, about, portal, silenced ?? null)).toBe(expected);
  });
});

describe('the message to a silent customer', () => {
  const textOf = (message: Message, language?: string, changes: Partial<PortalSettings> = {}) => {
    const notice = inactivityNotice(message, language, settings({ inactivity, ...changes }));
    return 'none' in notice ? notice.none : notice.words.text;
  };

  it('is in the language of the customer, where there is one', () => {
    expect(textOf(asked, 'de-AT')).toContain('Hat das geholfen?');
    expect(textOf(asked, 'fr')).toContain('Did that help?');
    expect(textOf(asked)).toContain('Did that help?');
  });

  it('goes nowhere where none is set, or where the channel takes none', () => {
    expect(textOf(asked, 'de', { inactivity: { ...inactivity, messages: {} } })).toBe('no message is set');
    expect(textOf(fromCustomer({ channelId: '1007' }))).toBe("HubSpot's API can't send on whatsapp");
  });
});
