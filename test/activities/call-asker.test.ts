import { expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { callAsker } from '../../src/activities/call-asker.ts';
import type { Asker } from '../../src/hubspot/call-budget.ts';
import { atOnce, forAll } from '../../src/lib/at-once.ts';
import { PRIORITY_KEY } from '../../src/runs/priority.ts';

const askerIn = async (priority: object | undefined): Promise<[Asker, Asker]> =>
  (await new MockActivityEnvironment(priority ? { priority } : {}).run(async () => [callAsker(), callAsker()])) as [
    Asker,
    Asker,
  ];

it('is as urgent as the activity’s task was, one and the same for all calls of an attempt', async () => {
  const [first, second] = await askerIn({ priorityKey: PRIORITY_KEY.sync, fairnessKey: 'portal-1' });
  expect(first.urgency).toBe(PRIORITY_KEY.sync);
  expect(first.work).toBeDefined();
  expect(second.work).toBe(first.work);
  const [another] = await askerIn({ priorityKey: PRIORITY_KEY.post });
  expect(another.urgency).toBe(PRIORITY_KEY.post);
  expect(another.work).not.toBe(first.work);
});

it('reads for an answer where the server knows no priorities', async () => {
  for (const priority of [undefined, {}, { priorityKey: 0 }]) {
    const [asker] = await askerIn(priority);
    expect(asker.urgency).toBe(PRIORITY_KEY.reply);
  }
});

it('waits for no call where it reads at once, but for what others wait for too', async () => {
  const { signal } = new AbortController();
  const askers = await new MockActivityEnvironment().run(() =>
    atOnce(async () => [callAsker(), forAll(callAsker)], signal),
  );
  expect(askers).toMatchObject([{ nowOrNever: true }, { urgency: PRIORITY_KEY.reply }]);
  expect((askers as Asker[])[1]).not.toHaveProperty('nowOrNever');
});

it('looks for lost webhooks outside of activities', () => {
  expect(callAsker()).toEqual({ urgency: PRIORITY_KEY.catchUp });
});
