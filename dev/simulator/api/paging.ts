import { invalidRequest } from './errors.ts';
import type { Schemas } from './operations.ts';

export interface Page<Item> {
  results: Item[];
  paging?: Schemas['Paging'];
}

const cursorAt = (offset: number): string => Buffer.from(`${offset}`).toString('base64url');

const offsetAt = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  const offset = Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalidRequest(`Invalid paging cursor: ${cursor}`);
  return offset;
};

/**
 * One page of a list, with the cursor to the next one while there is more. With `emptyFirst` the first page holds
 * nothing, yet leads on.
 * @throws {HubSpotError} 400 for a cursor that this list never gave.
 */
export const pageOf = <Item>(
  items: Item[],
  { after, limit }: { after?: string | undefined; limit: number },
  emptyFirst = false,
): Page<Item> => {
  if (emptyFirst && after === undefined && items.length > 0) {
    return { results: [], paging: { next: { after: cursorAt(0) } } };
  }
  const start = offsetAt(after);
  const end = start + limit;
  return {
    results: items.slice(start, end),
    ...(end < items.length && { paging: { next: { after: cursorAt(end) } } }),
  };
};
