import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const phrases = z.array(z.string().min(1)).default([]);

const expectation = z.strictObject({
  action: z.enum(['reply', 'handoff']),
  /** Titles of articles: one of them has to be named as a source. */
  source: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .transform((titles) => (titles === undefined ? [] : [titles].flat())),
  /** What the answer has to say, each word for word but for case and blanks. */
  says: phrases,
  /** What it must not say, likewise. */
  never: phrases,
  /** The customer's language as the AI has to report it, such as `de`; `de-AT` fits too. */
  language: z.string().min(2).optional(),
  /** How long the answer may be, in characters. */
  longest: z.int().positive().optional(),
  /** How sure the AI has to be of a reply, 0 to 1. */
  confidence: z.number().min(0).max(1).optional(),
});

const conversation = z.strictObject({
  name: z.string().min(1),
  /** As the AI sees it. */
  channel: z.string().default('live chat'),
  customData: z.record(z.string(), z.string()).default({}),
  turns: z
    .array(
      z.strictObject({
        /** One message, or a burst. */
        customer: z.union([z.string(), z.array(z.string()).min(1)]).transform((messages) => [messages].flat()),
        expect: expectation,
      }),
    )
    .min(1),
});

const file = z
  .strictObject({
    /** What no answer of any conversation may say. */
    never: phrases,
    conversations: z.array(conversation).min(1),
  })
  .transform(({ never, conversations }) =>
    conversations.map((one) => ({
      ...one,
      turns: one.turns.map(({ customer, expect }) => ({
        customer,
        expect: { ...expect, never: [...never, ...expect.never] },
      })),
    })),
  );

/** What an answer is held against. */
export type Expectation = z.infer<typeof expectation>;
/** A conversation to play, and what is expected of each answer. */
export type Conversation = z.infer<typeof conversation>;

/** A file of conversations can't be played; the message says where it is wrong. */
export class BadConversations extends Error {
  override readonly name = 'BadConversations';

  constructor(path: string, problems: string[]) {
    super(`${path} can't be played:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Reads a YAML file of conversations (README.md has the format). @throws {BadConversations} */
export const readConversations = (path: string): Conversation[] => {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new BadConversations(path, [(error as Error).message.split('\n')[0] ?? 'unreadable']);
  }
  const { success, data, error } = file.safeParse(content);
  if (success) return data;
  throw new BadConversations(
    path,
    error.issues.map(({ path: at, message }) => `${at.map(String).join('.') || 'the file'}: ${message}`),
  );
};
