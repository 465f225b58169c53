import { parse } from 'yaml';

/** An article says this of itself above its text. */
export interface FrontMatter {
  title: string | null;
  /** A BCP 47 language, without its region. */
  language: string | null;
  /** Other wordings of what the whole article answers. */
  questions: string[];
  /** The same of one of its sections, by its heading. */
  questionsOf: ReadonlyMap<string, string[]>;
  /** When it was last changed, such as `2026-11-28`. */
  updated: string | null;
}

const BLOCK = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

const textOf = (value: unknown): string | null => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? null : text;
};
const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== null);

const fieldsOf = (block: string): Record<string, unknown> => {
  try {
    const fields: unknown = parse(block);
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch {
    // Another tool's own notation: the text below is worth the same.
    return {};
  }
};

/** A date that doesn't begin with its year doesn't say which number is the month. */
const dayOf = (value: unknown): string | null => {
  const day = value instanceof Date ? value.toISOString() : textOf(value);
  const written = /^\d{4}-\d{2}-\d{2}(?!\d)/.exec(day ?? '')?.[0];
  return written && !Number.isNaN(Date.parse(written)) ? written : null;
};

/** The code alone: `pt-BR` is `pt`. */
export const baseLanguage = (tag: string): string | null =>
  /^([a-z]{2,3})(?:[-_][a-z\d]{2,8})*$/i.exec(tag)?.[1]?.toLowerCase() ?? null;

/** An article's front matter, and its text without it. What is none of ours is left aside. */
export const readFrontMatter = (markdown: string): { about: FrontMatter; body: string } => {
  const block = BLOCK.exec(markdown);
  const fields = block ? fieldsOf(block[1] ?? '') : {};
  const { questions } = fields;
  const bySection = typeof questions === 'object' && questions !== null && !Array.isArray(questions);
  const tag = textOf(fields.language) ?? textOf(fields.lang) ?? textOf(fields.locale);
  return {
    about: {
      title: textOf(fields.title),
      language: tag && baseLanguage(tag),
      questions: bySection || questions === undefined ? [] : textsOf(questions),
      questionsOf: new Map(
        bySection ? Object.entries(questions).map(([heading, asked]) => [heading, textsOf(asked)]) : [],
      ),
      updated: dayOf(fields.updated) ?? dayOf(fields.lastmod) ?? dayOf(fields.date),
    },
    body: block ? markdown.slice(block[0].length) : markdown,
  };
};
