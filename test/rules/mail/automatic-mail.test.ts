import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import { type AutomaticMail, automaticMail, messageKind } from '../../../src/rules/mail/automatic-mail.ts';
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
    'Returned mail',
    'Returned mail: my parcel came back',
    'FWD: Undeliverable: Re: Your order',
    'URGENT: my order is away',
    'Canceled: order 4711',
    'Cancelled: my appointment',
    'Invitation code does not work',
    'Einladung: Gutschein für meine Mutter',
    'Annulé : commande 12',
    '開封済み: 返品',
  ])('%j may be a person’s', (subject) => {
    expect(automaticMail(mail(subject))).toBeNull();
  });
});

describe('automaticMail, by the subject, in many languages', () => {
  it.each([
    '自动回复: Re: Sizes',
    '自動回覆: Sizes',
    '자동 회신: Sizes',
    '부재중 알림: Sizes',
    '不在通知: Sizes',
    'Otomatik yanıt: Sizes',
    'מענה אוטומטי: Sizes',
    'رد تلقائي: Sizes',
    'پاسخ خودکار: Sizes',
    'Trả lời tự động: Sizes',
    'ตอบกลับอัตโนมัติ: Sizes',
    'Balasan otomatis: Sizes',
    'Resposta automàtica: Sizes',
    'Sjálfvirkt svar: Sizes',
    'Automaatvastus: Sizes',
    'Автоответ: Sizes',
    'Аутоматски одговор: Sizes',
    'Përgjigje automatike: Sizes',
    'Autoodpowiedź: Sizes',
    'स्वचालित उत्तर: Sizes',
    'Erantzun automatikoa: Sizes',
    'Frånvaro: Sizes',
    'Fravær: Sizes',
    'Abwesend: Sizes',
    'Abwesend: Re: Order 4711',
    'Afwezigheid: Sizes',
    'Absence : Sizes',
    'Ausencia: Sizes',
    'Poissa: Sizes',
    'Nieobecność: Sizes',
    'Nepřítomnost: Sizes',
    'Házon kívül: Sizes',
    'Нет на месте: Sizes',
    'Ofis dışında: Sizes',
    'Εκτός γραφείου: Sizes',
    'OOO: Sizes',
    'OOO Re: Sizes',
    'OoO - back on 3 June',
    'Vacation reply',
    'Autoresponder: Sizes',
    'Reponse automatique : Tailles',
    'AUTOMATICKA ODPOVED: Velikosti',
    'Away: Sizes',
    'Vacation responder: Sizes',
    'Risposta Non al computer',
    'Risposta Non al computer: Sizes',
    'On holiday: Re: Sizes',
    'Ausente: RES: Tamanhos',
    'Absent : RE: Tailles',
    'Out of office, back on Monday',
    'Ich bin nicht im Büro',
    'Ich bin nicht im Büro bis 3. Juni',
    'Je suis absent du bureau',
    'Estoy fuera de la oficina',
    'Fuera de la oficina: Pedido',
    'Nicht im Büro: Re: Größen',
    'Ausser Haus: Re: Größen',
    'Vacation auto-reply',
    'Away from the office',
  ])('%j is an auto-reply', (subject) => {
    expect(automaticMail(mail(subject))).toBe('auto-reply');
  });

  it.each([
    '***SPAM*** Automatic reply: Sizes',
    'EXTERNAL: Automatic reply: Sizes',
    '(External) Automatic reply: Sizes',
    '{Spam?} Automatic reply: Sizes',
    'EXT: Automatic reply: Sizes',
    '[EXT] Automatic reply: Sizes',
    '[EXTERN] Automatische Antwort: Größen',
    '*** SPAM *** Out of office: Sizes',
    '[SPAM] Autosvar: Storlek',
    'SPAM: Automatic reply: Sizes',
    '[SUSPECTED SPAM] Automatic reply: Sizes',
    '<External> Automatic reply: Sizes',
    '[External Sender] Automatic reply: Sizes',
    '**EXTERNAL** Automatic reply: Sizes',
    '[EXT] [SPAM] Automatic reply: Sizes',
    '[CAUTION] Automatic reply: Sizes',
    '⚠ EXTERNAL: Automatic reply: Sizes',
    '[EXTERNE] Réponse automatique : Tailles',
    '{Spam?} {External} Automatic reply: Sizes',
    '[POSSIBLE SPAM] Automatic reply: Sizes',
    '*SPAM* Automatic reply: Sizes',
    '#SPAM# Abwesend: Größen',
    '{Virus?} Automatic reply: Sizes',
    '***UNCHECKED*** Out of office: Sizes',
    '【外部】 Automatic reply: Sizes',
    '-EXTERNAL- Abwesend: Größen',
    'EXTERNAL - Automatic reply: Sizes',
    'EXT | Automatic reply: Sizes',
    'CAUTION: EXTERNAL EMAIL: Automatic reply: Sizes',
    '[Gateway 3] {Checked} Abwesend: Größen',
  ])('%j is an auto-reply below a gateway’s tag', (subject) => {
    expect(automaticMail(mail(subject))).toBe('auto-reply');
  });

  it.each([
    'Read: Sizes',
    'READ: Re: Where is it?',
    'Not read: Sizes',
    'Gelesen: Größen',
    'Lesebestätigung: Größen',
    'Lu : Tailles',
    'Leído: Tallas',
    'Letto: Re: Taglie',
    'Lida: Tamanhos',
    'Gelezen: Maten',
    'Läst: Storlek',
    'Læst: Størrelser',
    'Lest: Re: Størrelser',
    'Luettu: Koot',
    'Przeczytane: Rozmiary',
    'Přečteno: Velikosti',
    'Prečítané: Veľkosti',
    'Elolvasva: Méretek',
    'Citit: Mărimi',
    'Прочитано: Размеры',
    'Прочетено: Размери',
    'Okundu: Bedenler',
    'Διαβάστηκε: Μεγέθη',
    'Pročitano: Veličine',
    'Prebrano: Velikosti',
    '已读: Re: 尺码',
    '開封済み: Re: サイズ',
    '읽음: Re: 크기',
    'Return receipt: Sizes',
    'Read receipt: Sizes',
    '[EXT] Read: Sizes',
    'Read: Order',
    'Leído: Pedido',
    'Gelesen: Bestellung',
    '已读: 尺码',
    '읽음: 주문',
  ])('%j is a read receipt', (subject) => {
    expect(automaticMail(mail(subject))).toBe('read-receipt');
  });

  it.each([
    'Accepted: Call',
    'Declined: Call',
    'Tentative: Call',
    'Tentatively accepted: Call',
    'Zugesagt: Anruf',
    'Abgelehnt: Besprechung',
    'Mit Vorbehalt: Anruf',
    'Accepté : Réunion',
    'Refusé : Réunion',
    'Aceptado: Reunión',
    'Rechazado: Llamada',
    'Accettato: Riunione',
    'Rifiutato: Chiamata',
    'Aceite: Reunião',
    'Recusado: Reunião',
    'Geaccepteerd: Vergadering',
    'Geweigerd: Gesprek',
    'Accepterat: Möte',
    'Avböjt: Möte',
    'Accepteret: Møde',
    'Afslået: Møde',
    'Godtatt: Møte',
    'Avslått: Møte',
    'Hyväksytty: Kokous',
    'Hylätty: Kokous',
    'Zaakceptowane: Spotkanie',
    'Odrzucone: Spotkanie',
    'Přijato: Schůzka',
    'Odmítnuto: Schůzka',
    'Elfogadva: Megbeszélés',
    'Acceptat: Întâlnire',
    'Принято: Встреча',
    'Отклонено: Встреча',
    'Прийнято: Зустріч',
    'Kabul edildi: Toplantı',
    'Reddedildi: Toplantı',
    '已接受: 会议',
    '已拒绝: 会议',
    '承諾: 会議',
    '수락됨: 회의',
    'Αποδοχή: Σύσκεψη',
    'Accepted: Call @ Wed Jun 3, 2026 10am - 10:30am (CEST) (Nora Vale)',
    'Declined: Demo 3',
    'New Time Proposed: Call',
    'Neuer Terminvorschlag: Besprechung',
    'Zugesagt: Vorstellung',
    'Canceled: Call',
    'Cancelled event: Call @ Wed Jun 3, 2026 10am - 10:30am (CEST) (Nora Vale)',
    'Updated invitation: Sizes @ Wed Jun 3, 2026 10am - 10:30am (CEST)',
    'Einladung: Größen @ Mi 3. Juni 2026 10:00 - 10:30 (MESZ)',
    '承諾済み: 会議',
  ])('%j answers an invitation', (subject) => {
    expect(automaticMail(mail(subject))).toBe('calendar-answer');
  });

  it.each([
    'DELIVERY FAILURE: User unknown',
    'Delivery failure: mailbox full',
    'Delivery delayed: Sizes',
    'Échec de remise',
    'Échec de remise : Tailles',
    'Nachricht unzustellbar: Größen',
    'Mensaje no entregado',
    'Messaggio non recapitato',
    'Mensagem não entregue',
    'Bericht niet bezorgd',
    'Wiadomość niedostarczona',
    'Недоставленное сообщение',
    '配信不能: サイズ',
    '系统退信',
    'Unzustellbar: Re: Größen',
    'Undeliverable: RE: Order 4711',
    'Não entregue: RES: Tamanhos',
    '[SPAM] Undelivered Mail Returned to Sender',
    'Warning: could not send message for past 4 hours',
    'Mail delivery delayed',
    'Message delivery has failed',
    'Delivery Notification: Delivery has failed',
  ])('%j is a bounce', (subject) => {
    expect(automaticMail(mail(subject))).toBe('bounce');
  });

  it('knows a mail that calls another one back', () => {
    expect(automaticMail(mail('Recall: Sizes'))).toBe('notification');
    expect(automaticMail(mail('Rückruf: Re: Größen'))).toBe('notification');
    expect(automaticMail(mail('Recall: is my toaster affected?'))).toBeNull();
    expect(automaticMail(mail('Rückruf: bitte um Anruf'))).toBeNull();
  });
});

