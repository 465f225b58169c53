import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** An activity's surroundings in its n-th attempt. Failures are what the tests look at, so nothing logs them. */
export const attempt = (n: number): MockActivityEnvironment =>
  new MockActivityEnvironment(
    { attempt: n, currentAttemptScheduledTimestampMs: Date.now() },
    { logger: new DefaultLogger('ERROR') },
  );

/** The same in a first attempt whose task has waited in its queue for so many ms. */
export const waited = (ms: number): MockActivityEnvironment =>
  new MockActivityEnvironment(
    { attempt: 1, currentAttemptScheduledTimestampMs: Date.now() - ms },
    { logger: new DefaultLogger('ERROR') },
  );
