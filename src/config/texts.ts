import { z } from 'zod';

/**
 * Reads a text for every language, which `toMessages` makes texts by language of, or these themselves: `*` is for all
 * languages that have no text of their own.
 */
export const textsByLanguage = <Message extends z.ZodType<string, string>>(
  message: Message,
  toMessages: (text: string) => Record<string, string>,
  error: string,
) => z.union([message.transform(toMessages), z.record(z.string().min(1), message)], { error });
