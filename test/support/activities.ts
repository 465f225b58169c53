import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** An activity's surroundings in its n-th attempt. Failures are what the tests look at, so nothing logs them. */
export const attempt = (n: number): MockActivityEnvironment =>
  new MockActivityEnvironment({ attempt: n }, { logger: new DefaultLogger('ERROR') });
