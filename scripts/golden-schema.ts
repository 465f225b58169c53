import { z } from 'zod';
import { goldenFile } from '../eval/golden.ts';

/** What a file of the golden set may hold, as JSON Schema for editors, from the schema that reads it. */
export const goldenSchema = () => {
  const { $schema, ...schema } = z.toJSONSchema(goldenFile, { io: 'input', target: 'draft-7' });
  const about = {
    title: "A file of Threadkeeper's golden set",
    description: 'What customers ask in one language, by kind, and which article answers it.',
  };
  return { ...($schema ? { $schema } : {}), ...about, ...schema };
};
