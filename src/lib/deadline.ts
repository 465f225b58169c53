/** What was waited for didn't come in time. It may still happen. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  constructor(deadlineMs: number) {
    super(`No answer within ${deadlineMs} ms`);
  }
}

/**
 * Gives what `work` gives, unless the signal is aborted first. Work that is given up is left to itself.
 * @throws the signal's reason
 */
export const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};

/**
 * Gives what `work` gives, if it comes within `deadlineMs`. Work that comes too late is left to itself.
 * @throws {DeadlinePassed} else.
 */
export const withDeadline = async <T>(work: Promise<T>, deadlineMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed(deadlineMs)), deadlineMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};
