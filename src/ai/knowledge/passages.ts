import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { lexer } from 'marked';
import { plainText } from './plain-text.ts';

/** A part of an article that can stand as an answer. */
export interface Passage {
  /** The nearest heading above it; the file's name where there is none. */
  title: string;
  /** Every heading above it, the outermost first. */
  headings: string[];
  /** The file, relative to the folder, with `/`. */
  path: string;
  /** Plain text, at most about {@link LONGEST_PASSAGE} characters, more only where one paragraph is longer. */
  text: string;
}

/** There is nothing to search: the message says which folder, and what to do. */
export class KnowledgeError extends Error {
  override readonly name = 'KnowledgeError';
}

/** So much reads well as one chat message. */
const LONGEST_PASSAGE = 900;

const withoutFrontMatter = (markdown: string): string => markdown.replace(/^\uFEFF?---\r?\n[\s\S]*?\n---\r?\n/, '');

/** An article's passages in their order: one per heading, a long one cut between paragraphs. */
export const splitArticle = (markdown: string, path: string): Passage[] => {
  const passages: Passage[] = [];
  const trail: string[] = [];
  let blocks: string[] = [];

  const flush = () => {
    const headings = trail.filter((heading) => heading !== undefined);
    const title = headings.at(-1) ?? basename(path).replace(/\.\w+$/, '');
    let text = '';
    for (const block of blocks) {
      if (text !== '' && text.length + block.length > LONGEST_PASSAGE) {
        passages.push({ title, headings, path, text });
        text = '';
      }
      text = text === '' ? block : `${text}\n\n${block}`;
    }
    if (text !== '') passages.push({ title, headings, path, text });
    blocks = [];
  };

  for (const token of lexer(withoutFrontMatter(markdown))) {
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
  return passages;
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
 * Every passage of the markdown files in a folder and its subfolders, always in the same order. Hidden files are left out.
 * @throws {KnowledgeError} when the folder isn't there, can't be read, or holds no article.
 */
export const loadPassages = async (folder: string): Promise<Passage[]> => {
  const advice = 'set KNOWLEDGE_DIR to a folder of markdown articles';
  try {
    const passages: Passage[] = [];
    for (const path of await findArticles(folder)) {
      const file = join(folder, path);
      if ((await stat(file)).isFile()) passages.push(...splitArticle(await readFile(file, 'utf8'), path));
    }
    if (passages.length > 0) return passages;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`;
    throw new KnowledgeError(`The knowledge folder ${folder} ${reason}: ${advice}`, { cause: error });
  }
  throw new KnowledgeError(`The knowledge folder ${folder} holds no article: ${advice}`);
};

/** All that passages say, their titles included. */
export const publishedIn = (passages: readonly Passage[]): string[] =>
  passages.flatMap(({ headings, title, text }) => [...headings, title, text]);
