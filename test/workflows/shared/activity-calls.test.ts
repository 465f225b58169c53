import { expect, it } from '@jest/globals';
import { activityCalls, localActivityCalls } from '../../../src/workflows/shared/activity-calls.ts';

interface Family {
  read(input: { id: string }): Promise<string>;
}

it.each([
  ['activities', () => activityCalls<Family>({ startToCloseTimeout: '1m' })],
  ['local activities', () => localActivityCalls<Family>({ startToCloseTimeout: '1m' })],
])('hands a family of %s through an async function without calling any of them', async (_kind, family) => {
  const calls = family();
  const returned = await (async () => calls)();
  expect(returned).toBe(calls);
  expect(typeof returned.read).toBe('function');
});
