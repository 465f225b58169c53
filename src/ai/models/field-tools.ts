import { type Tool, tool } from 'ai';
import { z } from 'zod';
import type { Readable, ReadableFields } from '../backend.ts';
import type { CallOutcome } from '../steps.ts';
import { asData, cut, LONGEST_PROPERTY } from './data.ts';

const NOT_NOW = 'Not available now. Answer without it, or hand over where the answer needs it.';
const NOTHING = 'Nothing is known.';

/** The thread decides whose record it is: a model has no say here, so nobody can talk it into another one. */
const readFieldsTool = (whose: string, { names }: ReadableFields): Tool =>
  tool({
    description: `Gives what the business has on record of ${whose}, as data: ${names.join(', ')}. Takes nothing.`,
    inputSchema: z.object({}),
  });

/** The tools with which a model reads what it may of who asks, and of the ticket; none where it may read nothing. */
export const fieldTools = ({ customer, ticket }: Readable): Record<string, Tool> => ({
  ...(customer ? { readCustomer: readFieldsTool('this customer', customer) } : {}),
  ...(ticket ? { readTicket: readFieldsTool('the ticket of this conversation', ticket) } : {}),
});

/** What comes of a call of {@link fieldTools}; `null`: it is none of them. */
export const readAsWanted = async (
  name: string,
  { customer, ticket, signal }: Readable & { signal: AbortSignal },
): Promise<CallOutcome | null> => {
  const fields = name === 'readCustomer' ? customer : name === 'readTicket' ? ticket : undefined;
  if (!fields) return null;
  const found = await fields.read(signal);
  if (found === null) return { ok: true, text: NOT_NOW };
  const values = Object.entries(found).map(([key, value]) => [key, cut(value, LONGEST_PROPERTY)]);
  return { ok: true, text: values.length === 0 ? NOTHING : asData(Object.fromEntries(values)) };
};
