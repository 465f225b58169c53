import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { LeftOut, SourceArticle, SourceReading } from './article.ts';
import { SourceUnreadable, withinBounds } from './article.ts';
import { type DocumentBounds, type DocumentKind, DocumentUnreadable, openDocumentReader } from './documents.ts';

const KINDS: Record<string, DocumentKind | 'markdown'> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.docx': 'docx',
};

const MIB = 1024 * 1024;
const LARGEST: Record<DocumentKind | 'markdown', number> = {
  markdown: 2 * MIB,
  html: 4 * MIB,
  pdf: 50 * MIB,
  docx: 50 * MIB,
};

const kindOf = (path: string): DocumentKind | 'markdown' | undefined => KINDS[extname(path).toLowerCase()];

/** Every article's path in a folder and its subfolders, always in the same order. Hidden files are left out. */
export const findArticles = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder, { recursive: true });
  const articles = names
    .map((name) => name.split(sep).join('/'))
    // A mounted Kubernetes ConfigMap keeps its real files in a hidden folder and links to them. Word leaves `~$` files.
    .filter((name) => kindOf(name) !== undefined && !name.split('/').some((part) => /^(?:\.|~\$)/.test(part)));
  // By code unit, not by locale: the same order on every machine, and so the same answer.
  return articles.sort();
};

export interface FolderOptions {
  signal: AbortSignal;
  bounds?: DocumentBounds;
}

/**
 * The markdown, HTML, PDF and Word files of a folder and its subfolders. A file that can't be read is left out, and
 * named.
 * @throws {SourceUnreadable} where the folder can't be read, or the signal's reason
 */
export const readFolder = async (folder: string, { signal, bounds }: FolderOptions): Promise<SourceReading> => {
  const paths = await findArticles(folder).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'is not there' : `can't be read (${error.code})`;
    throw new SourceUnreadable(`The folder ${folder} ${reason}: check its path, and whether this user may read it`, {
      passes: false,
      cause: error,
    });
  });
  const articles: SourceArticle[] = [];
  const leftOut: LeftOut[] = [];
  const documents = openDocumentReader(signal, bounds);
  const read = async (path: string): Promise<SourceArticle | null> => {
    const file = join(folder, path);
    const kind = kindOf(path);
    const about = await stat(file);
    if (!about.isFile() || kind === undefined) return null;
    if (about.size > LARGEST[kind]) throw new DocumentUnreadable(`it has more than ${LARGEST[kind] / MIB} MiB`);
    const bytes = await readFile(file, { signal });
    // To the day: a copy of the folder that was made a moment later is no other.
    const changed = about.mtime.toISOString().slice(0, 10);
    if (kind === 'markdown') {
      const text = bytes.toString('utf8');
      return { path, text, title: null, language: null, updated: changed };
    }
    const { text, title, language, updated } = await documents.read({ kind, bytes, url: null, contentType: null });
    return { path, text, title, language, updated: updated ?? changed };
  };
  try {
    for (const path of paths) {
      signal.throwIfAborted();
      try {
        const article = await read(path);
        if (article) articles.push(article);
      } catch (error) {
        signal.throwIfAborted();
        const { code, message } = error as NodeJS.ErrnoException;
        leftOut.push({ path, reason: error instanceof DocumentUnreadable ? message : `it can't be read (${code})` });
      }
    }
  } finally {
    await documents.close();
  }
  return withinBounds({ articles, leftOut });
};
