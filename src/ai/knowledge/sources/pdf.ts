import type { ReadDocument } from './documents.ts';
import { escapeMarkdown, heading, inBlocks } from './markdown.ts';

/** A longer one is a book. */
const MOST_PAGES = 500;
/** A line is a heading where its letters are so much taller than most. */
const TALLER = 1.15;
const LONGEST_HEADING = 120;

interface Line {
  text: string;
  height: number;
  /** Distance to the line above on the same page, in its own heights; 0 for the first. */
  gap: number;
}

interface TextItem {
  str: string;
  height: number;
  hasEOL: boolean;
  transform: number[];
}

const linesOf = (items: TextItem[]): Line[] => {
  const lines: Line[] = [];
  let text = '';
  let height = 0;
  let y: number | null = null;
  let above: number | null = null;
  const end = () => {
    if (text.trim() !== '') {
      const gap = above === null || y === null || height === 0 ? 0 : Math.abs(above - y) / height;
      lines.push({ text: text.trim(), height, gap });
      above = y;
    }
    text = '';
    height = 0;
    y = null;
  };
  for (const item of items) {
    const at = item.transform[5] ?? 0;
    if (y !== null && item.str.trim() !== '' && Math.abs(at - y) > Math.max(height, item.height) / 2) end();
    text += item.str;
    if (item.str.trim() !== '') {
      height = Math.max(height, item.height);
      y ??= at;
    }
    if (item.hasEOL) end();
  }
  end();
  return lines;
};

/** The height of most letters. */
const usualHeight = (lines: Line[]): number => {
  const letters = new Map<number, number>();
  for (const { height, text } of lines) {
    const rounded = Math.round(height * 10) / 10;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
};

const inMarkdown = (lines: Line[]): string => {
  const usual = usualHeight(lines);
  const isHeading = ({ height, text }: Line): boolean =>
    usual > 0 && height > usual * TALLER && text.length <= LONGEST_HEADING;
  const heights = [...new Set(lines.filter(isHeading).map(({ height }) => Math.round(height)))].sort((a, b) => b - a);
  const blocks: string[] = [];
  let paragraph: string[] = [];
  const end = () => {
    blocks.push(paragraph.join('\n'));
    paragraph = [];
  };
  for (const line of lines) {
    if (isHeading(line)) {
      end();
      blocks.push(heading(heights.indexOf(Math.round(line.height)) + 1, escapeMarkdown(line.text)));
      continue;
    }
    if (line.gap > 1.8) end();
    // A word that was divided at the end of a line is one word.
    const last = paragraph.at(-1);
    if (last !== undefined && /\p{L}-$/u.test(last) && /^\p{Ll}/u.test(line.text)) {
      paragraph[paragraph.length - 1] = `${last.slice(0, -1)}${escapeMarkdown(line.text)}`;
    } else paragraph.push(escapeMarkdown(line.text.replace(/^[•●▪◦‣]\s*/u, '- ')));
  }
  end();
  return inBlocks(blocks);
};

const asTime = (text: unknown): string | null => {
  const [, ...parts] = /^D:(\d{4})(\d{2})?(\d{2})?/.exec(String(text ?? '')) ?? [];
  if (parts.length === 0) return null;
  const [year, month, day] = parts;
  const at = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};

const asText = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/**
 * The text of a PDF as markdown; what is set in taller letters than the rest is a heading. Pictures of text say
 * nothing. To be run in a thread of its own: a hostile file may take any time, and any memory.
 * @throws {Error} in a line why it can't be read
 */
export const readPdf = async (bytes: Uint8Array): Promise<ReadDocument> => {
  const { getDocumentProxy } = await import('unpdf');
  const document = await getDocumentProxy(bytes, { verbosity: 0 });
  if (document.numPages > MOST_PAGES)
    throw new Error(`it has ${document.numPages} pages, and ${MOST_PAGES} are the most`);
  const lines: Line[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    lines.push(...linesOf(items.filter((item) => 'str' in item) as TextItem[]));
    page.cleanup();
  }
  const { info } = (await document.getMetadata().catch(() => ({ info: {} }))) as { info: Record<string, unknown> };
  const text = inMarkdown(lines);
  if (text === '') throw new Error('it holds no text, only pictures');
  return {
    text,
    title: asText(info.Title),
    language: asText(info.Language),
    updated: asTime(info.ModDate ?? info.CreationDate),
    canonical: null,
  };
};
