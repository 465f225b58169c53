import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitQuotedHistory } from '../../../src/rules/mail/quoted-history.ts';

const lines = (...all: string[]): string => all.join('\n');

describe('splitQuotedHistory', () => {
  it.each<[string, string[]]>([
    ['Gmail', ['On Tue, Jan 6, 2026 at 10:00 AM Support <support@example.com> wrote:', '', '> Hello', '>> Hi']],
    [
      'Gmail in two lines',
      ['On Tue, Jan 6, 2026 at 10:00 AM Example Shop Support', '<support@example.com> wrote:', '> Hello'],
    ],
    [
      'Gmail in HTML turned into text',
      ['On Tue, Jan 6, 2026 at 10:00 AM Support <support@example.com> wrote:', 'Hello'],
    ],
    ['Thunderbird in German', ['Am 06.01.2026 um 10:00 schrieb Support:', '> Hallo']],
    ['Apple Mail in French', ['Le 6 janv. 2026 à 10:00, Support <support@example.com> a écrit :', '', '> Bonjour']],
    ['Gmail in Spanish', ['El mar, 6 ene 2026 a las 10:00, Support (<support@example.com>) escribió:', 'Hola']],
    ['Gmail in Dutch', ['Op di 6 jan 2026 om 10:00 schreef Support <support@example.com>:', '> Hallo']],
    ['Gmail in Danish', ['Den tir. 6. jan. 2026 kl. 10.00 skrev Support <support@example.com>:', '> Hej']],
    ['Gmail in Chinese', ['Support <support@example.com> 于2026年1月6日周二 10:00写道：', '> 你好']],
    [
      'Outlook',
      [
        'From: Support <support@example.com>',
        'Sent: Tuesday, January 6, 2026 10:00',
        'To: Kim',
        'Subject: Re: Order',
        '',
        'Hello',
      ],
    ],
    [
      'Outlook with a line',
      [
        '________________________________',
        'Von: Support <support@example.com>',
        'Gesendet: Dienstag',
        'An: Kim',
        'Betreff: AW: Bestellung',
        '',
        'Hallo',
      ],
    ],
    ['old Outlook', ['-----Original Message-----', 'From: Support', 'Hello']],
    ['nobody in particular', ['> Hello', '> Where is it?']],
  ])('tells the new words from what %s quotes below them', (_, history) => {
    const split = splitQuotedHistory(lines('Still nothing here.', '', 'Kim', '', ...history));
    expect(split).toEqual({ said: 'Still nothing here.\n\nKim', quoted: history.join('\n') });
  });

  it('takes what stands below a quote', () => {
    const quote = lines('On Tue, Jan 6, 2026 at 10:00 Support <support@example.com> wrote:', '> Which size?');
    expect(splitQuotedHistory(lines(quote, '', 'Large, please.'))).toEqual({ said: 'Large, please.', quoted: quote });
  });

  it('leaves answers between quotes where they are, and takes the history below them', () => {
    const answers = lines('> Which size?', 'Large', '> Which colour?', 'Blue');
    expect(splitQuotedHistory(lines(answers, '', '> Kind regards'))).toEqual({
      said: answers,
      quoted: '> Kind regards',
    });
    expect(splitQuotedHistory(answers)).toEqual({ said: answers, quoted: null });
  });

  it('takes a quote that has nothing but a signature below it', () => {
    expect(splitQuotedHistory('Blue.\n\n> Which colour?\n--\nNora').said).toBe('Blue.\n\n--\nNora');
  });

  it('says nothing where nothing but a quote is left', () => {
    expect(splitQuotedHistory('> Hello\r\n> there')).toEqual({ said: '', quoted: '> Hello\n> there' });
  });

  it.each([
    ['no quote', 'Where is my order?\n\nRegards,\nKim\n\nAnd what about the refund?'],
    ['a letter told of', 'On Monday I wrote:\nplease send it. Nothing came.'],
    ['one line that looks like a header', 'From: Berlin\nI need it by Friday.'],
    ['a comparison', 'Is 5 > 3 the rule?'],
    ['nothing', ''],
  ])('leaves %s whole', (_, text) => {
    expect(splitQuotedHistory(text)).toEqual({ said: text, quoted: null });
  });

  it.each<[string, string, string]>([
    ['Gmail in Czech', 'Díky.', 'st 3. 6. 2026 v 8:15 odesílatel Nora Vale <nora@shop.example> napsal:\nBarva?'],
    [
      'Gmail in Turkish',
      'Sağ olun.',
      'Nora Vale <nora@shop.example>, 3 Haz 2026 Çar, 08:15 tarihinde şunu yazdı:\nRenk?',
    ],
    [
      'Gmail in Hungarian',
      'Köszönöm.',
      'Nora Vale <nora@shop.example> ezt írta (időpont: 2026. jún. 3., Sze, 8:15):\nSzín?',
    ],
    [
      'Gmail in Vietnamese',
      'Cảm ơn.',
      'Vào Th 4, 3 thg 6, 2026 lúc 08:15 Nora Vale <nora@shop.example> đã viết:\nMàu?',
    ],
    ['Gmail in Hebrew', 'תודה', '‫בתאריך יום ד׳, 3 ביוני 2026 ב-8:15 מאת ‪Nora Vale‬‏ <‪nora@shop.example‬‏>:‬\nצבע?'],
    ['Gmail in Korean', '감사합니다', '2026년 6월 3일 (수) 오전 8:15, Nora Vale <nora@shop.example>님이 작성:\n색상?'],
    ['Gmail in Thai', 'ขอบคุณ', 'ในวันที่ พ. 3 มิ.ย. 2026 เวลา 08:15 Nora Vale <nora@shop.example> เขียนว่า:\nสี?'],
    ['Apple Mail in Arabic digits', 'شكرا', 'في ٠٣‏/٠٦‏/٢٠٢٦، الساعة ٨:١٥ ص، كتب Nora <nora@shop.example>:\nلون؟'],
    ['an old Gmail', 'Thanks.', '2026-06-03 8:15 GMT+02:00 Nora Vale <nora@shop.example>:\nWhich colour?'],
    ['an old Gmail without a colon', 'Thanks.', '2026/6/3 Nora Vale <nora@shop.example>\nWhich colour?'],
    [
      'an address broken over lines',
      'Dank je.',
      'Op wo 3 jun 2026 om 08:15 schreef Nora Vale <\nnora@shop.example>:\nKleur?',
    ],
    ['Yandex', 'Спасибо.', '03.06.2026, 08:15, "Nora Vale" <nora@shop.example>:\nЦвет?'],
    [
      'Zoho',
      'Thanks.',
      '---- On Wed, 03 Jun 2026 08:15:00 +0200 Nora Vale <nora@shop.example> wrote ----\nWhich colour?',
    ],
    [
      'Outlook in Japanese',
      'はい',
      '差出人: Nora <nora@shop.example>\n送信日時: 2026年6月3日 8:15\n宛先: Kim\n件名: Re: 注文\n\n色は?',
    ],
    [
      'Outlook in Estonian',
      'Aitäh.',
      'Saatja: Nora <nora@shop.example>\nSaadetud: 3. juuni 2026 8:15\nKellele: Kim\nTeema: Re: Tellimus\n\nVärv?',
    ],
    [
      'Outlook with no-break spaces',
      'Merci.',
      'De\u00a0: Nora <nora@shop.example>\nEnvoyé\u00a0: mercredi 3 juin 2026 08:15\nÀ\u00a0: ' +
        'Kim\nObjet\u00a0: Re: Commande\n\nQuelle couleur ?',
    ],
    [
      'Outlook with tabs',
      'Tack.',
      'Från:\tNora <nora@shop.example>\nSkickat:\tden 3 juni 2026 08:15\nTill:\tKim\nÄmne:\tRe: Order\n\nFärg?',
    ],
    [
      'Outlook in bold',
      'Thanks.',
      '*From:* Nora <nora@shop.example>\n*Sent:* Wednesday, June 3, 2026 8:15 AM\n*To:* Kim\n*Subject:* Re: ' +
        'Order\n\nColour?',
    ],
    [
      'Orange in French',
      'Merci.',
      '> Message du 03/06/26 08:15\n> De : "Nora" <nora@shop.example>\n> A : kim@home.example\n> Objet : Re: ' +
        'Commande\n> \n> Couleur ?',
    ],
    [
      'a help desk’s line',
      'Cancel it, please.',
      '##- Type your reply above this line -##\n\nRequest 4711 was updated.',
    ],
    [
      'a help desk’s line in German',
      'Bitte stornieren.',
      '##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##\n\nIhre Anfrage 4711.',
    ],
    [
      'a help desk’s line without marks',
      'Cancel it.',
      '--- Please reply above this line ---\n\nRequest 4711 was updated.',
    ],
    [
      'an address alone, below what a phone adds',
      'Yes.\n\nSent from my Galaxy',
      'nora@shop.example wrote:\nWhich colour?',
    ],
    ['a name without an address', 'Merci.', 'Le mer. 3 juin 2026, 08:15, Nora Vale a écrit :\n\nQuelle couleur ?'],
  ])('tells the new words from history in any language: %s', (_, said, history) => {
    expect(splitQuotedHistory(`${said}\n\n${history}`)).toEqual({ said, quoted: history });
  });

  it.each([
    ['a sentence about a letter', 'On Monday I asked Nora about it, and she wrote:\n"it is on its way". Where is it?'],
    ['a sentence that begins as French attributions do', 'Il est dit sur le site : indisponible\n\nQue faire ?'],
    [
      'a letter told of in the first person',
      'On 3 June 2026 at 8:15 I wrote to Nora <nora@shop.example>:\nplease cancel it.\nNothing came.',
    ],
    [
      'the same in German',
      'Am 3. Juni 2026 um 8:15 Uhr schrieb ich an Nora <nora@shop.example>:\nbitte stornieren.\nNichts.',
    ],
    [
      'the same in Spanish',
      'El 3 de junio de 2026 a las 8:15 les escribí yo a <nora@shop.example>:\ncancelar, por favor.',
    ],
    [
      'a colleague’s words',
      'Your colleague nora@shop.example wrote:\nyou get it back on Friday.\n\nIt is Monday now. Where is it?',
    ],
    ['a colleague’s words in German', 'Ihre Kollegin nora@shop.example schrieb:\nam Freitag kommt es.\n\nWo ist es?'],
    ['a colleague’s words in French', 'Nora <nora@shop.example> a écrit :\nvendredi.\n\nOù est-il ?'],
    [
      'a colleague’s words with a date',
      'Nora (nora@shop.example) wrote on 3 June 2026 at 8:15:\nFriday.\n\nWhere is it?',
    ],
    ['the same without brackets', 'nora@shop.example schrieb am 3. Juni 2026 um 8:15 Uhr:\nam Freitag.\n\nWo ist es?'],
    ['a journey', 'I want a ticket.\n\nFrom: Oslo\nTo: Rome\nDate: 3 June 2026, 08:15\n\nHow much is it?'],
    ['a journey in German', 'Ich brauche:\n\nVon: Oslo\nAn: Rom\nDatum: 03.06.2026\n\nWas kostet es?'],
    ['a journey in Spanish', 'Quiero ir\n\nDe: Oslo\nPara: Roma\nFecha: 3 de junio\n\n¿Cuánto cuesta?'],
    ['a journey in Polish', 'Proszę o bilet\n\nOd: Oslo\nDo: Rzym\nData: 3.06.2026\n\nIle kosztuje?'],
    [
      'a form’s mail',
      'Somebody wrote on your site\n\nFrom: Nora Vale\nTo: shop@shop.example\nSubject: Sizes\n\nDo you have it in XL?',
    ],
    [
      'a form’s fields',
      'A new booking:\n\nE-mail: nora@home.example\nDate: 3 June 2026 08:15\nGuests: 4\n\nIs there a high chair?',
    ],
    [
      'a customer’s data',
      'Please change it:\n\nName: Nora Vale <nora@home.example>\nPhone: 030 1234\nBorn: 3.6.1990\n\nThank you',
    ],
    ['a line of one’s own', 'Red or blue?\n\n-----------\n\nAnd is it washable?'],
    ['a heading of one’s own', '---- My order ----\nTwo shirts\n\n---- My question ----\nWhen does it come?'],
    ['marks of one’s own', 'See our offer\n>>> >>> https://shop.example <<<\nIs that price right?'],
    ['a list marked as quotes are', 'I want\n> two shirts\n> one hat\nin blue, please.'],
    ['a plan with a time', 'Meeting on 3.6.2026 at 08:15:\nwill somebody come?'],
    ['an invitation to write', 'Please answer to nora@home.example until 3 June 2026, 08:15:\nI am away afterwards.'],
  ])('leaves %s with its author', (_, text) => {
    expect(splitQuotedHistory(text)).toEqual({ said: text, quoted: null });
  });

  it.each<[string, string, string]>([
    [
      'a header block at the top',
      'From: Nora <nora@shop.example>\nSent: Wednesday, June 3, 2026 8:15 AM\nTo: Kim\nSubject: Re: Order\n\n',
      'Blue, please.',
    ],
    [
      'a header block and marked words',
      'From: Nora <nora@shop.example>\nSent: Wednesday, June 3, 2026 8:15 AM\nTo: Kim\nSubject: Re: Order\n\n> ' +
        'Which colour?\n\n',
      'Blue, please.',
    ],
    ['marked words', '> Which colour?\n> Nora\n\n', 'Blue, please.'],
    ['an attribution and marked words', 'Am 03.06.2026 um 08:15 schrieb Nora:\n> Farbe?\n\n', 'Blau, bitte.'],
    ['an original message that is marked', '-----Original Message-----\n> Which colour?\n\n', 'Blue, please.'],
    [
      'an attribution in a rare language',
      'Þann mið., 3. jún. 2026 kl. 08:15 skrifaði Nora <nora@shop.example>:\n> Litur?\n\n',
      'Blár.',
    ],
  ])('takes the answer below %s', (_, history, answer) => {
    expect(splitQuotedHistory(history + answer)).toEqual({ said: answer, quoted: history.trim() });
  });

  it.each([
    ['Yes, please On Wed, Jun 3, 2026 at 8:15 AM nora@shop.example wrote:\n> Cancel it?', 'Yes, please'],
    ['Ja, bitte. Am 03.06.2026 um 08:15 schrieb nora@shop.example:\n> Stornieren?', 'Ja, bitte.'],
    [
      'It is order 4711.\nThe blue one --- On Wed, Jun 3, 2026 at 8:15 AM, nora@shop.example wrote:\n> Which?',
      'It is order 4711.\nThe blue one',
    ],
  ])('keeps the words before an attribution on its line: %j', (text, said) => {
    const { said: kept, quoted } = splitQuotedHistory(text);
    expect(kept).toBe(said);
    expect(quoted).not.toContain(said.split('\n').at(-1));
  });

  it.each<[string, string, string, string]>([
    [
      'Gmail',
      '',
      '---------- Forwarded message ---------\nFrom: Nora <nora@home.example>\nDate: Wed, Jun 3, 2026 at 8:15 ' +
        'AM\nSubject: Sizes\nTo: <shop@shop.example>\n\n\nDo you have XL?',
      'Do you have XL?',
    ],
    [
      'Gmail in Swedish, with a word',
      'Kan ni svara?\n\n',
      '---------- Forwarded message ---------\nFrån: Nora <nora@home.example>\nDate: ons 3 juni 2026 kl ' +
        '08:15\nSubject: Storlek\nTo: Butik <shop@shop.example>\n\nFinns XL?',
      'Kan ni svara?\n\nFinns XL?',
    ],
    [
      'Thunderbird in German',
      'Bitte prüfen.\n\n',
      '-------- Weitergeleitete Nachricht --------\nBetreff: \tGröße\nDatum: \tWed, 3 Jun 2026 08:15:00 ' +
        '+0200\nVon: \tNora <nora@home.example>\nAn: \tshop@shop.example\n\nGibt es XL?',
      'Bitte prüfen.\n\nGibt es XL?',
    ],
    [
      'Thunderbird in a language that no list has',
      'Palun vastake.\n\n',
      '-------- Edastatud sõnum --------\nTeema: Suurus\nKuupäev: Wed, 3 Jun 2026 08:15:00 +0200\nSaatja: Nora ' +
        '<nora@home.example>\n\nKas XL on olemas?',
      'Palun vastake.\n\nKas XL on olemas?',
    ],
    [
      'Apple Mail',
      '',
      'Begin forwarded message:\n\nFrom: Nora <nora@home.example>\nSubject: Sizes\nDate: 3 June 2026 at ' +
        '08:15:00 CEST\nTo: shop@shop.example\n\nDo you have XL?',
      'Do you have XL?',
    ],
    [
      'Apple Mail in Italian, marked',
      'Vedi sotto\n\n',
      '> Inizio messaggio inoltrato:\n> \n> Da: Nora <nora@home.example>\n> Data: 3 giugno 2026 08:15:00 ' +
        'CEST\n> A: shop@shop.example\n> Oggetto: Taglie\n> \n> Avete la XL?',
      'Vedi sotto\n\nAvete la XL?',
    ],
    [
      'Yahoo',
      '',
      '----- Forwarded Message -----\nFrom: "Nora" <nora@home.example>\nTo: "shop@shop.example" ' +
        '<shop@shop.example>\nSent: Wednesday, June 3, 2026 8:15:32 AM\nSubject: Sizes\n\nDo you have XL?',
      'Do you have XL?',
    ],
  ])('takes a forwarded mail for the question, without its marker: %s', (_, own, forwarded, said) => {
    expect(splitQuotedHistory(own + forwarded)).toEqual({ said, quoted: null });
  });

  it('leaves a mail with its author under a line that announces it', () => {
    const headers = 'From: Nora <nora@home.example>\nSent: Wednesday, June 3, 2026 8:15 AM\nTo: Shop\nSubject: Sizes';
    const said = `See what she writes:\n\n${headers}\n\nIs there XL?`;
    expect(splitQuotedHistory(said)).toEqual({ said, quoted: null });
  });

  it('keeps what was quoted in a forwarded mail as its history', () => {
    const marker =
      '---------- Forwarded message ---------\nFrom: Nora <nora@home.example>\nDate: Wed, Jun 3, 2026 at 8:15 ' +
      'AM\nSubject: Re: Sizes\n\n';
    const history = 'On Tue, Jun 2, 2026 at 8:15 AM Shop <shop@shop.example> wrote:\n> Which size?';
    expect(splitQuotedHistory(`${marker}XL.\n\n${history}`)).toEqual({ said: 'XL.', quoted: history });
  });

  it('loses no word, whatever stands in a mail', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '',
        '> a',
        '>',
        'b',
        'From: c <c@d.e>',
        'Sent: f',
        'To: g',
        '-----Original Message-----',
        '_______',
      ),
      fc.constantFrom('On 1/6/2026, at 10:00, h <h@i.j> wrote:', 'On Tuesday', '<k@l.m> wrote:'),
    );
    const words = (text: string): string[] =>
      text
        .split(/\s+/)
        .filter((word) => word !== '')
        .sort();
    fc.assert(
      fc.property(fc.array(line), (mail) => {
        const { said, quoted } = splitQuotedHistory(mail.join('\n'));
        expect(words(`${said}\n${quoted ?? ''}`)).toEqual(words(mail.join('\n')));
      }),
    );
  });

  // Libraries for this take seconds for some of these and minutes for others: their patterns backtrack over all lines.
  it.each([
    ['attributions', 'Op a@b schreef:\n> c\n'],
    ['half attributions', 'Op schreef\n'],
    ['blank lines', '\n'],
    ['header lines', 'From: a\n'],
    ['one long line', 'Op schreef: '],
    ['quotes', '> a\n\n'],
    ['marked header lines', '> From: a <a@b.c>\n'],
    ['header lines with blanks', 'From: a <a@b.c>\n\n'],
    ['attributions that don’t end', 'On 1/6/2026 at 10:00 a <a@b.c>\n'],
    ['forward markers', '---------- Forwarded message ---------\nFrom: a <a@b.c>\n\n'],
    ['dashes', '-'],
    ['spaces', ' '],
    ['addresses', 'a@'],
    ['colons', 'a:'],
    ['digits', '1'],
    ['dates', '1.1.'],
    ['marks', '>'],
    ['invisible characters', '\u200b'],
    ['brackets', '<'],
    ['line separators', '-----Original Message-----\n> a\n\n'],
  ])('is through at once with a megabyte of %s', (_, part) => {
    const { said, quoted } = splitQuotedHistory(`Hello\n${part.repeat(1_000_000 / part.length)}`);
    expect(`${said}${quoted}`).toContain('Hello');
  });
});
