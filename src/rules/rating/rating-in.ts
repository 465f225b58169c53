import type { Message } from '../../hubspot/conversation.ts';
import { isScore, type Score } from './rating-settings.ts';

/** In characters: what is longer says more than a number. */
const LONGEST = 40;

const NUMBER_WORDS: readonly (readonly string[])[] = [
  ['one', 'eins', 'uno', 'jeden', 'jedna', 'één'],
  ['two', 'zwei', 'deux', 'dos', 'dois', 'duas', 'due', 'twee', 'dwa', 'dwie'],
  ['three', 'drei', 'trois', 'tres', 'três', 'tre', 'drie', 'trzy'],
  ['four', 'vier', 'quatre', 'cuatro', 'quatro', 'quattro', 'cztery'],
  ['five', 'fünf', 'fuenf', 'cinq', 'cinco', 'cinque', 'vijf', 'pięć', 'piec'],
];
// Alone they are articles, or what somebody says who still thinks.
const ONE_OF_SOMETHING = ['ein', 'einen', 'un', 'une', 'una', 'um', 'uma', 'een', 'jedną'];

const STARS =
  'stars?|sterne?|stern|étoiles?|etoiles?|estrellas?|estrelas?|stell[ae]|ster(?:ren)?|gwiazd(?:ka|ki|ek|kę)|' +
  'points?|punkte?|puntos?|pontos?|punt[oi]|punten|punkt(?:y|ów)|⭐|★|🌟';
const OUT_OF = String.raw`\/|out of|of|von|sur|de|em|su|di|van|uit|op|na|z`;
const NAMES =
  'rating|score|bewertung|évaluation|valoración|calificación|puntuación|avaliação|pontuação|valutazione|voto|' +
  'beoordeling|ocena';

const NUMBER = new RegExp(
  String.raw`^(?:(?:${NAMES})\s*[:=]?\s*)?(\d{1,2}|\p{L}+)(?:\s*(?:${OUT_OF})\s*(5|10))?\s*(${STARS})?$`,
  'u',
);
const ONLY_STARS = /^[⭐★🌟✭☆✩\s]+$/u;
const FILLED = /[⭐★🌟✭]/gu;
const EMPTY = /[☆✩]/gu;
const THUMBS_UP = /^(?:👍[\u{1f3fb}-\u{1f3ff}]?\s*){1,5}$/u;
const THUMBS_DOWN = /^(?:👎[\u{1f3fb}-\u{1f3ff}]?\s*){1,5}$/u;

const countOf = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;

/** Without what changes how a character looks, and the marks around a word. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff]|\ufe0e|\ufe0f|\u20e3/g, '')
    .toLowerCase()
    .replace(/^[\s"'“”„«»‘’(*_¡]+|[\s"'“”„«»‘’)*_.!,;…]+$/g, '')
    .replace(/\s+/g, ' ');

const numberIn = (word: string, isCounted: boolean): number | null => {
  if (/^\d/.test(word)) return Number(word);
  const place = NUMBER_WORDS.findIndex((words) => words.includes(word));
  if (place >= 0) return place + 1;
  return isCounted && ONE_OF_SOMETHING.includes(word) ? 1 : null;
};

/** Of ten, as of five: 1 and 2 are 1, 9 and 10 are 5. */
const outOfTen = (number: number): number => (number >= 1 && number <= 10 ? Math.ceil(number / 2) : 0);

/**
 * The rating that a text is, where it is nothing else: `5`, `4/5`, `8/10`, `5 stars`, `cinq étoiles`, stars, or a
 * thumb, which is the best or the worst. `null`: it is none, or says more.
 */
export const ratingInText = (text: string): Score | null => {
  if (text.length > LONGEST) return null;
  const said = bare(text);
  if (said !== '' && ONLY_STARS.test(said)) {
    const [filled, empty] = [countOf(FILLED, said), countOf(EMPTY, said)];
    const stars = filled || empty;
    return isScore(stars) && filled + empty <= 5 ? stars : null;
  }
  if (THUMBS_UP.test(said)) return 5;
  if (THUMBS_DOWN.test(said)) return 1;
  const [, word, most, stars] = NUMBER.exec(said) ?? [];
  if (word === undefined) return null;
  const number = numberIn(word, most !== undefined || stars !== undefined);
  if (number === null) return null;
  const score = most === '10' ? outOfTen(number) : number;
  return isScore(score) ? score : null;
};

/** The rating that a message is: nothing came with it, and all of it was read. */
export const ratingIn = ({ text, truncated, attachments }: Pick<Message, 'text' | 'truncated' | 'attachments'>) =>
  truncated || attachments.length > 0 ? null : ratingInText(text);
