/** Text as markdown that says just that: nothing in it becomes emphasis, code, a link or HTML. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*[\]<]/g, '\\$&');

/** A heading, on a line of its own. */
export const heading = (level: number, text: string): string =>
  `${'#'.repeat(Math.min(6, Math.max(1, level)))} ${text.replace(/\s+/g, ' ').trim()}`;

/** Blocks with a blank line between them. */
export const inBlocks = (blocks: readonly string[]): string =>
  blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .join('\n\n');
