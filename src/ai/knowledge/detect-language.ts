import { folded, LANGUAGES } from './languages.ts';
import { tokensOf } from './words.ts';

/** So many words that only grammar needs say which language it is. */
const ENOUGH_EVIDENCE = 1;
/** A text of a handful of words is seldom in another language than everything beside it. */
const CLEARLY_MORE = 1.3;

/** Between two languages that share most words of grammar: what only one of them writes so. */
const MARKS: [RegExp, string][] = [
  [/[ñ¿¡]|\p{L}(?:ción|ciones)(?!\p{L})/iu, 'es'],
  [/[ãõ]|(?<!\p{L})(?:estado|status|número|data|prazo|valor|código) d[oa]s?(?!\p{L})/iu, 'pt'],
];
const MARK = 1;

/** In how many languages a word is one of grammar: the fewer, the more it says. */
const SHARED = new Map<string, number>();
for (const { stopWords } of LANGUAGES.values()) {
  for (const word of stopWords) SHARED.set(word, (SHARED.get(word) ?? 0) + 1);
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const SCRIPTS: [RegExp, string][] = [
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
];

const byScript = (text: string): string | null => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return null;
  const share = (script: RegExp): number => (text.match(new RegExp(script, 'gu'))?.length ?? 0) / letters;
  if (share(KANA) > 0.1) return 'ja';
  return SCRIPTS.find(([script]) => share(script) > 0.4)?.[1] ?? null;
};

/**
 * The language of a text, by its script or by its words of grammar; `null` where there is too little to tell.
 * `expected` are the languages that are likely here, the likeliest first: a text in another one has to be clearly so.
 */
export const languageIn = (text: string, expected: readonly string[] = []): string | null => {
  // A number is in no language: who answers "2" goes on in that of the conversation.
  if (!/\p{L}/u.test(text)) return null;
  const script = byScript(text);
  if (script) return script;
  const tokens = tokensOf(text.slice(0, 4_000)).map(folded);
  const scores = [...LANGUAGES.values()].map(({ code, stopWords }) => ({
    code,
    score: tokens.reduce(
      (sum, token) => sum + (stopWords.has(token) ? 1 / (SHARED.get(token) ?? 1) : 0),
      MARKS.some(([mark, marked]) => marked === code && mark.test(text)) ? MARK : 0,
    ),
  }));
  const [best] = scores.sort((a, b) => b.score - a.score);
  if (!best || best.score === 0) return null;
  const likely = scores.filter(({ code }) => expected.includes(code));
  const [first] = likely;
  if (first && first.score > 0 && best.score < first.score * CLEARLY_MORE) return first.code;
  return best.score >= ENOUGH_EVIDENCE || (first === undefined && best.score > 0.5) ? best.code : null;
};
