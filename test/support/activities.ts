import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/**
 * An activity's surroundings in its n-th attempt; `left` is the heartbeat that an earlier attempt has left. Failures
 * are what the tests look at, so nothing logs them.
 */
export const attempt = (n: number, left?: unknown): MockActivityEnvironment =>
  new MockActivityEnvironment({ attempt: n, heartbeatDetails: left }, { logger: new DefaultLogger('ERROR') });
