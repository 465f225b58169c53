import { describe, expect, it } from '@jest/globals';
import { DEFAULT_CSAT_MESSAGES } from '../../../src/config/csat.ts';
import { whyNotAsk } from '../../../src/rules/rating/may-ask.ts';
import { ratingQuestion } from '../../../src/rules/rating/rating-question.ts';
import { asksForRating } from '../../../src/rules/replying/own-post.ts';
import { repliesWithinHour } from '../../../src/rules/speaking/reply-cap.ts';
import { speakerOf } from '../../../src/rules/speaking/speaker.ts';
import { AI, conversation, everywhere, fromAi, fromCustomer, settings } from '../../support/messages.ts';

const csat = { messages: DEFAULT_CSAT_MESSAGES, delayMs: 0, waitMs: 1_000 };
const portal = { ...settings({ links: { rating: 'https://tk.example/rate' } }), csat };
const link = { portalId: portal.portalId, threadId: '987' as never, eventId: 'e7', token: 'the-token' };
const onEmail = {
  channelId: '1002',
  senders: [{ ...fromCustomer().senders[0], address: { type: 'HS_EMAIL_ADDRESS', value: 'kim@example.org' } }],
};
const mail = fromCustomer(onEmail as never);

describe('ratingQuestion', () => {
  it.each([
    [undefined, 'How good was our help', 'from 1 (poor)'],
    ['ja', 'How good was our help', 'from 1 (poor)'],
    ['de-AT', 'Wie gut war unsere Hilfe', 'von 1 (schlecht)'],
    ['fr', 'Que pensez-vous', 'de 1 (mauvaise)'],
    ['es', 'nuestra ayuda', 'del 1 (mala)'],
    ['pt-BR', 'nossa ajuda', 'de 1 (má)'],
    ['it', 'nostro aiuto', 'da 1 (scarso)'],
    ['nl', 'onze hulp', 'van 1 (slecht)'],
    ['pl', 'nasza pomoc', 'od 1 (słaba)'],
  ])('asks for a number in a chat, in the language %s', (language, question, scale) => {
    const asked = ratingQuestion(fromCustomer(), portal, { ...link, language });
    expect(asked).toMatchObject({ words: { text: expect.stringContaining(question) }, to: { channelId: '1000' } });
    expect(asked).toMatchObject({ words: { text: expect.stringContaining(scale) } });
    expect(JSON.stringify(asked)).not.toContain('the-token');
  });

  it('leads from an email to a page in its language', () => {
    const url = 'https://tk.example/rate/62515/987-e7/the-token?lang=';
    const english = ratingQuestion(mail, portal, { ...link, language: undefined });
    expect(english).toMatchObject({ words: { richText: expect.stringContaining(`href="${url}en"`) } });
    const german = ratingQuestion(mail, portal, { ...link, language: 'de-CH' });
    expect(german).toMatchObject({ words: { text: expect.stringContaining(`${url}de`) }, to: { channelId: '1002' } });
  });

  it.each([
    ['HubSpot’s API sends nothing on the channel', fromCustomer({ channelId: '1007' }), portal],
    ['nobody knows where the page is', mail, { ...portal, links: {} }],
    ['there is no text in the language', mail, { ...portal, csat: { ...csat, messages: { de: 'Wie war es?' } } }],
  ])('is not asked where %s', (_, message, of) => {
    expect(ratingQuestion(message, of, { ...link, language: 'fr' })).toEqual({ none: 'unsendable' });
  });
});

describe('whyNotAsk', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
  const times = { repliedAt: 0, now: 1_000 };
  const closed = (closings: string[], changes = {}) => ({
    ...conversation([fromCustomer({ at: 10 })], { status: 'CLOSED', ...changes }),
    closings,
  });
  const why = (now: ReturnType<typeof closed>, of = portal, when = times) =>
    whyNotAsk(now, fromCustomer({ at: 10 }), of, when);

  it.each([
    [null, why(closed([at(20)]))],
    [null, why(closed([at(5), at(20)]))],
    [null, why(closed([]))],
    ['open-again', why(closed([at(20)], { status: 'OPEN' }))],
    ['thread-spam', why(closed([at(20)], { spam: true }))],
    ['thread-archived', why(closed([at(20)], { archived: true }))],
    ['channel-off', why(closed([at(20)]), { ...portal, ...everywhere('draft') })],
    ['channel-off', why(closed([at(20)]), { ...portal, ...everywhere('shadow') })],
    ['not-answered', why(closed([at(20), at(30)]))],
    ['not-answered', why(closed([at(20)]), portal, { repliedAt: 0, now: 15 * 24 * 60 * 60_000 })],
  ])('is %s', (expected, found) => {
    expect(found).toBe(expected);
  });
});

it('a question for a rating counts as no answer of the AI’s', () => {
  const question = fromAi({ at: 2, postKey: 'rating.m1' });
  expect(asksForRating(question)).toBe(true);
  expect(asksForRating(fromAi({ postKey: 'replied.m1' }))).toBe(false);
  expect(speakerOf(question, AI)).toBe('bot');
  const messages = [fromCustomer({ at: 0 }), fromAi({ at: 1, postKey: 'replied.m0' }), question];
  expect(repliesWithinHour(messages, Date.UTC(2026, 0, 1, 12, 1), AI)).toBe(1);
});
