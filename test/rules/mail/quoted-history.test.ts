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
  ])('is through at once with a megabyte of %s', (_, part) => {
    const { said, quoted } = splitQuotedHistory(`Hello\n${part.repeat(1_000_000 / part.length)}`);
    expect(`${said}${quoted}`).toContain('Hello');
  });
});
