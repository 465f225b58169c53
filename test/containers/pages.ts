import { codeBlocks, section } from '../docs/markdown.ts';

/** The command lines of a page's part, as they are shown: lines that end in `\` put together, comments left out. */
export const commandsOf = (page: string, heading: string): string[] =>
  codeBlocks(section(page, heading), 'sh').flatMap((block) =>
    block
      .replace(/\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.replace(/\s+# .*$/, '').trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