describe('messageKind', () => {
  it.each([
    ['newsletter@tools.example', 'newsletter'],
    ['newsletters@tools.example', 'newsletter'],
    ['weekly-newsletter@tools.example', 'newsletter'],
    ['notification@carrier.example', 'notification'],
    ['notifications@carrier.example', 'notification'],
    ['notify@carrier.example', 'notification'],
    ['calendar-notification@calendar.example', 'notification'],
    ['alerts@bank.example', 'notification'],
    ['no-reply@carrier.example', 'notification'],
    ['benachrichtigung@carrier.example', 'notification'],
    ['mailer-daemon@carrier.example', 'bounce'],
    ['autoreply@carrier.example', 'auto-reply'],
    ['kim@example.org', 'person'],
    ['news@paper.example', 'person'],
    ['marketing@customer.example', 'person'],
    ['info@customer.example', 'person'],
    ['orders@customer.example', 'person'],
    ['wordpress@shop.example', 'person'],
    ['notary@office.example', 'person'],
    ['alert.jones@home.example', 'person'],
    ['newsome@home.example', 'person'],
  ])('%s writes as %s', (from, kind) => {
    expect(messageKind(mail('Sizes', from))).toBe(kind);
  });

  const words = { own: 'How do you handle sizes? Our tool makes it easy.', footer: 'To unsubscribe, click here.' };

  it.each(['news', 'marketing', 'offers', 'updates', 'promo'])(
    'takes %s@ for a newsletter where its mail says how to unsubscribe',
    (mailbox) => {
      expect(messageKind(mail('How do you handle sizes?', `${mailbox}@tools.example`), words)).toBe('newsletter');
      expect(messageKind(mail('Re: Your offer', `${mailbox}@tools.example`), words)).toBe('person');
      expect(messageKind(mail('Question', `${mailbox}@tools.example`), { ...words, footer: null })).toBe('person');
    },
  );

  it('takes nobody for a machine for the footer of their company alone', () => {
    expect(messageKind(mail('Question', 'kim@customer.example'), words)).toBe('person');
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

  it('takes a mail for a machine’s only where both who sent it and who wrote it first are machines', () => {
    const [person] = mail('Your order').senders;
    const [robot] = mail('Your order', 'no-reply@example.com').senders;
    if (!person || !robot) throw new Error('the fixtures have one sender each');
    const forwarded = (from: typeof person, original: typeof person): Message =>
      mail('Fwd: Your order', undefined, { senders: [from, { ...original, field: 'ORIGINAL_FROM' }] });
    expect(automaticMail(forwarded(robot, person))).toBeNull();
    expect(automaticMail(forwarded(person, robot))).toBeNull();
    expect(automaticMail(forwarded(robot, robot))).toBe('no-reply-sender');
  });

  it.each(['newsletter@', 'notifications@', 'mailer-daemon@', 'autoreply@'])(
    'takes who forwards a mail from %s for a person',
    (mailbox) => {
      const [person] = mail('What is this?').senders;
      const [robot] = mail('What is this?', `${mailbox}example.com`).senders;
      if (!person || !robot) throw new Error('the fixtures have one sender each');
      const senders = [person, { ...robot, field: 'ORIGINAL_FROM' }];
      expect(messageKind(mail('What is this?', undefined, { senders }))).toBe('person');
    },
  );

  it('leaves chats alone, whatever they say', () => {
    const chat = fromCustomer({ subject: 'Automatic reply: Hi', text: 'Out of office: Hi' });
    expect(automaticMail(chat)).toBeNull();
  });
});
