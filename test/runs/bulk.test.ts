import { expect, it } from '@jest/globals';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { BULK_FROM_MORE_THAN, bulkPortals } from '../../src/runs/bulk.ts';
import { plannedReply } from '../../src/runs/planned-start.ts';
import { portalId } from '../api/support.ts';

const replies = (portal: string, count: number) =>
  Array.from({ length: count }, (_, at) =>
    plannedReply({ portalId: portalId(portal), threadId: `${at}` as ThreadId, messageId: 'm' as never }),
  );

it.each<[string, Record<string, number>, string[]]>([
  ['nobody', {}, []],
  ['one portal with few', { 1: BULK_FROM_MORE_THAN }, []],
  ['one portal with many', { 1: BULK_FROM_MORE_THAN + 1 }, ['1']],
  ['few of many portals', { 1: 8, 2: 8, 3: 8 }, []],
  ['one with many beside one with few', { 1: 99, 2: 1 }, ['1']],
])('a delivery of %s', (_, counts, expected) => {
  const starts = Object.entries(counts).flatMap(([portal, count]) => replies(portal, count));
  expect([...bulkPortals(starts)]).toEqual(expected);
});
