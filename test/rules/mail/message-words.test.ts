import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type MessageSource, questionIn, readWords } from '../../../src/rules/mail/message-words.ts';

const mail = (text: string, changes: Partial<MessageSource> = {}): MessageSource => ({
  isMail: true,
  authorName: null,
  subject: 'Order',
  text,
  richText: null,
  original: null,
  truncation: 'NOT_TRUNCATED',
  ...changes,
});

describe('readWords, a signature', () => {
  it.each([
    ['Thanks!', 'Sent from my iPhone'],
    ['Thanks!', 'Sent from my Galaxy'],
    ['Thank you!', 'Get Outlook for iOS'],
    ['Thank you!', 'Get Outlook for Android<https://aka.ms/abcdef>'],
    ['Thank you.', 'Kind regards\nKim'],
    ['Thank you.', 'Warm regards,\n\nNora Vale'],
    ['Thanks!', '-- \nNora Vale\nVale Ltd'],
    ['Thanks!', '--\nNora Vale\nVale Ltd\n+44 20 7946 0000\nwww.vale.example'],
    ['Is it in stock?', 'Best,\nNora'],
    ['Is it in stock?', 'Cheers, Nora'],
    ['Is it in stock?', 'Best regards,\nNora Vale\nHead of Sales\nVale Ltd\nTel.: +44 20 7946 0000'],
    ['Is it in stock?', 'Regards\nNora Vale\n\nVale Ltd | 5 Long Road | Leeds\nT 0113 496 0000 | nora@vale.example'],
    ['Ist es lieferbar?', 'Mit freundlichen Grüßen\nNora Vale'],
    ['Ist es lieferbar?', 'Viele Grüße aus Köln\nNora'],
    [
      'Ist es lieferbar?',
      'Mit freundlichen Grüßen\n\ni. A. Nora Vale\nEinkauf\n\nVale GmbH\nLange Straße 5\n50667 Köln\n\nTel. ' +
        '0221 123456\nnora@vale.example',
    ],
    ['Ist es lieferbar?', 'LG Nora'],
    ['Ist es lieferbar?', 'Von meinem iPhone gesendet'],
    ['Ist es lieferbar?', 'Diese Nachricht wurde von meinem Android-Gerät mit GMX Mail gesendet.'],
    ['Est-il disponible ?', 'Cordialement,\nNora Vale'],
    ['Est-il disponible ?', 'Bien à vous\n\nNora Vale\n06 12 34 56 78'],
    ['Est-il disponible ?', 'Envoyé de mon iPhone'],
    ['¿Lo tienen?', 'Un saludo,\nNora'],
    ['¿Lo tienen?', 'Enviado desde mi iPhone'],
    ['C’è?', 'Cordiali saluti\nNora Vale'],
    ['C’è?', 'Inviato da iPhone'],
    ['Está disponível?', 'Com os melhores cumprimentos,\nNora Vale'],
    ['Está disponível?', 'Enviado do meu iPhone'],
    ['Is het er?', 'Met vriendelijke groet,\nNora Vale'],
    ['Is het er?', 'Verstuurd vanaf mijn iPhone'],
    ['Finns den?', 'Med vänliga hälsningar\nNora'],
    ['Finns den?', 'Skickat från min iPhone'],
    ['Er den der?', 'Venlig hilsen\nNora'],
    ['Er den der?', 'Sendt fra min iPhone'],
    ['Onko sitä?', 'Ystävällisin terveisin\nNora'],
    ['Onko sitä?', 'Lähetetty iPhonesta'],
    ['Czy jest?', 'Pozdrawiam\nNora'],
    ['Czy jest?', 'Wysłane z iPhone’a'],
    ['Je skladem?', 'S pozdravem\nNora'],
    ['Je skladem?', 'Odesláno z iPhonu'],
    ['Van?', 'Üdvözlettel,\nNóra'],
    ['Van?', 'Az iPhone-omról küldve'],
    ['Este?', 'Trimis de pe iPhone-ul meu'],
    ['Есть ли он?', 'С уважением,\nНора'],
    ['Есть ли он?', 'Отправлено с iPhone'],
    ['Var mı?', 'iPhone’umdan gönderildi'],
    ['ありますか', 'iPhoneから送信'],
    ['有吗', '发自我的iPhone'],
    ['있나요', '나의 iPhone에서 보냄'],
    ['هل متوفر', 'أُرسلت من الـ iPhone'],
  ])('%j: %j is none of the words', (own, signature) => {
    expect(readWords(mail(`${own}\n\n${signature}`))).toMatchObject({
      own,
      signature: signature.replace(/^--\s*\n/, ''),
      footer: null,
    });
  });

  it.each([
    ['Hello,\n\nThanks and regards,\nKim Lee', 'Hello,\n\nThanks', 'and regards,\nKim Lee'],
    ['Is it there?\n\nMany thanks & best wishes\nNora', 'Is it there?\n\nMany thanks', '& best wishes\nNora'],
    ['Ist es da?\n\nVielen Dank und viele Grüße\nNora', 'Ist es da?\n\nVielen Dank', 'und viele Grüße\nNora'],
    ['Est-il là ?\n\nMerci et bonne journée,\nNora', 'Est-il là ?\n\nMerci', 'et bonne journée,\nNora'],
    ['Thank you,\nNora Vale', 'Thank you,', 'Nora Vale'],
  ])('keeps the thanks of %j', (text, own, signature) => {
    expect(readWords(mail(text))).toMatchObject({ own, signature });
  });

  it.each(['Nora', 'Nora Vale', 'Vale', '– Nora', '/Nora', 'NORA VALE'])(
    'knows its author’s name, without a greeting before it: %j',
    (name) => {
      const words = readWords(mail(`Thanks!\n${name}`, { authorName: 'Nora Vale' }));
      expect(words).toMatchObject({ own: 'Thanks!', signature: name });
    },
  );

  it('knows no name where it is the answer', () => {
    expect(readWords(mail('White', { authorName: 'Rose White' })).own).toBe('White');
  });

  it.each([
    'Does the case fit my iPhone',
    'It was sent from Hamburg on Monday',
    'Sent from my iPhone the order twice',
    'It is here\n\nSent from my sofa, which is nicer than my phone.',
    'My order: 4711\n\nRegards,\nKim\n\nAnd what about the refund?',
    'I need two.\n--\nCan you also send a hat?',
    'Option A: blue\n--\nOption B: green, and tell me what it costs',
    'Kind regards are what I wish for, and an answer',
    'Which one is best?\nBest\nThe blue one or the red one',
    'Outlook for Android crashes',
    'Thanks\nLarge',
    'Regards\nNora\nCustomer number 4711, order 99',
    'Best regards\nNora\n\nPlease call before delivery',
    'Viele Grüße\nNora\n\nGröße XL bitte',
    'Cordialement\nNora\n\nPS : code 4711',
    'Is it there?\n\nRegards\n4711',
    'Is there a discount?\n\nThanks and best offer please',
    'Which of them do you have?\n\nLG\nSamsung\nSony',
    'LG TV',
    'Best\nWhite',
    'Regards\nNora\n\nPlease call me at +49 30 123456',
    'Regards\nNora\n\nCall before you deliver: 030 123456',
    'Regards\nNora\n\nOrder 0123456789',
    'Viele Grüße\nNora\n\nKundennummer 0049 123456',
    'Cordialement\nNora\n\nCommande n° 0123 456 789',
    'Regards\nNora\n\nIt is the one at https://shop.example/blue that leaks',
  ])('takes no word for one that may be the author’s: %j', (text) => {
    const { own } = readWords(mail(text));
    const kept = text
      .split('\n')
      .filter((line) => !/^(?:(?:kind |best )?regards,?|viele grüße|cordialement|kim|nora)$/i.test(line));
    for (const line of kept.filter((each) => each !== '' && each !== '--')) expect(own).toContain(line);
  });

  it('leaves a chat as it is', () => {
    expect(readWords(mail('Yes\n\nBest,\nKim', { isMail: false })).own).toBe('Yes\n\nBest,\nKim');
  });
});

