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

  it('may still be said when the customer wrote on, and not when an agent did', () => {
    expect(mayNotifyCustomer(conversation([asked, fromCustomer({ at: 2 })]), asked, portal)).toBe(true);
    expect(mayNotifyCustomer(conversation([asked, fromAgent({ at: 2 })]), asked, portal)).toBe(false);
  });
});
