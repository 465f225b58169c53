import { z } from 'zod';
import { SETTINGS_BY_SUBJECT } from '../src/config/environment.ts';

type Row = readonly [variable: string, type: string, fallback: string, meaning: string];

/** A setting's row: what its schema says by itself, and what is said beside it (`GlobalMeta`). */
const rowOf = (name: string, setting: z.core.JSONSchema.BaseSchema): Row => {
  const { takes, without, description = '', default: fallback } = setting;
  const words = (setting.enum ?? []).map((word) => `\`${word}\``).join(', ');
  const isText = typeof fallback === 'string' && fallback !== '';
  return [
    `\`${name}\``,
    String(takes ?? words),
    String(without ?? (isText ? `\`${fallback}\`` : 'none')),
    description.replaceAll('|', '\\|'),
  ];
};

const HEAD: Row = ['variable', 'type', 'default', 'meaning'];

/** A table in Markdown, its columns aligned. */
const table = (rows: readonly Row[]): string => {
  const widths = HEAD.map((_, at) => Math.max(...[HEAD, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [HEAD, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
};

/** The settings of each subject, from the schema that the processes read them with. */
const tables = (): Map<string, string> =>
  new Map(
    Object.entries(SETTINGS_BY_SUBJECT).map(([subject, schema]) => {
      const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
      const settings = Object.entries(properties).filter((entry) => typeof entry[1] === 'object');
      return [subject, table(settings.map(([name, setting]) => rowOf(name, setting as z.core.JSONSchema.BaseSchema)))];
    }),
  );

const BEGIN = '<!-- Written by npm run settings from src/config: change it there. -->';
const END = '<!-- The end of what npm run settings writes. -->';

/**
 * The page with its tables as the schema has them: each stands between two marks, below the heading of its subject.
 * @throws {Error} when a subject has no place on the page, or a place no subject
 */
export const withSettings = (page: string): string => {
  const left = tables();
  const written = page.split(/^(?=## )/m).map((section) => {
    const [before, rest] = section.split(BEGIN);
    if (before === undefined || rest === undefined) return section;
    const [, subject = ''] = /^## (.*)$/m.exec(section) ?? [];
    const settings = left.get(subject);
    const after = rest.split(END)[1];
    if (settings === undefined || after === undefined) throw new Error(`No settings belong below "${subject}"`);
    left.delete(subject);
    return `${before}${BEGIN}\n\n${settings}\n\n${END}${after}`;
  });
  if (left.size > 0) throw new Error(`The page has no place for the settings of: ${[...left.keys()].join(', ')}`);
  return written.join('');
};