describe('readWords, a footer', () => {
  it.each([
    'If you got this by mistake please contact us and delete this email. To unsubscribe from our newsletter ' +
      'please use the link.',
    'This email and any attachments are confidential and intended solely for the person named above.',
    'You receive this mail because you signed up. Unsubscribe here.',
    'Please consider the environment before printing this email.',
    'Virus-free. www.avast.com',
    'Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie ' +
      'sie bitte.',
    'Sollten Sie diese E-Mail irrtümlich erhalten haben, informieren Sie bitte den Absender.',
    'Um sich vom Newsletter abzumelden, klicken Sie bitte hier.',
    'Ce message et ses pièces jointes sont confidentiels et destinés exclusivement à leurs destinataires.',
    'Si vous avez reçu ce message par erreur, merci de le détruire.',
    'Pour vous désabonner, cliquez ici.',
    'Este mensaje es confidencial y va dirigido exclusivamente a su destinatario.',
    'Si ha recibido este correo por error, le rogamos que lo elimine.',
    'Questo messaggio contiene informazioni riservate, destinate esclusivamente al destinatario.',
    'Se ha ricevuto questo messaggio per errore, lo elimini.',
    'Esta mensagem é confidencial e destina-se apenas ao seu destinatário.',
    'Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.',
    'Als u dit bericht per ongeluk hebt ontvangen, verwijder het dan.',
    'Detta meddelande är konfidentiellt och avsett endast för mottagaren.',
    'Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata.',
    'Это сообщение является конфиденциальным и предназначено только для адресата.',
  ])('%j is no question', (footer) => {
    expect(readWords(mail(`Thank you.\n\n${footer}`))).toMatchObject({ own: 'Thank you.', footer });
    expect(readWords(mail(`Is it blue?\n\nBest regards\nNora\n\n${footer}`))).toMatchObject({
      own: 'Is it blue?',
      signature: 'Best regards\nNora',
      footer,
    });
  });

  it.each([
    'I got this email by mistake. Please unsubscribe me and delete my address.',
    'Please unsubscribe this address from the newsletter.',
    'Hello,\n\nI want to unsubscribe from your newsletter.',
    'Hello,\n\nplease take this address off your newsletter, and delete the account.',
    'Hello,\n\nyour mail says: if you received this email in error, delete it. Is that meant for me?',
    'Hallo,\n\nich habe diese E-Mail irrtümlich erhalten, bitte löschen Sie meine Adresse.',
    'Bonjour,\n\nje voudrais me désabonner de la newsletter.',
    'Hello,\n\nI sent the parcel back by mistake. Please delete this order.',
    'Hola,\n\nhe recibido este correo por error, por favor eliminen mi cuenta.',
  ])('%j is the author’s', (text) => {
    expect(readWords(mail(text))).toMatchObject({ own: text, footer: null });
  });
});

