import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file, its path from the repository's root. */
export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every page for users and contributors, paths from the repository's root. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A page's part below a heading of the second level that begins so, up to the next one. */
export const section = (page: string, heading: string): string => {
  const found = read(page)
    .split(/^## /m)
    .find((part) => part.startsWith(heading));
  if (found === undefined) throw new Error(`${page} has no heading "## ${heading}"`);
  return found;
};

/** What stands in backticks. */
export const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The rows of a text's tables, heads included: the cells of each. */
export const tableRows = (text: string): string[][] =>
  [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));

/** What stands in backticks in the first column of a text's tables, in order. */
export const firstColumn = (text: string): string[] => tableRows(text).flatMap(([cell = '']) => codesIn(cell));

/** The code with which each item of a part's lists begins, as in "- `comment`: …". */
export const namedItems = (text: string): string[] =>
  [...text.matchAll(/^- `([^`]+)`:/gm)].map(([, name = '']) => name);

/** The code blocks of a language. */
export const codeBlocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^[ ]*\`\`\`${language}\\n([\\s\\S]*?)^[ ]*\`\`\``, 'gm'))].map(([, code = '']) => code);
