import { type Finding, warning } from './finding.ts';

/** What stands behind `NAME=`, up to the end of the line. A value over several lines isn't looked at. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(.*)$/;

/** The text between the quotes that `value` begins with; `null`: they are never closed. */
const quoted = (value: string, quote: RegExp): string | null => quote.exec(value)?.[1] ?? null;

/**
 * Whether Node.js and Docker Compose read another value here. Compose puts variables in the place of `$…`, but for
 * single quotes, knows more of what a backslash begins, and no backticks; for Node.js a `#` begins a comment wherever
 * it stands outside of quotes, for Compose only behind a blank.
 */
const isReadInTwoWays = (value: string): boolean => {
  if (value.startsWith("'")) {
    const text = quoted(value, /^'([^']*)'/);
    return text === null || text.endsWith('\\');
  }
  if (value.startsWith('"')) {
    const text = quoted(value, /^"((?:[^"\\]|\\.)*)"/);
    return text === null || /\$|\\[^n]/.test(text);
  }
  const [text = ''] = value.split(/\s#/, 1);
  return /^`|[$#]/.test(text);
};

/** The settings of a `.env` file, by their names, that Node.js and Docker Compose read differently. */
export const readInTwoWays = (file: string): string[] =>
  file.split(/\r?\n/).flatMap((line) => {
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    return name !== undefined && isReadInTwoWays(value) ? [name] : [];
  });

/** Names what in a `.env` file means one thing to `npm start` and another to `docker compose`; shows no value. */
export const environmentFileFindings = (file: string): Finding[] => {
  const names = readInTwoWays(file);
  if (names.length === 0) return [];
  const found = warning(
    `Node.js and Docker Compose read other values of ${names.join(', ')} in .env: ` +
      'by a $, #, `, a backslash or an open quote.',
    "Write each value in single quotes, which no ' may be within: NAME='a$b#c'.",
  );
  return [{ check: '.env', ...found }];
};
