import { marked, type Token, type Tokens } from 'marked';

/** A fault of the prose of a page: the sentence, and what is wrong with it. */
export interface ProseFault {
  sentence: string;
  fault: string;
}

/** So many words are one thought; more are two. A name in backticks, a link's text of several words aside, is one. */
const MOST_WORDS = 28;
/** A cell of a table holds a phrase. What needs more is a list. */
const LONGEST_CELL = 100;
const MOST_COLUMNS = 3;

/** Words that readers stumble over, with the plain one. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bdearest\b/i, 'most expensive'],
  [/\bfates?\b/i, 'result'],
  [/\bheld against\b/i, 'compared with'],
  [/\btr(?:y|ies) on\b/i, 'keeps retrying'],
  [/\bwho(?:so)?ever\b/i, 'anyone who'],
  [/\bwhomever\b/i, 'anyone whom'],
  [/\ball the same\b/i, 'anyway'],
  [/\bstands? (?:in|on|at|there|down)\b/i, 'is in, is on, stops'],
  [/\bby hand\b/i, 'manually, yourself'],
  [/\b(?:is|are|was|were|be|been|being) told\b/i, 'is notified, learns'],
  [/\bon and on\b/i, 'keeps …ing'],
  [/\bof (?:HubSpot|Temporal)['’]s(?=[,.;:)]|$)/i, 'HubSpot’s …, by HubSpot'],
  [/\bwhat becomes? of\b/i, 'what happens to'],
  [/\bwhat became of\b/i, 'what happened to'],
  [/\bhears? of\b/i, 'learns of'],
  [/\blapse[sd]?\b/i, 'expire'],
  [/\bshall\b/i, 'should, will, must'],
  [/\bthereof|therein|whereby|wherein|hereby|henceforth\b/i, 'a plain word'],
];

const plainText = (token: Token): string => {
  if (token.type === 'codespan') return '`Code`';
  if (token.type === 'image' || token.type === 'html') return '';
  if (token.type === 'br') return ' ';
  const { tokens } = token as Partial<Tokens.Text>;
  return tokens ? tokens.map(plainText).join('') : 'text' in token ? String(token.text) : '';
};

const inline = (tokens: readonly Token[] = []): string => tokens.map(plainText).join('').replace(/\s+/g, ' ').trim();

interface Found {
  paragraphs: string[];
  tables: Tokens.Table[];
}

const collect = (tokens: readonly Token[], found: Found): Found => {
  for (const token of tokens) {
    // A list of tests by their names is no sentence.
    if (token.raw.startsWith('**Shown by:**')) continue;
    if (token.type === 'paragraph' || token.type === 'text') found.paragraphs.push(inline(token.tokens ?? [token]));
    else if (token.type === 'table') found.tables.push(token as Tokens.Table);
    else if (token.type === 'list') for (const item of (token as Tokens.List).items) collect(item.tokens, found);
    else if (token.type === 'blockquote') collect(token.tokens ?? [], found);
  }
  return found;
};

/** A row of links, such as a page's contents, is no sentence. */
const sentencesOf = (text: string): string[] =>
  text.includes(' · ')
    ? []
    : [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)].map(({ segment }) => segment.trim());

const wordsIn = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}`]/u.test(word)).length;

const faultsOfWords = (sentence: string): string[] =>
  PLAIN.flatMap(([word, plain]) => {
    const [said] = word.exec(sentence) ?? [];
    return said === undefined ? [] : [`"${said}": say ${plain}`];
  });

const faultsOf = (sentence: string): string[] => {
  const words = wordsIn(sentence);
  return [
    ...(words > MOST_WORDS ? [`${words} words: at most ${MOST_WORDS}`] : []),
    ...(/;(?=\s|$)/.test(sentence) ? ['a semicolon: make two sentences'] : []),
    ...faultsOfWords(sentence),
  ];
};

const faultsOfTable = ({ header, rows }: Tokens.Table): ProseFault[] => {
  const title = inline(header.flatMap(({ tokens }) => tokens));
  const cells = rows.flatMap((row) => row.map(({ tokens }) => inline(tokens)));
  return [
    ...(header.length > MOST_COLUMNS ? [{ sentence: title, fault: `a table of ${header.length} columns` }] : []),
    ...cells.flatMap((cell) => [
      ...(cell.length > LONGEST_CELL ? [{ sentence: cell, fault: `a cell of ${cell.length} characters` }] : []),
      ...faultsOfWords(cell).map((fault) => ({ sentence: cell, fault })),
    ]),
  ];
};

/** The same of a text that is no page, such as an error's message. Names in backticks or quotes count as a word. */
export const faultsOfText = (text: string): ProseFault[] =>
  sentencesOf(text.replace(/`[^`]*`|"[^"]*"/g, '`Code`')).flatMap((sentence) =>
    faultsOf(sentence).map((fault) => ({ sentence, fault })),
  );

/**
 * Finds what makes a page hard to read: sentences of too many thoughts, words that are riddles, and tables that no
 * screen has room for. Code and headings are left out.
 */
export const faultsOfPage = (markdown: string): ProseFault[] => {
  const { paragraphs, tables } = collect(marked.lexer(markdown), { paragraphs: [], tables: [] });
  const ofText = paragraphs
    .flatMap(sentencesOf)
    .flatMap((sentence) => faultsOf(sentence).map((fault) => ({ sentence, fault })));
  return [...ofText, ...tables.flatMap(faultsOfTable)];
};
