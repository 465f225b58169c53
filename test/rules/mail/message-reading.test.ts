import { describe, expect, it } from '@jest/globals';
import type { Party } from '../../../src/hubspot/conversation.ts';
import { readMessage, type SenderRules } from '../../../src/rules/mail/message-reading.ts';
import { AI, fromCustomer, VISITOR } from '../../support/messages.ts';

const from = (value: string, changes: Partial<Party> = {}): Party => ({
  actorId: VISITOR,
  name: null,
  field: 'FROM',
  address: { type: 'HS_EMAIL_ADDRESS', value },
  ...changes,
});
const mail = (...senders: Party[]) => fromCustomer({ channelId: '1002', subject: 'Question', senders });
const own = { domains: ['example.com'], users: ['lee@home.example'] };

describe('who wrote a mail', () => {
  const authorOf = (address: string, rules: Partial<SenderRules> = {}) =>
    readMessage(mail(from(address)), { aiActorId: AI, own, ...rules }).reading?.author;

  it.each([
    ['sam@example.com', 'colleague'],
    ['Sam@Example.COM', 'colleague'],
    ['sam@berlin.example.com', 'colleague'],
    ['info@example.com', 'colleague'],
    ['lee@home.example', 'colleague'],
    ['kim@home.example', 'customer'],
    ['kim@notexample.com', 'customer'],
    ['kim@example.com.example', 'customer'],
    ['noreply@example.com', 'machine'],
    ['wordpress@example.com', 'customer'],
    ['forms@example.com', 'customer'],
    ['contact-form@example.com', 'customer'],
  ])('%s: a %s', (address, author) => {
    expect(authorOf(address)).toBe(author);
  });

  it('goes by users alone where customers share the domain', () => {
    const rules = { colleaguesByDomain: false };
    expect(authorOf('sam@example.com', rules)).toBe('customer');
    expect(authorOf('lee@home.example', rules)).toBe('colleague');
    expect(authorOf('sam@example.com', { ...rules, colleagueDomains: ['example.com'] })).toBe('colleague');
  });

  it('is a customer where the settings say that they are to be answered', () => {
    expect(authorOf('sam@example.com', { answerSenders: ['sam@example.com'] })).toBe('customer');
  });

  it('is whose mail a colleague passes on, and the colleague where that is another colleague’s', () => {
    const read = (original: string) => {
      const senders = [from('sam@example.com'), from(original, { field: 'ORIGINAL_FROM', actorId: null })];
      return readMessage(mail(...senders), { aiActorId: AI, own });
    };
    expect(read('kim@example.org')).toMatchObject({
      reading: { author: 'customer' },
      senders: [{ address: { value: 'kim@example.org' } }],
    });
    expect(read('bo@example.com').reading?.author).toBe('colleague');
  });
});
