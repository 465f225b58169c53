import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { type AutomaticMail, automaticMail } from '../../../src/rules/mail/automatic-mail.ts';
import { fromCustomer, VISITOR } from '../../support/messages.ts';

const mail = (subject: string | null, from = 'kim@example.com', changes: Partial<Omit<Message, 'id'>> = {}): Message =>
  fromCustomer({
    channelId: '1002',
    subject,
    senders: [{ actorId: VISITOR, name: null, field: 'FROM', address: { type: 'HS_EMAIL_ADDRESS', value: from } }],
    ...changes,
  });

describe('automaticMail, by the subject', () => {
  it.each([
    'Automatic reply: Your order',
    'AUTOMATIC REPLY: Re: Your order',
    'Automatic reply:',
    'Auto-Reply: Your order',
    'Autoreply',
    'Automated response: Your order',
    '[Auto-Reply] Your order',
    '[EXTERNAL] Automatic reply: Your order',
    '[example.com #4711] AutoReply: Your order',
    'AUTO: Kim Lee is out of the office (returning 12/01)',
    'Auto: Re: Your order',
    'Out of Office: Your order',
    'Out of office AutoReply: Your order',
    'Out of office until 3 March',
    "I'm out of the office",
    '[Request received] Your order',
    'Request received: Your order',
    'Ticket Received - Your order',
    'Automatische Antwort: Ihre Bestellung',
    'Abwesenheitsnotiz',
    'Abwesenheitsnotiz: Ihre Bestellung',
    'Réponse automatique : Votre commande',
    'Re\u0301ponse automatique : Votre commande',
    'Absent du bureau',
    'Respuesta automática: Su pedido',
    'Fuera de la oficina',
    'Risposta automatica: Il suo ordine',
    'Fuori sede: Il suo ordine',
    'Resposta automática: O seu pedido',
    'Automatisch antwoord: Uw bestelling',
    'Afwezigheidsbericht',
    'Autosvar: Din ordre',
    'Automatiskt svar: Din beställning',
    'Automatisk svar: Din bestilling',
    'Automaattinen vastaus: Tilauksesi',
    'Odpowiedź automatyczna: Zamówienie',
    'Automatická odpověď: Objednávka',
    'Automatická odpoveď: Objednávka',
    'Automatikus válasz: Rendelés',
    'Αυτόματη απάντηση: Παραγγελία',
    'Автоматический ответ: Заказ',
    '【自動返信】お問い合わせ',
  ])('%j is an auto-reply', (subject) => {
    expect(automaticMail(mail(subject))).toBe('auto-reply');
  });

  it.each([
    'Undeliverable: Your order',
    'Undelivered Mail Returned to Sender',
    'Delivery Status Notification (Failure)',
    'Delivery Status Notification (Delay)',
    'Returned mail: see transcript for details',
    'Mail delivery failed: returning message to sender',
    'Mail Delivery Failure',
    'Mail System Error - Returned Mail',
    'failure notice',
    'Unzustellbar: Ihre Bestellung',
    'Non remis : Votre commande',
    'No se puede entregar: Su pedido',
    'Onbestelbaar: Uw bestelling',
  ])('%j is a bounce', (subject) => {
    expect(automaticMail(mail(subject))).toBe('bounce');
  });

  it.each([
    null,
    '',
    'Re: Automatic reply: Your order',
    "Re: Automatic reply settings don't work",
    'AW: Abwesenheitsnotiz',
    'Fwd: Undeliverable: Your order',
    "Automatic replies don't work",
    'Automatic reply settings',
    'How do I switch the out of office on?',
    'Auto: Frage zur Finanzierung',
    'Automatik oder Schaltung?',
    'Abwesenheitsnotiz einrichten',
    'Undeliverable parcel',
    'Unzustellbar',
    'Delivery failed',
    'Failure notice period in my contract',
    'Request received twice',
    'Absence of an invoice',
    'Out of stock: when again?',
  ])('%j may be a person’s', (subject) => {
    expect(automaticMail(mail(subject))).toBeNull();
  });
});

describe('automaticMail, by the sender', () => {
  it.each<[string, AutomaticMail | null]>([
    ['MAILER-DAEMON@mx.example.com', 'bounce'],
    ['mailerdaemon@example.com', 'bounce'],
    ['postmaster@example.com', 'bounce'],
    ['bounce@example.com', 'bounce'],
    ['bounces@example.com', 'bounce'],
    ['bounces-1234@example.com', 'bounce'],
    ['bounce-1234@example.com', 'bounce'],
    ['bounce+abc=example.org@example.com', 'bounce'],
    ['list-bounces@example.com', 'bounce'],
    ['MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com', 'bounce'],
    ['autoreply@example.com', 'auto-reply'],
    ['no-reply@example.com', 'no-reply-sender'],
    ['NoReply@example.com', 'no-reply-sender'],
    ['no_reply@example.com', 'no-reply-sender'],
    ['noreply+x@example.com', 'no-reply-sender'],
    ['noreply-billing@example.com', 'no-reply-sender'],
    ['shop-noreply@example.com', 'no-reply-sender'],
    ['noreply2@example.com', 'no-reply-sender'],
    ['do-not-reply@example.com', 'no-reply-sender'],
    ['donotreply@example.com', 'no-reply-sender'],
    ['nicht-antworten@example.com', 'no-reply-sender'],
    ['bitte.nicht.antworten@example.com', 'no-reply-sender'],
    ['ne-pas-repondre@example.com', 'no-reply-sender'],
    ['kim@noreply.example.com', null],
    ['antonio.replyworth@example.com', null],
    ['casino.reply@example.com', null],
    ['bounce-house-rentals@example.com', null],
    ['bouncer@example.com', null],
    ['postmaster-general@example.com', null],
    ['without-an-at', null],
  ])('%s → %s', (from, expected) => {
    expect(automaticMail(mail('Your order', from))).toBe(expected);
  });

  it('tells them on other channels that know mail addresses, such as forms', () => {
    expect(automaticMail(mail(null, 'no-reply@example.com', { channelId: '1003' }))).toBe('no-reply-sender');
  });

  it('does not go by a name', () => {
    const [sender] = mail('Your order').senders;
    if (!sender) throw new Error('the fixture has one sender');
    expect(automaticMail(mail('Your order', undefined, { senders: [{ ...sender, name: 'noreply' }] }))).toBeNull();
  });

  it('takes the original sender of a forwarded mail for its author', () => {
    const [customer] = mail('Your order').senders;
    const [robot] = mail('Your order', 'no-reply@example.com').senders;
    if (!customer || !robot) throw new Error('the fixtures have one sender each');
    const forwarded = (from: typeof customer, original: typeof customer): Message =>
      mail('Fwd: Your order', undefined, { senders: [from, { ...original, field: 'ORIGINAL_FROM' }] });
    expect(automaticMail(forwarded(robot, customer))).toBeNull();
    expect(automaticMail(forwarded(customer, robot))).toBe('no-reply-sender');
  });

  it('leaves chats alone, whatever they say', () => {
    const chat = fromCustomer({ subject: 'Automatic reply: Hi', text: 'Out of office: Hi' });
    expect(automaticMail(chat)).toBeNull();
  });
});
