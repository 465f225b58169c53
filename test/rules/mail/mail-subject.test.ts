import { describe, expect, it } from '@jest/globals';
import { bareSubject, withoutGatewayTags } from '../../../src/rules/mail/mail-subject.ts';
import { readWords } from '../../../src/rules/mail/message-words.ts';

describe('bareSubject', () => {
  it.each([
    'Re: Sizes',
    'RE: Sizes',
    're:Sizes',
    'Re : Sizes',
    'Re：Sizes',
    'RE[2]: Sizes',
    'Re(3): Sizes',
    'Re^4: Sizes',
    'AW: Sizes',
    'AW: Re: AW: Sizes',
    'Antw: Sizes',
    'Antwort: Sizes',
    'SV: Sizes',
    'VS: Sizes',
    'Sv: SV: Sizes',
    'RIF: Sizes',
    'Rif.: Sizes',
    'R: Sizes',
    'RES: Sizes',
    'Ré: Sizes',
    'RÉP : Sizes',
    'Odp: Sizes',
    'ODP: Re: Sizes',
    'YNT: Sizes',
    'Ynt: Sizes',
    'ATB: Sizes',
    'BLS: Sizes',
    'Vá: Sizes',
    'ΑΠ: Sizes',
    'ΣΧΕΤ: Sizes',
    'Отв: Sizes',
    'НА: Re: Sizes',
    'Відп: Sizes',
    'Отг: Sizes',
    '回复: Sizes',
    '回复：Sizes',
    '答复: Sizes',
    '回覆: Sizes',
    '返信: Sizes',
    '답장: Sizes',
    '회신: Sizes',
    'رد: Sizes',
    'תשובה: Sizes',
    'Trả lời: Sizes',
    'ตอบกลับ: Sizes',
    'Svar: Sizes',
    'Re: Fwd: Sizes',
    '[EXT] Re: Sizes',
    'Re: [EXT] AW: Sizes',
    '***SPAM*** Re: Sizes',
    'EXTERNAL: RE: Sizes',
    'Re:\u200b Sizes',
    'Re: Re: Re: Re: Sizes',
  ])('%j answers', (subject) => {
    expect(bareSubject(subject)).toEqual({ subject: 'Sizes', kind: 'reply' });
  });

  it.each([
    'Fwd: Sizes',
    'FW: Sizes',
    'Fw: Re: Sizes',
    'WG: Sizes',
    'TR: Sizes',
    'TR : Sizes',
    'RV: Sizes',
    'ENC: Sizes',
    'I: Sizes',
    'Doorst: Sizes',
    'VB: Sizes',
    'VL: Sizes',
    'VS: VL: Sizes'.slice(4),
    'PD: Sizes',
    'İLT: Sizes',
    'ПЕРЕСЫЛКА: Sizes',
    '转发: Sizes',
    '轉寄: Sizes',
    '転送: Sizes',
    '전달: Sizes',
    'Fwd: Fwd: Sizes',
    'FW: AW: Sizes',
  ])('%j forwards', (subject) => {
    expect(bareSubject(subject)).toEqual({ subject: 'Sizes', kind: 'forward' });
  });

  it.each([
    'Reply needed',
    'Sizes',
    'Reference 4711',
    'Order: 4711',
    'Is 3:2 right?',
    'AWOL: where is it',
    'Retour: Sizes',
    'Svargtest',
    'Fwd',
    'Re',
    'Reagan: a book',
    'https://shop.example',
    'Attention: it leaks',
    'Warning: sharp edges',
    'Sizes Re: shirts',
    '[Ticket 4711] Sizes',
    '(blue) shirt',
    '***',
    '[EXT]',
    'Extern',
    'External drive',
    'Spam',
    '!!!',
    'Resolved: no',
  ])('%j is left', (subject) => {
    expect(bareSubject(subject)).toEqual({ subject, kind: 'new' });
  });

  it('takes any number of prefixes in little time', () => {
    const start = performance.now();
    for (const part of ['Re: ', 'AW:', '[EXT] ', '***', '***SPAM', 'Re[', ' ', '!', '[', 'possible spam ', '1'])
      expect(bareSubject(part.repeat(200_000 / part.length)).subject.length).toBeLessThanOrEqual(2_000);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe('withoutGatewayTags', () => {
  it.each([
    '***SPAM*** Sizes',
    '*****SPAM***** Sizes',
    '*** SPAM *** Sizes',
    '[SPAM] Sizes',
    '[Spam?] Sizes',
    '{Spam?} Sizes',
    '{SPAM} Sizes',
    'SPAM: Sizes',
    '[***SPAM***] Sizes',
    '[SPAM 5.2] Sizes',
    '[SUSPECTED SPAM] Sizes',
    '[Possible Spam] Sizes',
    '[Bulk] Sizes',
    'EXTERNAL: Sizes',
    '[EXTERNAL] Sizes',
    '(EXTERNAL) Sizes',
    '<EXTERNAL> Sizes',
    '[External Email] Sizes',
    '[EXT] Sizes',
    '[EXT]: Sizes',
    '[ext] Sizes',
    'EXT: Sizes',
    '**EXTERNAL** Sizes',
    '[EXTERN] Sizes',
    '[Externe] Sizes',
    '[ESTERNO] Sizes',
    '[CAUTION] Sizes',
    '[SECURE] Sizes',
    '{Disarmed} Sizes',
    '[EXT] [SPAM] Sizes',
    '⚠ EXTERNAL: Sizes',
    '[⚠️ External] Sizes',
    '  [EXT]   Sizes ',
  ])('%j', (subject) => {
    expect(withoutGatewayTags(subject)).toBe('Sizes');
  });
});

describe('the subject that is read', () => {
  it.each([
    ['R: language for beginners', 'R: language for beginners'],
    ['I: a novel', 'I: a novel'],
    ['Re: Sizes', 'Sizes'],
    ['Attention: it leaks', 'Attention: it leaks'],
  ])('of %j is %j', (subject, read) => {
    const source = { isMail: true, authorName: null, text: 'Hi', richText: null, original: null };
    expect(readWords({ ...source, subject, truncation: 'NOT_TRUNCATED' }).subject).toBe(read);
  });
});
