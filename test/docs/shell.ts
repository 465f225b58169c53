/** One command of a page, as a shell would take it apart. */
export interface ShellCommand {
  /** Variables that are set for it alone, or for good where it has no words. */
  variables: Record<string, string>;
  words: string[];
}

/** Words of a line: quotes taken off, a comment left out. Enough for what pages show; no substitution, no pipe. */
const wordsOf = (line: string): string[] => {
  const words: string[] = [];
  const pattern = /\s*(?:#.*$|((?:'[^']*'|"[^"]*"|[^\s'"#]|(?<=\S)#)+))/g;
  for (const [, word] of line.matchAll(pattern)) if (word) words.push(word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
  return words;
};

/** The commands of a code block, lines that end in `\` put together. */
export const shellCommands = (block: string): ShellCommand[] =>
  block
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map(wordsOf)
    .filter((words) => words.length > 0)
    .map((words) => {
      const first = words.findIndex((word) => !/^[A-Z][A-Z0-9_]*=/.test(word));
      const set = words.slice(0, first < 0 ? words.length : first);
      const variables = Object.fromEntries(
        set.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
      );
      return { variables, words: words.slice(set.length) };
    });

/** The options among words, `--days` of `--days=7` as well. */
export const optionsIn = (words: readonly string[]): string[] =>
  words.flatMap((word) => /^(--[a-z][\w-]*)/.exec(word)?.[1] ?? []);

/** What stands behind an option. */
export const wordBehind = (words: readonly string[], option: string): string | undefined => {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
};
