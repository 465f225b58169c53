import { strFromU8, unzipSync } from 'fflate';
import { Parser } from 'htmlparser2';
import type { ReadDocument } from './documents.ts';
import { escapeMarkdown, heading, inBlocks } from './markdown.ts';

/**
 * The parts of the package that say something, and how large each may be unpacked: a small one may unpack to anything.
 */
const PARTS = ['word/document.xml', 'word/styles.xml', 'word/_rels/document.xml.rels', 'docProps/core.xml'] as const;
const LARGEST_PART = 50 * 1024 * 1024;

type Handler = {
  open?: (name: string, attributes: Record<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};

const walk = (xml: string, { open, text, close }: Handler): void => {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => open?.(name, attributes),
      ontext: (part) => text?.(part),
      onclosetag: (name) => close?.(name),
    },
    { xmlMode: true },
  );
  parser.end(xml);
};

/** The heading level of each style, by its id: Word names its own in English, whatever language it speaks. */
const headingStyles = (xml: string): Map<string, number> => {
  const levels = new Map<string, number>();
  let id: string | null = null;
  walk(xml, {
    open(name, attributes) {
      const value = attributes['w:val'] ?? '';
      if (name === 'w:style') id = attributes['w:styleId'] ?? null;
      if (id === null) return;
      const level = name === 'w:name' ? /^heading (\d)$/i.exec(value)?.[1] : undefined;
      if (level) levels.set(id, Number(level));
      if (name === 'w:name' && /^title$/i.test(value)) levels.set(id, 1);
      if (name === 'w:outlineLvl' && !levels.has(id) && Number(value) < 6) levels.set(id, Number(value) + 1);
    },
    close(name) {
      if (name === 'w:style') id = null;
    },
  });
  return levels;
};

const linkTargets = (xml: string): Map<string, string> => {
  const targets = new Map<string, string>();
  walk(xml, {
    open(name, { Id, Target, TargetMode }) {
      const isOutside = name === 'Relationship' && TargetMode === 'External';
      if (isOutside && Id && Target && /^https?:/.test(Target)) targets.set(Id, Target);
    },
  });
  return targets;
};

/** What a document that is being worked on says no more, and what stands there twice. */
const NOT_SAID = new Set(['w:del', 'w:moveFrom', 'mc:Fallback']);

interface Paragraph {
  text: string;
  style: string | null;
  isItem: boolean;
}

const bodyOf = (xml: string, levels: Map<string, number>, targets: Map<string, string>): string => {
  const blocks: string[] = [];
  const paragraphs: Paragraph[] = [];
  /** Of each table that is open, the cells of its row. */
  const rows: string[][] = [];
  let unsaid = 0;
  let isText = false;
  let wasItem = false;
  const links: (string | null)[] = [];
  const end = ({ text, style, isItem }: Paragraph): void => {
    const cells = rows.at(-1);
    const said = text.trim();
    if (said === '') return;
    if (cells !== undefined) {
      cells[cells.length - 1] = [cells.at(-1) ?? '', said].filter(Boolean).join(' ');
      return;
    }
    const level = style === null ? undefined : levels.get(style);
    if (level !== undefined) blocks.push(heading(level, said));
    else if (isItem && wasItem) blocks[blocks.length - 1] += `\n- ${said}`;
    else blocks.push(isItem ? `- ${said}` : said);
    wasItem = isItem && level === undefined;
  };
  walk(xml, {
    open(name, attributes) {
      if (NOT_SAID.has(name)) unsaid += 1;
      if (unsaid > 0) return;
      const paragraph = paragraphs.at(-1);
      if (name === 'w:p') paragraphs.push({ text: '', style: null, isItem: false });
      else if (name === 'w:tbl') rows.push(['']);
      else if (name === 'w:tr' && rows.length > 0) rows[rows.length - 1] = [];
      else if (name === 'w:tc') rows.at(-1)?.push('');
      else if (name === 'w:t') isText = true;
      else if (!paragraph) return;
      else if (name === 'w:pStyle') paragraph.style = attributes['w:val'] ?? null;
      else if (name === 'w:numPr') paragraph.isItem = true;
      else if (name === 'w:tab') paragraph.text += ' ';
      else if (name === 'w:br' || name === 'w:cr') paragraph.text += '\n';
      else if (name === 'w:noBreakHyphen') paragraph.text += '-';
      else if (name === 'w:hyperlink') {
        const target = targets.get(attributes['r:id'] ?? '') ?? null;
        links.push(target);
        if (target !== null) paragraph.text += '[';
      }
    },
    text(part) {
      const paragraph = paragraphs.at(-1);
      if (isText && unsaid === 0 && paragraph) paragraph.text += escapeMarkdown(part);
    },
    close(name) {
      if (NOT_SAID.has(name)) unsaid -= 1;
      else if (unsaid > 0) return;
      else if (name === 'w:t') isText = false;
      else if (name === 'w:hyperlink') {
        const target = links.pop();
        const paragraph = paragraphs.at(-1);
        if (target && paragraph) paragraph.text += `](<${target.replace(/[<>\s]/g, encodeURIComponent)}>)`;
      } else if (name === 'w:p') {
        const paragraph = paragraphs.pop();
        if (paragraph) end(paragraph);
      } else if (name === 'w:tr') {
        const row = (rows.at(-1) ?? []).filter(Boolean).join(' | ');
        if (rows.length === 1 && row !== '') blocks.push(row);
        else if (rows.length > 1) {
          const outer = rows.at(-2) as string[];
          outer[outer.length - 1] = [outer.at(-1) ?? '', row].filter(Boolean).join(' ');
        }
        wasItem = false;
      } else if (name === 'w:tbl') rows.pop();
    },
  });
  return inBlocks(blocks);
};

const aboutDocument = (xml: string): Pick<ReadDocument, 'title' | 'language' | 'updated'> => {
  const fields = new Map<string, string>();
  let open: string | null = null;
  walk(xml, {
    open: (name) => {
      open = name;
    },
    text: (part) => {
      if (open !== null) fields.set(open, `${fields.get(open) ?? ''}${part}`);
    },
    close: () => {
      open = null;
    },
  });
  const field = (name: string): string | null => fields.get(name)?.trim() || null;
  const at = Date.parse(field('dcterms:modified') ?? '');
  return {
    title: field('dc:title'),
    language: field('dc:language'),
    updated: Number.isNaN(at) ? null : new Date(at).toISOString(),
  };
};

/**
 * The text of a Word document (`.docx`) as markdown, by its headings, lists, tables and links. What was struck out
 * under change tracking is left out.
 * @throws {Error} in a line why it can't be read
 */
export const readDocx = (bytes: Uint8Array): ReadDocument => {
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, {
      // What a part unpacks to is kept to the size that it declares.
      filter: ({ name, originalSize }) => {
        if (!(PARTS as readonly string[]).includes(name)) return false;
        if (originalSize > LARGEST_PART) throw new Error('too large');
        return true;
      },
    });
  } catch (error) {
    throw new Error(
      (error as Error).message === 'too large'
        ? `it unpacks to more than ${LARGEST_PART / 1024 / 1024} MiB`
        : 'it is no Word document',
    );
  }
  const [body, styles, links, about] = PARTS.map((name) => (parts[name] ? strFromU8(parts[name]) : null));
  if (!body) throw new Error('it is no Word document');
  const text = bodyOf(body, headingStyles(styles ?? ''), linkTargets(links ?? ''));
  if (text === '') throw new Error('it holds no text');
  return { text, ...aboutDocument(about ?? ''), canonical: null };
};