describe('readWords, a reaction', () => {
  it.each([
    ['👍 Kim Lee reacted via Gmail <https://www.google.com/gmail/about/>', '👍'],
    ['❤️ Nora Vale reacted via Gmail', '❤️'],
    ['👍 Nora Vale hat über Gmail reagiert', '👍'],
    ['😂 Nora a réagi via Gmail <https://www.google.com/gmail/about/?utm_source=x>', '😂'],
    ['🎉 Nora ha reaccionado mediante Gmail', '🎉'],
    ['👍 Nora zareagował(a) przez Gmail <https://www.google.com/gmail/about/>', '👍'],
    ['👍🏽\n\nNora Vale reacted via Gmail\n<https://www.google.com/gmail/about/?utm_medium=email>', '👍🏽'],
    ['Nora Vale reacted to your message:\n👍', '👍'],
    ['Nora Vale reagierte auf Ihre Nachricht: ❤️', '❤️'],
  ])('%j says %s and no word', (text, reaction) => {
    expect(readWords(mail(text))).toMatchObject({ own: '', reaction });
  });

  it('finds it above the mail that it is about', () => {
    const quoted = 'On Wed, Jun 3, 2026 at 8:15 AM Shop <shop@shop.example> wrote:\n> It is on its way.';
    const text = `👍 Nora reacted via Gmail <https://www.google.com/gmail/about/>\n\n${quoted}`;
    expect(readWords(mail(text))).toMatchObject({ own: '', reaction: '👍', quoted });
  });

  it.each([
    '👍 thanks, but I can’t log in via Gmail',
    '👍',
    'My dog reacted to your food: 🤮',
    'He reacted via Gmail, what now?',
    '👍 Kim Lee reacted via Gmail, but why do I get this mail?',
  ])('%j is the author’s', (text) => {
    expect(readWords(mail(text))).toMatchObject({ own: text, reaction: null });
  });

  it('knows the ones that phones send as text', () => {
    expect(readWords(mail('Liked “Your order is on its way”', { isMail: false }))).toMatchObject({
      own: '',
      reaction: '👍',
    });
    expect(readWords(mail('Reacted 🎉 to “Your order is on its way”', { isMail: false })).reaction).toBe('🎉');
    expect(readWords(mail('Liked it, thanks', { isMail: false })).own).toBe('Liked it, thanks');
  });
});

