import { describe, expect, it } from '@jest/globals';
import { folded, isPhrase, phraseFinder } from '../../../src/rules/escalation/phrases.ts';

const finds = (phrase: string, text: string): boolean => phraseFinder([phrase])(folded(text));

describe('a phrase', () => {
  it.each([
    ['lawyer', 'I will call my lawyer.'],
    ['lawyer', 'LAWYER!'],
    ['lawyer', 'law\u00adyer'],
    ['take you to court', 'I shall take  you\nto COURT'],
    ['credit card', 'my credit-card'],
    ["won't pay", 'I won’t pay'],
    ['lawyer*', 'two lawyers'],
    ['*anwalt', 'Mein Rechtsanwalt schreibt'],
    ['kündig*', 'Ich kuendige hiermit'],
    ['Kündigung', 'KUNDIGUNG'],
    ['groß', 'GROSS'],
    ['ředitel', 'chci REDITEL'],
    ['avocat', 'mon avocat, maître'],
    ['façade', 'facade'],
    ['istanbul', 'İSTANBUL'],
    ['адвокат', 'Мой АДВОКАТ'],
    ['ещё', 'ЕЩЕ раз'],
    ['νόμος', 'ΝΟΜΟΣ'],
    ['محامي', 'سأكلم مُحامي'],
    ['עורך דין', 'עוֹרֵךְ דִּין'],
    ['वकील', 'मेरा वकील कहता है'],
    ['退款', '我要退款吗'],
    ['弁護士', '弁護士に相談します'],
    ['カード', 'ｶｰﾄﾞが使えない'],
    ['변호사', '변호사를 부르겠습니다'],
    ['ทนายความ', 'ผมจะเรียกทนายความ'],
    ['lawyer', '弁護士lawyerです'],
    ['24/7', 'open 24/7?'],
    ['C++', 'in c++ please'],
    ['911', 'Call 911 now'],
    ['😡', 'really 😡😡'],
    ['❤️', 'I ❤ it'],
    ['$$$', 'you want $$$'],
    ['a.b', 'a.b'],
  ])('"%s" is in "%s"', (phrase, text) => {
    expect(finds(phrase, text)).toBe(true);
  });

  it.each([
    ['law', 'lawyer'],
    ['law', 'outlaw'],
    ['sue', 'an issue'],
    ['anwalt', 'Rechtsanwalt'],
    ['lawyer*', 'outlawyer'],
    ['take you to court', 'take you. To court'],
    ['take you to court', 'take you all to court'],
    ['24', '2024'],
    ['C++', 'c'],
    ['a.b', 'aXb'],
    ['мой', 'мои'],
    ['か', 'が'],
    ['vip', 'VIPs'],
    ['a b', 'ab'],
  ])('"%s" is not in "%s"', (phrase, text) => {
    expect(finds(phrase, text)).toBe(false);
  });

  it('is in no empty text, and no phrase is in any', () => {
    expect(finds('lawyer', '')).toBe(false);
    expect(phraseFinder([])('lawyer')).toBe(false);
  });

  it.each(['', '  ', '*', 'a **', '* b', 'a*b'])('"%s" is none', (phrase) => {
    expect(isPhrase(phrase)).toBe(false);
  });
});
