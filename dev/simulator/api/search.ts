import type { World } from '../world.ts';
import { invalidRequest } from './errors.ts';
import type { Schemas } from './operations.ts';
import { type Page, pageOf } from './paging.ts';

interface Searchable {
  id: string;
  updatedAt: string;
  properties: Record<string, string>;
}

const tokensOf = (value: string): string[] => value.toLowerCase().split(/[^\p{L}\p{N}]+/u);

const fits = ({ properties }: Searchable, { propertyName, operator, value = '' }: Schemas['Filter']): boolean => {
  const found = properties[propertyName];
  switch (operator) {
    case 'EQ':
      return found?.toLowerCase() === value.toLowerCase();
    case 'CONTAINS_TOKEN':
      return found !== undefined && tokensOf(found).includes(value.toLowerCase());
    default:
      throw invalidRequest(`The simulator knows no operator ${operator}`);
  }
};

/**
 * What a search finds. It lags by `searchLagMs`: what was made or changed since is as if it weren't there (search
 * guide: "may take a few moments").
 * @throws {HubSpotError} 400
 */
export const found = <Item extends Searchable>(
  { behaviour }: World,
  items: Iterable<Item>,
  { filterGroups, limit, after }: Schemas['Search'],
): Page<Item> & { total: number } => {
  const matching = [...items]
    .filter(({ updatedAt }) => Date.parse(updatedAt) + behaviour.searchLagMs <= Date.now())
    .filter((item) => filterGroups.some(({ filters }) => filters.every((filter) => fits(item, filter))));
  return { ...pageOf(matching, { after: after === '' ? undefined : after, limit }), total: matching.length };
};
