import { stemmer } from 'stemmer';
import { STOP_WORDS } from './stop-words.ts';

/** A word as the search compares it. */
export interface Word {
  /** Lower case, no accents, its English stem: `Deliveries` and `delivered` share one with their kin. */
  stem: string;
  /** Whether it says something of the subject. */
  distinctive: boolean;
}

const NOT_WORDS = /https?:\/\/\S+|\S+@\S+\.\S+/g;

/** The words of a text in their order, addresses left out. Accents and upper case make no difference. */
export const wordsOf = (text: string): Word[] => {
  const folded = text
    .replace(NOT_WORDS, ' ')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('’', "'");
  return (folded.match(/[\p{L}\p{N}]+(?:'\p{L}+)?/gu) ?? []).map((token) => {
    const word = token.replace(/n't$|'\p{L}+$/u, '');
    return { stem: stemmer(word), distinctive: word.length > 1 && !STOP_WORDS.has(word) };
  });
};
