import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { BadConversations } from './conversation.ts';

const titles = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((given) => [given].flat())
  .meta({ description: 'Titles of the articles that answer it: one, or a list of which any will do.' });

const fields = {
  asked: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: 'The same in other wordings, each a case of its own: at best ten.' }),
  about: z.string().min(1).optional().meta({ description: 'What it is about, for people who read the file.' }),
};

const answered = z.strictObject({ ...fields, article: titles });
const followUp = answered.extend({
  after: z.string().min(1).meta({ description: 'What the customer asked before. The AI answers that first.' }),
});
const mayBeAnswered = z.strictObject({ ...fields, article: titles.optional() });
const unanswered = z.strictObject(fields);

const kinds = {
  answerable: z.array(answered).meta({ description: 'An article answers it.' }),
  'out-of-scope': z.array(unanswered).meta({ description: 'No article answers it: agents have to.' }),
  'own-things': z.array(mayBeAnswered).meta({
    description: "About the customer's own order, money or contract: agents, or an article on how to find out.",
  }),
  person: z.array(mayBeAnswered).meta({ description: 'The customer asks for a person.' }),
  thanks: z.array(unanswered).meta({ description: 'Thanks, and nothing else.' }),
  goodbye: z.array(unanswered).meta({ description: 'A goodbye, and nothing else.' }),
  'small-talk': z.array(unanswered).meta({ description: 'A greeting, and nothing else.' }),
  complaint: z.array(mayBeAnswered).meta({
    description: 'A complaint: agents, or an article that helps. Never a mere courtesy.',
  }),
  'follow-up': z.array(followUp).meta({ description: 'What only the question before it makes whole.' }),
};

/** What a file of the golden set holds, in one language. `schemas/golden.schema.json` is made of it. */
export const goldenFile = z.strictObject({
  $schema: z.string().optional(),
  language: z.string().min(2).meta({ description: "The customer's: a BCP 47 tag, such as de." }),
  ...(Object.fromEntries(Object.entries(kinds).map(([kind, schema]) => [kind, schema.optional()])) as {
    [K in keyof typeof kinds]: z.ZodOptional<(typeof kinds)[K]>;
  }),
});

/** What a case is, which says what a right answer is. */
export type Kind = keyof typeof kinds;
export const KINDS = Object.keys(kinds) as Kind[];

/** One wording, and what answers it. */
export interface GoldenCase {
  language: string;
  kind: Kind;
  /** What the customer asked before; `null`: nothing. */
  after: string | null;
  asked: string;
  /** Titles of the articles of which any answers it. */
  articles: string[];
}

/** Reads a file of the golden set. @throws {BadConversations} */
export const readGolden = (path: string): GoldenCase[] => {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BadConversations(path, [(error as Error).message.split('\n')[0] ?? 'unreadable']);
  }
  const { success, data, error } = goldenFile.safeParse(content);
  if (!success) {
    throw new BadConversations(
      path,
      error.issues.map(({ path: at, message }) => `${at.map(String).join('.') || 'the file'}: ${message}`),
    );
  }
  return KINDS.flatMap((kind) => {
    const groups: { asked: string[]; article?: string[] | undefined; after?: string | null }[] = data[kind] ?? [];
    return groups.flatMap(({ asked, article = [], after = null }) =>
      asked.map((wording) => ({ language: data.language, kind, after, asked: wording, articles: article })),
    );
  });
};

/** Reads every file of a folder, in the order of their names. @throws {BadConversations} */
export const readGoldenFolder = (folder: string): GoldenCase[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((name) => readGolden(join(folder, name)));
