import { describe, expect, it } from '@jest/globals';
import type { Message, Party } from '../../../src/hubspot/conversation.ts';
import { readMessage } from '../../../src/rules/mail/message-reading.ts';
import { replySubject, routeReply } from '../../../src/rules/replying/reply-route.ts';
import { AI, fromCustomer, settings, VISITOR } from '../../support/messages.ts';

const mailFrom = (value: string, party: Partial<Party> = {}): Party => ({
  actorId: 'E-77' as never,
  name: null,
  field: 'FROM',
  address: { type: 'HS_EMAIL_ADDRESS', value },
  ...party,
});

describe('routeReply', () => {
  it('answers a chat on its own channel account, to the visitor’s actor and opaque id, without a subject', () => {
    expect(routeReply(fromCustomer({ subject: 'ignored in chat' }), settings())).toEqual({
      channelId: '1000',
      channelAccountId: '424242',
      senderActorId: AI,
      recipient: {
        actorId: VISITOR,
        name: null,
        field: null,
        address: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'opaque-1' },
      },
      subject: null,
    });
  });

  it('answers an email TO its sender’s address, without the E- actor that HubSpot refuses, with a Re: subject', () => {
    const mail = fromCustomer({
      channelId: '1002',
      channelAccountId: '7',
      subject: 'Order',
      senders: [mailFrom('kim@example.com')],
    });
    expect(routeReply(mail, settings())).toEqual({
      channelId: '1002',
      channelAccountId: '7',
      senderActorId: AI,
      recipient: {
        actorId: null,
        name: null,
        field: 'TO',
        address: { type: 'HS_EMAIL_ADDRESS', value: 'kim@example.com' },
      },
      subject: 'Re: Order',
    });
  });

  it('copies whoever else got an email, where that is wanted', () => {
    const others = [mailFrom('sam@example.com', { actorId: null, field: 'CC' })];
    const mail = fromCustomer({
      channelId: '1002',
      senders: [mailFrom('kim@example.com')],
      mail: { to: 'support@example.com', others },
    });
    expect(routeReply(mail, settings({ replyAll: true }))).toMatchObject({ cc: others });
    expect(routeReply(mail, settings({ replyAll: false }))).not.toHaveProperty('cc');
    expect(routeReply(mail, settings())).not.toHaveProperty('cc');
    expect(routeReply({ ...mail, channelId: '1000' }, settings({ replyAll: true }))).not.toHaveProperty('cc');
  });

  it.each(['no-reply@shop.example', 'noreply@example.org', 'Do-Not-Reply@shop.example', 'mailer-daemon@mx.example'])(
    'copies nobody at %s, which nobody reads',
    (address) => {
      const sam = mailFrom('sam@example.com', { actorId: null, field: 'CC' });
      const others = [mailFrom(address, { actorId: null, field: 'CC' }), sam];
      const mail = fromCustomer({
        channelId: '1002',
        senders: [mailFrom('kim@example.com')],
        mail: { to: 'support@example.com', others },
      });
      expect(routeReply(mail, settings({ replyAll: true }))).toMatchObject({ cc: [sam] });
      expect(routeReply({ ...mail, mail: { to: null, others: others.slice(0, 1) } }, settings())).not.toHaveProperty(
        'cc',
      );
    },
  );

  it('answers who forwards a mail, not who wrote that', () => {
    const senders = [mailFrom('sam@example.org'), mailFrom('kim@example.com', { field: 'ORIGINAL_FROM' })];
    expect(routeReply(fromCustomer({ channelId: '1002', senders }), settings())).toMatchObject({
      recipient: { address: { value: 'sam@example.org' } },
    });
    expect(routeReply(fromCustomer({ channelId: '1002', senders: senders.toReversed() }), settings())).toMatchObject({
      recipient: { address: { value: 'sam@example.org' } },
    });
  });

  it.each([
    ['a group of the business', 'group@shop.example', {}],
    ['an agent', 'sam@shop.example', { actorId: 'A-77' }],
    ['a form’s mailbox', 'noreply@forms.example', {}],
  ])('answers who wrote to %s that passes the mail on', (_, from, change) => {
    const senders = [mailFrom(from, change as never), mailFrom('kim@example.com', { field: 'ORIGINAL_FROM' })];
    const read = readMessage(fromCustomer({ channelId: '1002', senders }), {
      aiActorId: settings().aiActorId,
      colleagueDomains: ['shop.example'],
    });
    expect(routeReply(read, settings())).toMatchObject({ recipient: { address: { value: 'kim@example.com' } } });
  });

  it.each<[string, Partial<Message>, RegExp]>([
    ['WhatsApp', { channelId: '1007' }, /can't send on whatsapp/],
    ['a form, which has no mailbox', { channelId: '1003' }, /can't send on forms/],
    ['SMS', { channelId: '1009' }, /can't send on sms/],
    ['no channel', { channelId: null }, /can't send on unknown/],
    ['a sender without an address', { senders: [] }, /no address/],
    ['no channel account', { channelAccountId: null }, /no address/],
  ])('has no way back over %s', (_, change, why) => {
    expect(routeReply(fromCustomer(change), settings())).toEqual({ unsendable: expect.stringMatching(why) });
  });

  it.each(['1001', '1000', '20481234'])('can send on channel %s', (channelId) => {
    expect(routeReply(fromCustomer({ channelId }), settings())).toMatchObject({ channelId });
  });
});

describe('replySubject', () => {
  it.each([
    ['Order 77', 'Re: Order 77'],
    ['Re: Order 77', 'Re: Order 77'],
    ['RE: re:  Order 77', 'Re: Order 77'],
    ['  ', 'Re: your message'],
    [null, 'Re: your message'],
    ['Reply needed', 'Re: Reply needed'],
    ['AW: Re: AW: Sizes', 'Re: Sizes'],
    ['RE[2]: Sizes', 'Re: Sizes'],
    ['Re：尺码', 'Re: 尺码'],
    ['Odp: Fwd: SV: Sizes', 'Re: Sizes'],
    ['R: Taglie', 'Re: Taglie'],
    ['[EXT] RE: Sizes', 'Re: Sizes'],
    ['Re: \u200b', 'Re: your message'],
  ])('%j becomes %j', (subject, reply) => {
    expect(replySubject(subject)).toBe(reply);
  });
});
