/** One article as a source gave it: what the index is built from. */
export interface SourceArticle {
  /** Its URL, or its file relative to its folder, with `/`: customers may see it. Unique within its source. */
  path: string;
  /** Markdown; a markdown file with its front matter. */
  text: string;
  /** What it is called beside its text; `null` where only the text says it. */
  title: string | null;
  /** A language tag; `null` where only text or path tell. */
  language: string | null;
  /** When it was changed last, as ISO 8601; `null`: unknown. */
  updated: string | null;
}

/** What could not be read of a source, and why: one line without a word of it. */
export interface LeftOut {
  path: string;
  reason: string;
}

/** All that was found in a source. */
export interface SourceReading {
  /** Always in the same order for the same content. */
  articles: SourceArticle[];
  leftOut: LeftOut[];
}

/** A source that can't be read at all. The message is one line, and says what to do. */
export class SourceUnreadable extends Error {
  override readonly name = 'SourceUnreadable';
  /** Whether trying again may help. */
  readonly passes: boolean;

  constructor(message: string, options: { passes: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.passes = options.passes;
  }
}

/** A source has no more articles than this, nor do all its texts together have more characters. */
export const MOST_ARTICLES = 5_000;
export const MOST_CHARACTERS = 50_000_000;
/** More of one article is cut off, in characters. */
export const LONGEST_ARTICLE = 500_000;

/**
 * Keeps articles within bounds, and no two of one path: the first one stays.
 * @throws {SourceUnreadable} where the source as a whole is too large
 */
export const withinBounds = ({ articles, leftOut }: SourceReading): SourceReading => {
  const byPath = new Map<string, SourceArticle>();
  for (const article of articles) {
    if (byPath.has(article.path)) continue;
    byPath.set(article.path, { ...article, text: article.text.slice(0, LONGEST_ARTICLE) });
  }
  const all = [...byPath.values()];
  const characters = all.reduce((sum, { text }) => sum + text.length, 0);
  if (all.length > MOST_ARTICLES || characters > MOST_CHARACTERS) {
    throw new SourceUnreadable(
      `It has ${all.length} articles with ${characters} characters, and ${MOST_ARTICLES} with ${MOST_CHARACTERS} are the most: divide it, or leave some out`,
      { passes: false },
    );
  }
  return { articles: all, leftOut };
};

/** An article as text that is kept: the same for the same article. */
export const toContent = ({ path, text, title, language, updated }: SourceArticle): string =>
  JSON.stringify({ path, text, title, language, updated });

/** What {@link toContent} made text of. */
export const fromContent = (content: string): SourceArticle => JSON.parse(content) as SourceArticle;
