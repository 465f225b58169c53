import { describe, expect, it } from '@jest/globals';
import { ratingIn, ratingInText } from '../../../src/rules/rating/rating-in.ts';
import { fromCustomer } from '../../support/messages.ts';

describe('ratingInText', () => {
  it.each<[string, number]>([
    ['5', 5],
    [' 1 ', 1],
    ['4.', 4],
    ['3!', 3],
    ['"5"', 5],
    ['(2)', 2],
    ['5️⃣', 5],
    ['５', 5],
    ['4/5', 4],
    ['4 / 5', 4],
    ['10/10', 5],
    ['7/10', 4],
    ['1/10', 1],
    ['4 out of 5', 4],
    ['4 of 5 stars', 4],
    ['5 Stars', 5],
    ['1 star', 1],
    ['five stars', 5],
    ['five', 5],
    ['Rating: 5', 5],
    ['4 von 5', 4],
    ['Bewertung 4', 4],
    ['5 Sterne', 5],
    ['ein Stern', 1],
    ['fünf Sterne!', 5],
    ['4 sur 5', 4],
    ['cinq étoiles', 5],
    ['une étoile', 1],
    ['4 de 5', 4],
    ['cuatro estrellas', 4],
    ['quatro estrelas', 4],
    ['3 em 5', 3],
    ['quattro stelle', 4],
    ['4 su 5', 4],
    ['vijf sterren', 5],
    ['4 van 5', 4],
    ['5 gwiazdek', 5],
    ['4 na 5', 4],
    ['3 Punkte', 3],
    ['⭐⭐⭐', 3],
    ['⭐️⭐️⭐️⭐️⭐️', 5],
    ['★★★★☆', 4],
    ['☆☆', 2],
    ['4 ⭐', 4],
    ['👍', 5],
    ['👍🏽', 5],
    ['👍👍👍', 5],
    ['👎', 1],
    ['👎🏿 ', 1],
  ])('%j is a rating of %d', (text, score) => {
    expect(ratingInText(text)).toBe(score);
  });

  it.each([
    '',
    ' ',
    '0',
    '6',
    '11',
    '55',
    '-5',
    '+5',
    '4.5',
    '1/2',
    '0/5',
    '6/5',
    '11/10',
    '5 of them, please',
    '5 pieces',
    '5 days',
    '5€',
    '5%',
    '#5',
    '5?',
    'order 5',
    '5 stars but the parcel never came',
    'un',
    'um',
    'ein',
    'one more thing',
    'star',
    'stars',
    '⭐⭐⭐⭐⭐⭐',
    '👍 thanks',
    '👍👎',
    '❤️',
    'ok',
    'thanks',
    `5${' '.repeat(60)}5`,
    '5 \n 4',
  ])('%j is none', (text) => {
    expect(ratingInText(text)).toBeNull();
  });
});

describe('ratingIn', () => {
  it('is the whole of a message, with nothing attached', () => {
    expect(ratingIn(fromCustomer({ text: '5' }))).toBe(5);
    expect(ratingIn(fromCustomer({ text: '5', truncated: true }))).toBeNull();
    expect(ratingIn(fromCustomer({ text: '5', attachments: [{} as never] }))).toBeNull();
  });
});
