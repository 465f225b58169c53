import { createHash } from 'node:crypto';
import { type Tool, tool } from 'ai';
import { z } from 'zod';
import type { AiBackend, ReplyRequest, Source } from '../backend.ts';
import { hasJustAskedBack } from '../clarifying.ts';
import { languageIn } from '../knowledge/detect-language.ts';
import { languageOf } from '../knowledge/languages.ts';
import type { Match } from '../knowledge/passage-search.ts';
import type { Passage } from '../knowledge/passages.ts';
import { askedIn, isFollowUp } from '../knowledge/questions.ts';
import { smallTalkIn } from '../knowledge/small-talk.ts';
import { wordsOf } from '../knowledge/words.ts';
import type { FoundFor, FoundPassage } from '../steps.ts';
import { asData, cut } from './data.ts';

/** Finds the passages that fit a query best, the best first, at most so many. */
export type ArticleSearch = (query: string, most?: number) => Match[] | Promise<Match[]>;

/** The model judges what fits: it sees so many passages a query, however little the search thinks of them. */
const PASSAGES = 5;
const MOST_QUERIES = 5;
/** Of the queries in the customer's own words. */
const MOST_ASKED = 4;
const LONGEST_QUERY = 500;
/** One paragraph may be as long as a whole article: so much of a passage goes to the model, in characters. */
const LONGEST_PASSAGE = 4_000;
/** Of all passages of an answer together: each of its steps sends them again. */
const LONGEST_FOUND = 24_000;
/** With fewer distinctive words than these a question may be about the turn before. */
const FEW_WORDS = 3;

const distinctiveIn = (text: string): number =>
  wordsOf(text, languageOf(languageIn(text) ?? 'en')).filter(({ distinctive }) => distinctive).length;

const lastAskedBefore = ({ transcript }: ReplyRequest): string =>
  transcript.findLast(({ from, text }) => from === 'customer' && text.trim() !== '' && smallTalkIn(text) === null)
    ?.text ?? '';

/**
 * Gives what to look up in the customer's own words: each question of the burst, the newest first; with the turn before
 * it where it may be about that; and the subject of a mail. Nothing for mere small talk.
 */
export const queriesOf = (request: ReplyRequest): string[] => {
  const messages = request.questions.filter((text) => text.trim() !== '' && smallTalkIn(text) === null);
  const before = lastAskedBefore(request);
  const followsQuestion = hasJustAskedBack(request.transcript);
  const asked = messages.toReversed().flatMap((message) => {
    const { questions } = askedIn(message);
    const texts = questions.length > 0 ? questions.map(({ text, inContext }) => inContext ?? text) : [message];
    return texts.flatMap((text) => {
      const words = distinctiveIn(text);
      const isAboutBefore = before !== '' && (followsQuestion || words < FEW_WORDS || isFollowUp(text, words));
      return isAboutBefore ? [text, `${text} ${before.slice(0, LONGEST_QUERY)}`] : [text];
    });
  });
  const { subject } = request;
  const all = [...asked.slice(0, subject === undefined ? MOST_ASKED : MOST_ASKED - 1), ...(subject ? [subject] : [])];
  return [...new Set(all.map((query) => query.trim().slice(0, 2 * LONGEST_QUERY)))];
};

/** Finds what is near to a text, for people who want to see it (`AiBackend.near`). */
export const nearIn =
  (search: ArticleSearch): NonNullable<AiBackend['near']> =>
  async (text) =>
    (await search(text.slice(0, LONGEST_QUERY), PASSAGES)).map(({ passage: { title, path }, confidence: score }) => ({
      title,
      path,
      score,
    }));

/** A passage as the model sees it. */
type Shown =
  | { id: string; title: string; path: string; updated?: string; text: string }
  | { id: string; title: string; shown: 'above' };

/** What a query found, the best first. */
export interface Found {
  query: string;
  found: Shown[];
  /** There was no room for so many more. */
  leftOut?: number;
}

/** A passage's place and words in few letters: an index that was made anew has another object for the same. */
const keyOf = ({ path, title, text }: Passage): string =>
  createHash('sha256')
    .update(JSON.stringify([path, title, text]))
    .digest('base64url')
    .slice(0, 16);

const lengthOf = (passage: FoundPassage): number => asData(passage).length;

/** Looks up queries, each by itself. What all of them find together has room in one step of a run. */
export const lookUp = async (search: ArticleSearch, queries: readonly string[]): Promise<FoundFor[]> => {
  const known = new Set<string>();
  let room = LONGEST_FOUND;
  const shorten = (passage: Passage): FoundPassage | null => {
    const { title, path, updated, text } = passage;
    const found = { key: keyOf(passage), title: cut(title, LONGEST_QUERY), path };
    if (known.has(found.key)) return found;
    const whole = { ...found, ...(updated === undefined ? {} : { updated }), text: cut(text, LONGEST_PASSAGE) };
    if (lengthOf(whole) > room) return null;
    room -= lengthOf(whole);
    known.add(found.key);
    return whole;
  };
  const results: FoundFor[] = [];
  for (const query of queries) {
    const matches = (await search(query, PASSAGES)).slice(0, PASSAGES);
    const passages = matches.flatMap(({ passage }) => shorten(passage) ?? []);
    results.push({ query: cut(query, LONGEST_QUERY), passages, leftOut: matches.length - passages.length });
  }
  return results;
};

/**
 * What one answer is shown of the articles, by what was found for it so far, in order. `sources`: each by the id under
 * which the model may name it, so that an answer can name no other, and none in other words.
 */
export class ShownArticles {
  readonly sources = new Map<string, Source>();
  private readonly ids = new Map<string, string>();
  private room = LONGEST_FOUND;

  /** What was found as the model sees it. What was shown before is named again without its text. */
  show({ query, passages, leftOut: before }: FoundFor): Found {
    const found = passages.flatMap((passage) => this.showOne(passage) ?? []);
    const leftOut = before + passages.length - found.length;
    return { query, found, ...(leftOut > 0 ? { leftOut } : {}) };
  }

  private showOne({ key, title, path, updated, text }: FoundPassage): Shown | null {
    const known = this.ids.get(key);
    if (known !== undefined) return { id: known, title, shown: 'above' };
    if (text === undefined) return null;
    const id = `article-${this.ids.size + 1}`;
    const shown = { id, title, path, ...(updated === undefined ? {} : { updated }), text };
    const length = asData(shown).length;
    if (length > this.room) return null;
    this.room -= length;
    this.ids.set(key, id);
    this.sources.set(id, { title, path });
    return shown;
  }
}

/** Gives what is found for the customer's own words, before the model says a word. */
export const findAsked = (search: ArticleSearch, request: ReplyRequest): Promise<FoundFor[]> =>
  lookUp(search, queriesOf(request));

const searchInput = z.object({
  queries: z.array(z.string()).describe('One for each thing to look up, at most five'),
});

/** The tool with which a model looks into the help articles in words of its own. */
export const searchKnowledgeTool: Tool = tool({
  description:
    'Searches the help articles of the business. Gives, for each query, the five passages that fit it best, ' +
    'as data with an id and the day of their last change. Some may be about something else. Queries are a ' +
    'few words in the language of the articles.',
  inputSchema: searchInput,
});

/** What comes of a model's search; `null`: it gave no queries. */
export const searchAsWanted = async (search: ArticleSearch, input: unknown): Promise<FoundFor[] | null> => {
  const { success, data } = searchInput.safeParse(input);
  if (!success) return null;
  return await lookUp(
    search,
    data.queries.slice(0, MOST_QUERIES).map((query) => query.slice(0, LONGEST_QUERY)),
  );
};
