import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { lexer } from 'marked';
import { languageIn } from './detect-language.ts';
import { baseLanguage, readFrontMatter } from './front-matter.ts';
import { LANGUAGES } from './languages.ts';
import { plainText, withoutContainers } from './plain-text.ts';

/** A part of an article that can stand as an answer. */
export interface Passage {
  /** The nearest heading above it; the article's title, else its file's name, where there is none. */
  title: string;
  /** Every heading above it, the outermost first. */
  headings: string[];
  /** Other wordings of what it answers, from the front matter. */
  questions: string[];
  /** The file, relative to the folder, with `/`. */
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

const nameOf = (path: string): string => basename(path).replace(/\.\w+$/, '');

/** `de/returns.md` and `returns.de.md` say their language. */
const languageInPath = (path: string): string | null => {
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
 * An article's passages in their order, one per heading. `changed`: the day on which the file was, where the article
 * names none.
 */
export const splitArticle = (markdown: string, path: string, changed?: string): Passage[] => {
  const { about, body } = readFrontMatter(markdown);
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

const findArticles = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true });
  const articles = names
    .map((name) => name.split(sep).join('/'))
    // A mounted Kubernetes ConfigMap keeps its real files in a hidden folder and links to them.
    .filter((name) => /\.(md|markdown)$/i.test(name) && !name.split('/').some((part) => part.startsWith('.')));
  // By code unit, not by locale: the same order on every machine, and so the same answer.
  return articles.sort();
};

/**
 * Every passage of the markdown files in a folder and its subfolders, always in the same order. Hidden files are left
 * out.
 * @throws {KnowledgeError} when the folder isn't there, can't be read, or holds no article.
 */
export const loadPassages = async (folder: string): Promise<Passage[]> => {
  const advice = 'set KNOWLEDGE_DIR to a folder of markdown articles';
  try {
    const passages: Passage[] = [];
    for (const path of await findArticles(folder)) {
      const file = join(folder, path);
      const known = await stat(file);
      const changed = known.mtime.toISOString().slice(0, 10);
      if (known.isFile()) passages.push(...splitArticle(await readFile(file, 'utf8'), path, changed));
    }
    if (passages.length > 0) return inTheirLanguages(passages);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const reason = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`;
    throw new KnowledgeError(`The knowledge folder ${folder} ${reason}: ${advice}`, { cause: error });
  }
  throw new KnowledgeError(`The knowledge folder ${folder} holds no article: ${advice}`);
};

/** All that passages say, their titles included. */
export const publishedIn = (passages: readonly Passage[]): string[] =>
  passages.flatMap(({ headings, title, text }) => [...headings, title, text]);
