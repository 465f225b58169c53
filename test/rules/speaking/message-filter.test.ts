import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import type { ActorId } from '../../../src/hubspot/ids.ts';
import { whyNotForAi } from '../../../src/rules/speaking/message-filter.ts';
import { AGENT, AI, comment, fromAgent, fromAi, fromCustomer, VISITOR } from '../../support/messages.ts';

const OWN = { aiActorId: AI, appId: '24' };
const by = (actor: string) => ({ by: actor as ActorId });

const mail = (subject: string, actor: ActorId = VISITOR) => fromCustomer({ channelId: '1002', subject, ...by(actor) });

describe('whyNotForAi', () => {
  it.each<[string, Message, string | null]>([
    ['a visitor’s chat message', fromCustomer(), null],
    ['an email by an E- actor', fromCustomer(by('E-a1b2')), null],
    ['an incoming message without any actor', fromCustomer({ by: null }), null],
    ['an attachment without words', fromCustomer({ text: '', attachments: [{ name: 'a.png', type: 'IMAGE' }] }), null],
    ['no words yet, but more in the original content', fromCustomer({ text: '', truncated: true }), null],
    ['a message that went out', fromAgent(), 'outgoing'],
    ['our own echo', fromAi(), 'outgoing'],
    ['a welcome message', fromCustomer({ kind: 'welcome', direction: null, ...by('B-1') }), 'outgoing'],
    ['our own app’s, which HubSpot calls incoming', fromCustomer({ integrationAppId: '24' }), 'outgoing'],
    ['an agent’s through our own app', fromCustomer({ integrationAppId: '24', ...by(AGENT) }), 'outgoing'],
    ['another app’s that speaks as a visitor', fromCustomer({ integrationAppId: '25' }), null],
    ['from an own address, which HubSpot calls incoming', fromCustomer({ fromOwnAddress: true }), 'outgoing'],
    ['an auto-reply', mail('Automatic reply: Your order'), 'sender-is-bot'],
    ['a bounce', mail('Undeliverable: Your order'), 'sender-is-bot'],
    ['a mail about automatic replies', mail('Re: Automatic reply'), null],
    ['an agent’s mail about an automatic reply', mail('Automatic reply: Hi', AGENT), 'sender-is-agent'],
    ['an internal comment', comment(), 'comment'],
    ['a comment of a visitor’s, which HubSpot never sends', comment(by('V-1')), 'comment'],
    ['an agent’s mail that HubSpot calls incoming', fromCustomer(by(AGENT)), 'sender-is-agent'],
    ['our own mail that HubSpot calls incoming', fromCustomer(by(AI)), 'sender-is-agent'],
    ['a chatbot', fromCustomer(by('B-3')), 'sender-is-bot'],
    ['HubSpot’s own LLM', fromCustomer(by('L-3')), 'sender-is-bot'],
    ['another integration', fromCustomer(by('I-3')), 'sender-is-bot'],
    ['the system', fromCustomer(by('S-hubspot')), 'sender-is-bot'],
    ['the AI’s marker in the text, whoever sent it', fromCustomer({ aiMarker: true }), 'ai-marker'],
    ['nothing but blanks', fromCustomer({ text: ' \n\t ' }), 'empty-message'],
  ])('%s → %s', (_, message, reason) => {
    expect(whyNotForAi(message, OWN)).toBe(reason);
  });

  it('knows no app where no event has named it', () => {
    const own = { ...OWN, appId: null };
    expect(whyNotForAi(fromCustomer({ integrationAppId: '24' }), own)).toBeNull();
    expect(whyNotForAi(fromCustomer(), own)).toBeNull();
  });

  it('takes the original sender of a mail that an agent passes on for its author', () => {
    const [forwarder] = fromAgent().senders;
    const [customer] = fromCustomer().senders;
    if (!forwarder || !customer) throw new Error('fixtures have one sender each');
    const senders = [
      { ...forwarder, field: 'FROM' },
      { ...customer, field: 'ORIGINAL_FROM' },
    ];
    expect(whyNotForAi(fromCustomer({ senders }), OWN)).toBeNull();
  });
});
