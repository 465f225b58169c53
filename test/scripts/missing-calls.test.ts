import { expect, it } from '@jest/globals';
import { missingCalls } from '../../scripts/missing-calls.ts';

const call = { responses: {} };
const theirs = [
  { paths: { '/crm/objects/2026-09/{objectType}/{objectId}': { get: call } } },
  { paths: { '/crm/objects/v3/tickets/{ticketId}': { patch: call } } },
];

it.each([
  ['a call that is there under general names', { '/crm/objects/2026-09/tickets/{ticketId}': { get: call } }, []],
  [
    'a method that is not there',
    { '/crm/objects/2026-09/tickets/{ticketId}': { get: call, patch: call } },
    ['PATCH /crm/objects/2026-09/tickets/{ticketId}: no such call there'],
  ],
  [
    'a path that is not there',
    { '/crm/objects/2026-09/tickets': { get: call } },
    ['GET /crm/objects/2026-09/tickets: no such call there'],
  ],
  ['a family that none of the files has', { '/account-info/2026-09/details': { get: call } }, []],
])('of %s', (_, ours, missing) => {
  expect(missingCalls(ours, '2026-09', theirs)).toEqual(missing);
});
