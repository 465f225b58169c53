import { describe, expect, it } from '@jest/globals';
import { smallTalkIn } from '../../../src/ai/knowledge/small-talk.ts';

describe('small talk', () => {
  it.each([
    ['greeting', 'Hi!'],
    ['greeting', 'Hello, is anybody there?'],
    ['greeting', 'Guten Morgen'],
    ['greeting', 'Bonjour, il y a quelqu’un ?'],
    ['greeting', '¡Buenos días!'],
    ['thanks', 'That worked, thank you!'],
    ['thanks', 'Thanks Robin'],
    ['thanks', 'Thanks for your help, Robin!'],
    ['thanks', 'Thank youuu'],
    ['thanks', 'Tack så mycket!'],
    ['thanks', 'Děkuji'],
    ['thanks', 'Спасибо большое!'],
    ['thanks', 'ありがとうございます。'],
    ['thanks', '谢谢！'],
    ['thanks', 'Teşekkürler'],
    ['greeting', 'Привет'],
    ['greeting', 'Hei!'],
    ['greeting', '你好'],
    ['greeting', 'Anyone here?'],
    ['farewell', '❤️'],
    ['farewell', ':-)'],
    ['thanks', 'Danke, das hat geholfen!'],
    ['thanks', 'Merci beaucoup pour votre aide'],
    ['thanks', 'Muchas gracias'],
    ['thanks', 'Obrigada pela ajuda!'],
    ['thanks', 'Grazie mille'],
    ['thanks', 'Hartelijk dank!'],
    ['thanks', 'Dziękuję bardzo'],
    ['farewell', 'Ok, got it'],
    ['farewell', 'Das ist alles, schönen Tag noch'],
    ['farewell', 'My parcel has arrived, all good'],
    ['farewell', '👍'],
    ['farewell', '❤️ Robin Doe reacted via Gmail <https://www.google.com/gmail/about/>'],
  ] as const)('%s: %s', (kind, text) => {
    expect(smallTalkIn(text)).toBe(kind);
  });

  it.each([
    'Thank you!\n\nSent from my Android phone',
    'Thank you!\n\nGet Outlook for Android',
    'Thank you\n\nBest regards,\nRobin Doe\nDoe & Sons\n+49 30 1234567',
    'Hello,\n\nThank you and kind regards\nRobin',
    'Thank you!\n\n--\nRobin Doe',
    'Vielen Dank!\n\nMit freundlichen Grüßen\nRobin Doe',
  ])('is the same with a signature: %j', (text) => {
    expect(smallTalkIn(text)).toBe('thanks');
  });

  it.each([
    'The refund is stuck, I want it resolved by Monday!',
    'You wrote that it is solved, but the heater leaks again.',
    'I found it damaged in the box.',
    'This has to be sorted at once.',
    'I thought that was fixed. It happened again.',
    'ok but it is still broken',
    'Thanks for nothing',
    'Thanks. Nothing works.',
    'Great, another week without my parcel',
    'Danke für gar nichts',
    'Danke, Schrott!',
    'Thanks, Visa declined',
    'Thank you, Robin? Nobody came.',
    'Tack, men paketet kom inte',
    'Спасибо, но посылки нет',
    '谢谢，但是包裹没到',
    'Merci, mais rien ne marche',
    'Gracias, pero sigue roto',
    'Thanks 😡',
    '👎',
    'It works?',
    'No',
    'Thanks!\n\nKind regards\nRobin\n\nPS: where is my refund?',
    'Thank you Thieves and liars',
  ])('is not "%s": a complaint is never sent away', (text) => {
    expect(smallTalkIn(text)).toBeNull();
  });
});
