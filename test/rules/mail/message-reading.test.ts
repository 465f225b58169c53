import { describe, expect, it } from '@jest/globals';
import type { Message, Party } from '../../../src/hubspot/conversation.ts';
import { readMessage, type SenderRules } from '../../../src/rules/mail/message-reading.ts';
import { routeReply } from '../../../src/rules/replying/reply-route.ts';
import { AI, fromCustomer, settings, VISITOR } from '../../support/messages.ts';

const from = (value: string, changes: Partial<Party> = {}): Party => ({
  actorId: VISITOR,
  name: null,
  field: 'FROM',
  address: { type: 'HS_EMAIL_ADDRESS', value },
  ...changes,
});
const mail = (...senders: Party[]) => fromCustomer({ channelId: '1002', subject: 'Question', senders });
const own = { domains: ['example.com'], users: ['lee@home.example'] };

describe('a mail that says of itself that it goes to many', () => {
  const kindOf = (text: string, changes: Partial<Parameters<typeof fromCustomer>[0]> = {}) =>
    readMessage({ ...mail(from('sam@tools.example')), text, ...changes } as Message, { aiActorId: AI }).reading;
  const ABOVE = 'Hello, how do you take an item back? Our tool makes it easy, and there is a link.';

  it.each([
    ['This is an automated message, please do not reply.', 'notification'],
    ['Please do not reply to this email, this mailbox is not monitored.', 'notification'],
    ['Diese E-Mail wurde automatisch erstellt. Bitte antworten Sie nicht auf diese Nachricht.', 'notification'],
    ['Ceci est un message automatique, merci de ne pas y répondre.', 'notification'],
    ['Este es un mensaje automático, por favor no responda.', 'notification'],
    ['Questo è un messaggio automatico.', 'notification'],
    ['Esta mensagem foi gerada automaticamente.', 'notification'],
    ['Dit is een automatisch gegenereerd bericht.', 'notification'],
    ['Wiadomość została wygenerowana automatycznie.', 'notification'],
    ['You get this mail because you signed up. Unsubscribe here.', 'newsletter'],
    ['Unsubscribe | Manage preferences', 'newsletter'],
    ['If you no longer wish to receive these emails, unsubscribe: https://tools.example/u/1', 'newsletter'],
    ['Sie erhalten diese E-Mail, weil Sie sich angemeldet haben.', 'newsletter'],
    ['Darse de baja', 'newsletter'],
    ['To unsubscribe, click here.', 'newsletter'],
  ])('%j: a %s, which agents decide on', (end, kind) => {
    for (const text of [`${ABOVE} ${end}`, `${ABOVE}\n\n${end}`]) {
      const read = { ...mail(from('sam@tools.example')), text: `${ABOVE}\n\n${end}` };
      expect(kindOf(text)).toMatchObject({ author: 'customer', kind });
      expect(routeReply(readMessage(read, { aiActorId: AI }), settings())).toHaveProperty('unsendable');
    }
    expect(kindOf(`${ABOVE}\n\n${end}`, { subject: 'Re: Question' })?.kind).toBe('person');
  });

  it.each([
    'Please unsubscribe me from your newsletter.',
    'Hello,\n\nunsubscribe',
    'Your mail said "This is an automated message, please do not reply". How do I reach you?',
    'I got a mail that this is an automated message. What does it mean?',
    'Please do not reply by mail, call me.',
    'Thank you.\n\nIf you got this by mistake please delete it. To unsubscribe from our newsletter please use ' +
      'the link.',
    'How long is the warranty of my lamp?\n\nNora Vale\nVale Ltd\n\nVom Newsletter der Vale Ltd abmelden: ' +
      'www.vale.example',
    'Thank you for the quick help with my order of last week.\n\nThis email is confidential and intended only for Kim.',
    'Do you reply to this address at all? I have waited for a week now.',
    'Why am I receiving this? I never signed up for it. Please take my address off the list.',
  ])('is not %j', (text) => {
    expect(kindOf(text)?.kind).toBe('person');
  });

  it('is answered where the settings name its sender', () => {
    const message = { ...mail(from('forms@tools.example')), text: `${ABOVE}\n\nThis is an automated message.` };
    const read = readMessage(message, { aiActorId: AI, answerSenders: ['tools.example'] });
    expect(read.reading?.kind).toBe('person');
  });
});

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
