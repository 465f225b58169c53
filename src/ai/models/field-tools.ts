import { type Tool, tool } from 'ai';
import { z } from 'zod';
import type { Readable, ReadableFields } from '../backend.ts';
import { asData, cut, LONGEST_PROPERTY } from './data.ts';

/** In one answer: a record doesn't change while the model thinks. */
const MOST_READS = 2;

const NOT_NOW = 'Not available now. Answer without it, or hand over where the answer needs it.';
const NOTHING = 'Nothing is known.';
const TOO_OFTEN = 'You have read it already.';

/** The thread decides whose record it is: a model has no say here, so nobody can talk it into another one. */
const readFieldsTool = (whose: string, { names, read }: ReadableFields): Tool => {
  let reads = 0;
  return tool({
    description: `Gives what the business has on record of ${whose}, as data: ${names.join(', ')}. Takes nothing.`,
    inputSchema: z.object({}),
    execute: async (_input, { abortSignal = new AbortController().signal }) => {
      reads += 1;
      if (reads > MOST_READS) return TOO_OFTEN;
      const found = await read(abortSignal);
      if (found === null) return NOT_NOW;
      const values = Object.entries(found).map(([name, value]) => [name, cut(value, LONGEST_PROPERTY)]);
      return values.length === 0 ? NOTHING : asData(Object.fromEntries(values));
    },
  });
};

/** The tools with which a model reads what it may of who asks, and of the ticket; none where it may read nothing. */
export const fieldTools = ({ customer, ticket }: Readable): Record<string, Tool> => ({
  ...(customer ? { readCustomer: readFieldsTool('this customer', customer) } : {}),
  ...(ticket ? { readTicket: readFieldsTool('the ticket of this conversation', ticket) } : {}),
});