describe('readWords, where the words are', () => {
  it.each([
    '​',
    '⁠',
    '￼',
    '⠀',
    '‌‌',
    '\u00ad',
    '\u2066\u2069',
    '\u3164',
    '\ufeff \u00a0\n\u200e',
    '\u034f\u200c',
    '\u{e0020}',
    '\u180e',
    '\u200d\ufe0f',
  ])('sees none in %j', (text) => {
    const words = readWords(mail(text, { subject: text }));
    expect(questionIn(words)).toBe('');
    expect(words).toMatchObject({ own: '', subject: '' });
  });

  it.each(['👍', '?', '1', '…', '字', 'é', '🇩🇪', '#'])('sees something in %j', (text) => {
    expect(questionIn(readWords(mail(text, { isMail: false })))).toBe(text);
  });

  it('takes those of the HTML where there is no text', () => {
    expect(readWords(mail('', { richText: 'How do I return it?' })).own).toBe('How do I return it?');
    expect(readWords(mail('\u200b', { richText: 'How do I return it?' })).own).toBe('How do I return it?');
    expect(readWords(mail('', { isMail: false, richText: 'How?' })).own).toBe('How?');
    expect(readWords(mail('Where is it?', { richText: 'Something else' })).own).toBe('Where is it?');
  });

  it.each([
    [{ text: null, richText: 'Hello, I have a question. Is it blue?' }],
    [{ text: '', richText: 'Hello, I have a question. Is it blue?' }],
    [{ text: 'Hello, I have a question. Is it blue?', richText: null }],
  ])('takes the original where HubSpot cut the message: %j', (original) => {
    const words = readWords(mail('Hello, I have', { truncation: 'TRUNCATED', original }));
    expect(words.own).toBe('Hello, I have a question. Is it blue?');
  });

  it('takes what HubSpot left where the original has nothing', () => {
    const source = mail('Hello, I have', { truncation: 'TRUNCATED', original: { text: null, richText: '\u200b' } });
    expect(readWords(source).own).toBe('Hello, I have');
  });

  it('trusts HubSpot’s cut where no rule of ours finds history in the original', () => {
    const source = mail('Yes,\nplease.', {
      truncation: 'TRUNCATED_TO_MOST_RECENT_REPLY',
      original: { text: 'Yes, please.\n\nNora, il y a une heure\nFaut-il annuler ?', richText: null },
    });
    expect(readWords(source)).toMatchObject({
      own: 'Yes, please.',
      quoted: 'Nora, il y a une heure\nFaut-il annuler ?',
    });
  });

  it.each([
    ['is not how the original begins', 'No, thanks.', 'Yes, please. And blue.'],
    ['ends within a word', 'Yes, please. And bl', 'Yes, please. And blue.'],
    ['has no words', '\u200b', 'Yes, please.'],
    [
      'left a forwarded mail out',
      'FYI',
      'FYI\n\n---------- Forwarded message ---------\nFrom: N <n@h.example>\nDate: Wed, Jun 3, 2026 at 8:15 ' +
        'AM\nSubject: Sizes\n\nIs there XL?',
    ],
  ])('doesn’t where it %s', (_, text, original) => {
    const words = readWords(
      mail(text, { truncation: 'TRUNCATED_TO_MOST_RECENT_REPLY', original: { text: original, richText: null } }),
    );
    expect(questionIn(words)).toContain(original.split(/\n\n/).at(-1));
  });

  it('reads a subject without what mail programs put before it', () => {
    expect(readWords(mail('Hi', { subject: '[EXT] AW: Re: Sizes' })).subject).toBe('Sizes');
    expect(readWords(mail('Hi', { subject: null })).subject).toBe('');
  });
});

