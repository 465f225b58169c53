import { setTimeout as delay } from 'node:timers/promises';

/**
 * Gives what `attempt` gives once it doesn't throw: Temporal lists runs a moment late. After a minute its last error is
 * thrown.
 */
export const eventually = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(100);
    }
  }
};
