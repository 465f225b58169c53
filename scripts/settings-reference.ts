import { z } from 'zod';
import { SETTINGS_BY_SUBJECT } from '../src/config/environment.ts';
import { wrapped } from './wrap.ts';

/** What counts where a setting is absent: a value, or what the schema says instead. */
const withoutIt = ({ without, default: fallback }: z.core.JSONSchema.BaseSchema): string => {
  const said = typeof without === 'string' ? without : undefined;
  if (said?.startsWith('required')) return said;
  const value = typeof fallback === 'string' && fallback !== '' ? `\`${fallback}\`` : 'none';
  return `default: ${said ?? value}`;
};

/**
 * A setting under a heading of its own, so that a link can lead to it. What the schema doesn't say is in `GlobalMeta`.
 */
const entryOf = (name: string, setting: z.core.JSONSchema.BaseSchema): string => {
  const words = (setting.enum ?? []).map((word) => `\`${word}\``).join(', ');
  const values = wrapped(`${String(setting.takes ?? words)} · ${withoutIt(setting)}`);
  return [`### ${name}`, '', ...values, '', ...wrapped(setting.description ?? '')].join('\n');
};

/** The settings of each subject, from the schema that the processes read them with. */
const entries = (): Map<string, string> =>
  new Map(
    Object.entries(SETTINGS_BY_SUBJECT).map(([subject, schema]) => {
      const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
      const settings = Object.entries(properties).filter((entry) => typeof entry[1] === 'object');
      const written = settings.map(([name, setting]) => entryOf(name, setting as z.core.JSONSchema.BaseSchema));
      return [subject, written.join('\n\n')];
    }),
  );

const BEGIN = '<!-- Written by npm run settings from src/config: change it there. -->';
const END = '<!-- The end of what npm run settings writes. -->';

/**
 * The page with its settings as the schema has them: each subject is between two marks, below its heading.
 * @throws {Error} when a subject has no place on the page, or a place no subject
 */
export const withSettings = (page: string): string => {
  const left = entries();
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
