import { expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { FirstRead } from '../../src/activities/first-reads.ts';
import { createReadsAtOnce } from '../../src/activities/reads-at-once.ts';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { atOnceSignal } from '../../src/lib/at-once.ts';
import { attempt } from '../support/activities.ts';
import { deferred } from '../support/deferred.ts';

const of = (portal: string) => ({
  portalId: portal as PortalId,
  threadId: '1' as ThreadId,
  messageId: '2' as MessageId,
});
const GIVEN = { message: null } as unknown as FirstRead;

const reading = (readMessage: () => Promise<FirstRead>, options: { most?: number; tooLongMs?: number } = {}) => {
  const reads = { readMessage, lookAndOpen: async () => ({ conversation: null }) };
  const { readMessageAtOnce } = createReadsAtOnce(reads, { most: 8, ...options });
  return (portal = '1', environment = attempt(1)) => environment.run(readMessageAtOnce, of(portal));
};

const failureOf = async (work: Promise<unknown>): Promise<ApplicationFailure> => {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ApplicationFailure);
  return failure as ApplicationFailure;
};

it('reads so many at the same time, fails at once past them, and reads again after', async () => {
  const answer = deferred<FirstRead>();
  const read = reading(() => answer.promise, { most: 2 });
  const both = [read('1'), read('2')];
  expect((await failureOf(read('3'))).type).toBe('WorkerBusy');
  answer.resolve(GIVEN);
  expect(await Promise.all(both)).toEqual([GIVEN, GIVEN]);
  expect(await read('3')).toEqual(GIVEN);
});

it('gives up what takes too long, has it call no more, and leaves that portal alone for a while', async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const read = reading(
    () => {
      signals.push(atOnceSignal());
      return signals.length === 1 ? new Promise(() => undefined) : Promise.resolve(GIVEN);
    },
    { tooLongMs: 20 },
  );
  const slow = await failureOf(read());
  expect(slow).toMatchObject({ type: 'HubSpotSlow', category: ApplicationFailureCategory.BENIGN });
  expect(signals[0]?.aborted).toBe(true);
  expect((await failureOf(read())).type).toBe('HubSpotSlow');
  expect(signals).toHaveLength(1);
  expect(await read('another')).toEqual(GIVEN);
});

it('ends with its run', async () => {
  const environment = attempt(1);
  const read = reading(() => new Promise(() => undefined))('1', environment);
  environment.cancel();
  await expect(read).rejects.toBeInstanceOf(CancelledFailure);
});

it.each([
  ['what HubSpot said', ApplicationFailure.create({ type: 'HubSpotUnavailable', message: 'HubSpot answered 503' })],
  ['no words of the database', Object.assign(new Error("insert 'kim@example.com'"), { name: 'PostgresError' })],
])('fails once, and in peace: %s', async (_, error) => {
  const failure = await failureOf(reading(() => Promise.reject(error))());
  expect(failure).toMatchObject({ nonRetryable: true, category: ApplicationFailureCategory.BENIGN });
  expect([failure.type, failure.message]).toEqual(
    error instanceof ApplicationFailure ? [error.type, error.message] : ['PostgresError', 'PostgresError'],
  );
});

it('says of an unknown portal what every activity says', async () => {
  const unknown = ApplicationFailure.nonRetryable('Portal 1 is not configured', 'UnknownPortal');
  expect(await failureOf(reading(() => Promise.reject(unknown))())).toBe(unknown);
});
