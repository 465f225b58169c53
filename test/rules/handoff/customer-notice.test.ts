import { describe, expect, it } from '@jest/globals';
import { customerNotice, mayNotifyCustomer } from '../../../src/rules/handoff/customer-notice.ts';
import { AGENT, conversation, everywhere, fromAgent, fromCustomer, handoff, settings } from '../../support/messages.ts';
import { DEFAULT_HANDOFF } from '../../support/settings.ts';

const asked = fromCustomer({ at: 1 });
const now = conversation([asked]);
const messages = { '*': 'Our team answers.', de: 'Unser Team antwortet.' };
const portal = settings({ handoff: handoff({ messages }) });

describe('what the customer is told of a handoff', () => {
  it.each([
    [undefined, 'Our team answers.'],
    ['fr', 'Our team answers.'],
    ['de', 'Unser Team antwortet.'],
    ['de-CH', 'Unser Team antwortet.'],
  ])('goes by the language %s', (language, text) => {
    const about = language === undefined ? {} : { language };
    expect(customerNotice(now, asked, about, portal)).toMatchObject({ words: { text }, to: { channelId: '1000' } });
  });

  it.each([
    ['en', /^I can't answer/],
    ['de-AT', /^Das kann ich nicht/],
    ['fr', /^Je ne peux pas/],
    ['es', /^No puedo/],
    ['pt-BR', /^Não consigo/],
    ['it', /^Non posso/],
    ['nl', /^Dit kan ik/],
    ['pl', /^Nie potrafię/],
    ['ja', /^I can't answer/],
  ])('is said in %s where nothing else is set', (language, text) => {
    const unset = settings({ handoff: DEFAULT_HANDOFF });
    expect(customerNotice(now, asked, { language }, unset)).toMatchObject({
      words: { text: expect.stringMatching(text) },
    });
  });

  it.each([
    [
      'nothing is set',
      customerNotice(now, asked, {}, settings({ handoff: handoff({ messages: {} }) })),
      'no message is set',
    ],
    [
      'their language has no text and there is none for all',
      customerNotice(now, asked, { language: 'fr' }, settings({ handoff: handoff({ messages: { de: 'Moment' } }) })),
      'no message is set',
    ],
    [
      'the AI only drafts',
      customerNotice(now, asked, {}, { ...portal, ...everywhere('draft') }),
      "on live chat the AI doesn't answer by itself",
    ],
    [
      'agents approve',
      customerNotice(now, asked, {}, { ...portal, ...everywhere('approve') }),
      "on live chat the AI doesn't answer by itself",
    ],
    [
      'a person has the thread',
      customerNotice(conversation([asked], { assignedTo: AGENT }), asked, {}, portal),
      'the AI may not speak here',
    ],
    [
      'the API can’t send',
      customerNotice(now, fromCustomer({ channelId: '1007' }), {}, portal),
      "HubSpot's API can't send on whatsapp",
    ],
  ])('is nothing where %s', (_, notice, none) => {
    expect(notice).toEqual({ none });
  });

  it('says outside of business hours when agents are back, in the language of its text', () => {
    const closed = { now: Date.parse('2026-11-28T20:00:00Z'), opening: Date.parse('2026-11-30T08:00:00Z') };
    const english = 'Back on {opening}.';
    const noticed = (closedMessages: Record<string, string>, language?: string) => {
      const at = settings({ handoff: handoff({ messages, closedMessages }), timeZone: 'Europe/Berlin' });
      const notice = customerNotice(now, asked, language ? { language } : {}, at, closed);
      return 'words' in notice ? notice.words.text : notice.none;
    };
    const byLanguage = { de: 'Ab {opening}. Ja, {opening}!', '*': english };
    expect(noticed(byLanguage, 'de-AT')).toBe('Ab Montag, 09:00. Ja, Montag, 09:00!');
    expect(noticed({ en: english, '*': english }, 'de')).toBe('Back on Monday 09:00.');
    expect(noticed({ '*': 'Ab {opening}.' }, 'de')).toBe('Ab Montag, 09:00.');
    expect(noticed({ '*': english })).toBe('Back on Monday 09:00.');
    // Without a word of its own it is what is said at any time.
    expect(noticed({})).toBe('Our team answers.');
    expect(noticed({ fr: 'x' }, 'de')).toBe('Unser Team antwortet.');
    expect(customerNotice(now, asked, {}, portal, null)).toMatchObject({ words: { text: 'Our team answers.' } });
  });

  it('may still be said when the customer wrote on, and not when an agent did', () => {
    expect(mayNotifyCustomer(conversation([asked, fromCustomer({ at: 2 })]), asked, portal)).toBe(true);
    expect(mayNotifyCustomer(conversation([asked, fromAgent({ at: 2 })]), asked, portal)).toBe(false);
  });
});
