import { wordsOf } from './words.ts';

/** Longer messages are rare, and their subject stands at the top. */
const LONGEST_READ = 4_000;
const FEW_WORDS = 2;
const ASKS =
  /^(?:can|could|do|does|did|is|are|will|would|may|should|must|has|have)\b|\b(?:how|what|when|where|which|who|why|want|need|like|please|help|trying|can't|cannot|unable)\b/i;

/** A sentence to be answered. */
export interface Question {
  text: string;
  /** It has the statement before it too, for a question that says little by itself ("What can I do?"). */
  inContext: string | null;
  /** It ends in a question mark and says something, so leaving it unanswered is worth a word. */
  isExplicit: boolean;
}

/** What a message says. */
export interface Asked {
  /** Questions and requests, each to be answered by itself. */
  questions: Question[];
  /** Every sentence, whether it asks or not. */
  sentences: string[];
}

const sentencesOf = (message: string): string[] =>
  message
    .slice(0, LONGEST_READ)
    .split('\n')
    // What a mail quotes was said before.
    .filter((line) => !line.startsWith('>'))
    .flatMap((line) => line.split(/(?<=[.!?…])\s+/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));

const asks = (sentence: string): boolean => sentence.includes('?') || ASKS.test(sentence);
const distinctiveWords = (sentence: string): number =>
  wordsOf(sentence).filter(({ distinctive }) => distinctive).length;

/** Takes a message apart. */
export const askedIn = (message: string): Asked => {
  const sentences = sentencesOf(message);
  const questions = sentences.flatMap((sentence, index) => {
    if (!asks(sentence)) return [];
    const said = distinctiveWords(sentence);
    const before = sentences[index - 1];
    return [
      {
        text: sentence,
        inContext: before && !asks(before) && said < FEW_WORDS ? `${before} ${sentence}` : null,
        isExplicit: sentence.includes('?') && said > 0,
      },
    ];
  });
  return { questions, sentences };
};
