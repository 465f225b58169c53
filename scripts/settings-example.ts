import { z } from 'zod';
import { SETTINGS_BY_SUBJECT } from '../src/config/environment.ts';
import { plainText } from './portals-schema.ts';
import { wrapped } from './wrap.ts';

/** Links as they are read outside of a page: by the path of the page that they lead to. */
const withPaths = (markdown: string): string =>
  markdown
    .replace(/\bSee \[[^\]]*\]\(([\w-]+\.md)[^)]*\)/g, 'See docs/$1')
    .replace(/\[([^\]]*)\]\(([\w-]+\.md)[^)]*\)/g, '$1 (docs/$2)');

/** When the setting is required, or what counts without it where the line itself doesn't show it. */
const withoutIt = (without: unknown, value: string): string[] => {
  if (typeof without !== 'string' || without === 'required' || without === 'none') return [];
  if (without.startsWith('required')) return [without];
  return value === '' ? [`default: ${without}`] : [];
};

/** What each setting is for, in the words of its schema; `value`: what the line shows. */
const comments = (): Map<string, (value: string) => string[]> =>
  new Map(
    Object.values(SETTINGS_BY_SUBJECT).flatMap((schema) =>
      Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).map(([name, setting]) => {
        const { takes, without, enum: words, description = '' } = setting as z.core.JSONSchema.BaseSchema;
        const values = String(takes ?? (words ?? []).join(', '));
        return [
          name,
          (value: string) => {
            const notes = [...(values === '' ? [] : [values]), ...withoutIt(without, value)].join('; ');
            return wrapped(plainText(withPaths(notes === '' ? description : `${description} (${notes})`)), '# ');
          },
        ];
      }),
    ),
  );

/** `.env.example` with the comment above each setting as the schema has it. Other comments stay as they are. */
export const withComments = (example: string): string => {
  const known = comments();
  const written: string[] = [];
  for (const line of example.split('\n')) {
    const [, name = '', value = ''] = /^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    const words = known.get(name)?.(value);
    if (words !== undefined) {
      while (/^# (?![A-Z][A-Z0-9_]*=|---)/.test(written.at(-1) ?? '')) written.pop();
      written.push(...words);
    }
    written.push(line);
  }
  return written.join('\n');
};
