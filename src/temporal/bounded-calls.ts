import type { ConnectionLike } from '@temporalio/client';

/** Calls over one client connection. */
export interface BoundedCalls {
  /**
   * `work` ends when the last of its calls has, also where another has failed. `withinMs`: another deadline for these.
   * @throws {ServiceError} also when the deadline passes; the client alone would go on trying for 20 s
   */
  call<Result>(work: () => Promise<Result>, withinMs?: number): Promise<Result>;
  /**
   * Closes the connection when the last call has ended: the client's timer for its next attempt would throw on a closed
   * one.
   */
  close(): Promise<void>;
}

/** Gives every call over a connection a deadline, in ms. */
export const boundCalls = (connection: ConnectionLike, deadlineMs: number): BoundedCalls => {
  const pending = new Set<Promise<unknown>>();
  return {
    call(work, withinMs = deadlineMs) {
      const promise = connection.withDeadline(Date.now() + withinMs, work);
      pending.add(promise);
      const done = (): void => {
        pending.delete(promise);
      };
      promise.then(done, done);
      return promise;
    },
    async close() {
      await Promise.allSettled(pending);
      await connection.close();
    },
  };
};
