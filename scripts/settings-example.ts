import { z } from 'zod';
import { SETTINGS_BY_SUBJECT } from '../src/config/environment.ts';
import { plainText } from './portals-schema.ts';
import { wrapped } from './wrap.ts';

/** What each setting is for, in the words of its schema. */
const comments = (): Map<string, string[]> =>
  new Map(
    Object.values(SETTINGS_BY_SUBJECT).flatMap((schema) =>
      Object.entries(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}).map(([name, setting]) => {
        const { takes, enum: words, description = '' } = setting as z.core.JSONSchema.BaseSchema;
        const values = String(takes ?? (words ?? []).join(', '));
        return [name, wrapped(plainText(values === '' ? description : `${description} (${values})`), '# ')];
      }),
    ),
  );

/** `.env.example` with the comment above each setting as the schema has it. Other comments stay as they are. */
export const withComments = (example: string): string => {
  const known = comments();
  const written: string[] = [];
  for (const line of example.split('\n')) {
    const [, name = ''] = /^(?:# )?([A-Z][A-Z0-9_]*)=/.exec(line) ?? [];
    const words = known.get(name);
    if (words !== undefined) {
      while (/^# (?![A-Z][A-Z0-9_]*=|---)/.test(written.at(-1) ?? '')) written.pop();
      written.push(...words);
    }
    written.push(line);
  }
  return written.join('\n');
};