describe('readWords, a forwarded mail', () => {
  const headers = 'From: Nora <nora@home.example>\nSent: Wednesday, June 3, 2026 8:15 AM\nTo: Shop\nSubject: Sizes';

  it('takes the question, with the words of whoever forwards it', () => {
    const text =
      `Can you help her?\n\nBest regards\nKim\n\n---------- Forwarded message ---------\n${headers}\n\nIs there ` +
      `XL?\n\nSent from my iPhone`;
    const words = readWords(mail(text, { subject: 'Fwd: Sizes' }));
    expect(words).toMatchObject({
      own: 'Can you help her?',
      signature: 'Best regards\nKim',
      quoted: null,
      forwarded: {
        from: 'Nora <nora@home.example>',
        subject: 'Sizes',
        text: 'Is there XL?',
        signature: 'Sent from my iPhone',
      },
    });
    expect(questionIn(words)).toBe('Can you help her?\n\nIs there XL?');
  });

  it.each([
    ['FW: Sizes', true],
    ['WG: Sizes', true],
    ['TR : Sizes', true],
    ['RV: Re: Sizes', true],
    ['转发: Sizes', true],
    ['Re: FW: Sizes', false],
    ['AW: Sizes', false],
    ['Sizes', false],
  ])('is told from history by the subject where Outlook puts the same headers above both: %s', (subject, forwards) => {
    const words = readWords(mail(`See below.\n\n${headers}\n\nIs there XL?`, { subject }));
    expect(words.forwarded?.text ?? null).toBe(forwards ? 'Is there XL?' : null);
    expect(words.quoted === null).toBe(forwards);
  });

  it('goes without its footer', () => {
    const text =
      `What is this?\n\n---------- Forwarded message ---------\n${headers}\n\nOrder now!\n\nTo unsubscribe, ` +
      'click here.';
    expect(readWords(mail(text)).forwarded).toMatchObject({
      text: 'Order now!',
      footer: 'To unsubscribe, click here.',
    });
  });
});

describe('questionIn', () => {
  it('takes the quote where there is nothing else', () => {
    const quote = 'On Wed, Jun 3, 2026 at 8:15 AM Shop <shop@shop.example> wrote:\n> Which size?';
    expect(questionIn(readWords(mail(quote)))).toBe(quote);
    expect(questionIn(readWords(mail(`Sent from my iPhone\n\n${quote}`)))).toBe(quote);
  });

  it('finds no words where a reaction is all', () => {
    expect(questionIn(readWords(mail('👍 Kim reacted via Gmail\n\n> It is on its way.')))).toBe('');
  });
});

describe('readWords, any mail', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '',
      '> a',
      '--',
      '-- ',
      'Kind regards',
      'Thanks and regards',
      'Kim Lee',
      'Sent from my iPhone',
      'b?',
    ),
    fc.constantFrom(
      'From: c <c@d.e>',
      'Date: Wed, Jun 3, 2026 at 8:15 AM',
      'Subject: d',
      'To unsubscribe, click here.',
    ),
    fc.constantFrom(
      '---------- Forwarded message ---------',
      '👍 e reacted via Gmail',
      'On 1/6/2026, at 10:00, h <h@i.j> wrote:',
    ),
  );
  const words = (text: string): string[] => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

  it('says each word once, but for the markers and headers of forwarded mails', () => {
    fc.assert(
      fc.property(fc.array(line), (all) => {
        const text = all.join('\n');
        const { own, signature, footer, quoted, forwarded } = readWords(mail(text));
        const said = words(
          [
            own,
            signature,
            footer,
            quoted,
            forwarded?.text,
            forwarded?.signature,
            forwarded?.footer,
            forwarded?.quoted,
          ].join('\n'),
        );
        const left = new Map<string, number>();
        for (const word of words(text)) left.set(word, (left.get(word) ?? 0) + 1);
        for (const word of said) left.set(word, (left.get(word) ?? 0) - 1);
        expect([...left].filter(([, count]) => count < 0)).toEqual([]);
      }),
    );
  });

  it('reads the same again from what it says to be the author’s', () => {
    fc.assert(
      fc.property(fc.array(line), (all) => {
        const { own } = readWords(mail(all.join('\n')));
        const again = readWords(mail(own));
        expect(
          `${again.own}${again.signature ?? ''}${again.footer ?? ''}${again.quoted ?? ''}${again.forwarded?.text ?? ''}`
            .length,
        ).toBeLessThanOrEqual(own.length + 10);
      }),
    );
  });

  it.each([
    'Kind regards\n',
    'Kim Lee\n',
    'Sent from my iPhone\n',
    '--\n',
    '-- \nKim\n',
    'To unsubscribe, click here.\n\n',
    '\n',
    ' ',
    '\u200b',
    '👍 ',
    '+49 30 1234\n',
    'Thanks and regards, ',
    'www.a.b ',
    'If you received this email in error ',
    'regards, Kim ',
    'a\n\n',
  ])('is through at once with 200 kB of %j', (part) => {
    const text = `Hello\n${part.repeat(200_000 / part.length)}`;
    const start = performance.now();
    readWords(mail(text, { authorName: 'Kim Lee' }));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
