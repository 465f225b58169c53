import { basename } from 'node:path';
import { lexer } from 'marked';
import { languageIn } from './detect-language.ts';
import { baseLanguage, readFrontMatter } from './front-matter.ts';
import { LANGUAGES } from './languages.ts';
import { plainText, withoutContainers } from './plain-text.ts';
import { type LeftOut, type SourceArticle, SourceUnreadable } from './sources/article.ts';
import { readFolder } from './sources/folder.ts';

/** A part of an article that can stand as an answer. */
export interface Passage {
  /** The nearest heading above it; the article's title, else its file's name, where there is none. */
  title: string;
  /** Every heading above it, the outermost first. */
  headings: string[];
  /** Other wordings of what it answers, from the front matter. */
  questions: string[];
  /** The file, relative to its folder, with `/`; of a page its URL. */
  path: string;
  /** Plain text: a whole section, or a part of one that is longer than about {@link LONGEST_PASSAGE} characters. */
  text: string;
  /** It is only a part of its section. */
  isPart: boolean;
  /** The language of the article, without its region; `null` where nothing tells. */
  language: string | null;
  /** The day on which its article was last changed, such as `2026-11-28`; absent where nothing tells. */
  updated?: string;
}

/** There is nothing to search: the message says which folder, and what to do. */
export class KnowledgeError extends Error {
  override readonly name = 'KnowledgeError';
}

/** A longer section is a guide: it is cut between paragraphs. A chat takes about as much. */
const LONGEST_PASSAGE = 1_600;
const DEFAULT_LANGUAGE = 'en';
/** So many are taken apart before others have their turn. */
const ARTICLES_AT_ONCE = 20;

/** A page's URL says no language by its path: `/ca/` may be a country. */
const isUrl = (path: string): boolean => /^https?:/.test(path);

const nameOf = (path: string): string => basename(path).replace(/\.\w+$/, '');

/** `de/returns.md` and `returns.de.md` say their language. */
const languageInPath = (path: string): string | null => {
  if (isUrl(path)) return null;
  const [name = '', ...folders] = path.split('/').reverse();
  const marks = [/\.([a-z]{2}(?:[-_][a-z]{2,4})?)\.\w+$/i.exec(name)?.[1], ...folders];
  for (const mark of marks) {
    const code = mark && /^[a-z]{2}(?:[-_](?:[a-z]{2}|han[st]))?$/i.test(mark) ? baseLanguage(mark) : null;
    if (code && LANGUAGES.has(code)) return code;
  }
  return null;
};

const inParts = (blocks: string[]): string[] => {
  const parts: string[] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + block.length <= LONGEST_PASSAGE)
      parts[parts.length - 1] = `${last}\n\n${block}`;
    else parts.push(block);
  }
  return parts;
};

/**
 * An article's passages in their order, one per heading. `own`: what is known of it beside its text, and counts where
 * that says nothing; `changed`: the day on which it was, likewise.
 */
export const splitArticle = (
  markdown: string,
  path: string,
  changed?: string,
  own: Pick<SourceArticle, 'title' | 'language'> = { title: null, language: null },
): Passage[] => {
  const { about: said, body } = readFrontMatter(markdown);
  const language = said.language ?? (own.language === null ? null : baseLanguage(own.language));
  const about = { ...said, title: said.title ?? own.title, language };
  const updated = about.updated ?? changed;
  const passages: Passage[] = [];
  const trail: string[] = [];
  let blocks: string[] = [];

  const flush = () => {
    const written = trail.filter((heading) => heading !== undefined);
    const title = written.at(-1) ?? about.title ?? nameOf(path);
    const headings = about.title === null || written[0] === about.title ? written : [about.title, ...written];
    const questions = about.questionsOf.get(title) ?? [];
    const parts = inParts(blocks);
    for (const text of parts) {
      passages.push({
        title,
        headings,
        questions,
        path,
        text,
        isPart: parts.length > 1,
        language: about.language ?? languageInPath(path),
        ...(updated === undefined ? {} : { updated }),
      });
    }
    blocks = [];
  };

  for (const token of lexer(withoutContainers(body))) {
    if (token.type === 'heading') {
      flush();
      trail.length = Math.min(trail.length, token.depth - 1);
      trail[token.depth - 1] = plainText(token);
    } else {
      const text = plainText(token);
      if (text !== '') blocks.push(text);
    }
  }
  flush();
  const [first] = passages;
  if (first) first.questions = [...first.questions, ...about.questions];
  return passages;
};

/** Those whose article doesn't say its language get it from their words; a short one from all articles together. */
const inTheirLanguages = (passages: Passage[]): Passage[] => {
  const whole =
    languageIn(
      passages
        .map(({ title, text }) => `${title}\n${text.slice(0, 200)}`)
        .join('\n')
        .slice(0, 20_000),
    ) ?? DEFAULT_LANGUAGE;
  const byPath = new Map<string, string>();
  for (const { path, title, text } of passages) byPath.set(path, `${byPath.get(path) ?? ''}\n${title}\n${text}`);
  const languages = new Map([...byPath].map(([path, text]) => [path, languageIn(text, [whole]) ?? whole]));
  return passages.map((passage) => ({
    ...passage,
    language: passage.language ?? languages.get(passage.path) ?? whole,
  }));
};

/**
 * Every passage of articles, in their order; those that don't say their language get it from their words. Lets other
 * work go on between articles.
 */
export const passagesOf = async (articles: readonly SourceArticle[]): Promise<Passage[]> => {
  const passages: Passage[] = [];
  for (const [index, { text, path, title, language, updated }] of articles.entries()) {
    if (index % ARTICLES_AT_ONCE === ARTICLES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    passages.push(...splitArticle(text, path, updated?.slice(0, 10), { title, language }));
  }
  return passages.length === 0 ? [] : inTheirLanguages(passages);
};

const NOT_STOPPED = new AbortController().signal;

/**
 * Every passage of the articles in a folder and its subfolders (markdown, HTML, PDF, Word), always in the same order.
 * Hidden files are left out. `leftOut` hears of each file that can't be read.
 * @throws {KnowledgeError} when the folder isn't there, can't be read, or holds no article.
 */
export const loadPassages = async (
  folder: string,
  leftOut: (file: LeftOut) => void = () => undefined,
): Promise<Passage[]> => {
  const advice = 'set KNOWLEDGE_DIR to a folder of articles';
  const reading = await readFolder(folder, { signal: NOT_STOPPED }).catch((error: unknown) => {
    if (!(error instanceof SourceUnreadable)) throw error;
    const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'is not there' : code ? `can't be read (${code})` : 'is too large';
    throw new KnowledgeError(`The knowledge folder ${folder} ${reason}: ${advice}`, { cause: error });
  });
  for (const file of reading.leftOut) leftOut(file);
  const passages = await passagesOf(reading.articles);
  if (passages.length > 0) return passages;
  throw new KnowledgeError(`The knowledge folder ${folder} holds no article: ${advice}`);
};

/** All that passages say, their titles included. */
export const publishedIn = (passages: readonly Passage[]): string[] =>
  passages.flatMap(({ headings, title, text }) => [...headings, title, text]);
