/** Room that was given to somebody. */
export interface Hold {
  /** Gives back what isn't needed of it; it never grows. */
  shrinkTo(bytes: number): void;
  /** Gives back all of it; a second time does nothing. */
  release(): void;
}

/** Bounds how many bytes may be held at the same time in this process, by all together. */
export interface HeldBytes {
  /** Bytes that have room now. */
  readonly held: number;
  /**
   * Waits until there is room, in the order of asking. Who wants more than there is in all gets all of it, alone.
   * @throws the signal's reason
   */
  take(bytes: number, signal: AbortSignal): Promise<Hold>;
}

interface Waiting {
  bytes: number;
  admit(): void;
}

/** Room for `most` bytes. */
export const createHeldBytes = (most: number): HeldBytes => {
  const queue: Waiting[] = [];
  let held = 0;

  const admit = (): void => {
    for (let [first] = queue; first && held + first.bytes <= most; [first] = queue) {
      queue.shift();
      held += first.bytes;
      first.admit();
    }
  };
  const holdOf = (bytes: number): Hold => {
    let mine = bytes;
    const shrinkTo = (left: number): void => {
      const given = Math.max(0, mine - Math.max(0, left));
      mine -= given;
      held -= given;
      admit();
    };
    return { shrinkTo, release: () => shrinkTo(0) };
  };

  return {
    get held() {
      return held;
    },
    async take(wanted, signal) {
      signal.throwIfAborted();
      const bytes = Math.min(wanted, most);
      const { promise, resolve, reject } = Promise.withResolvers<Hold>();
      const waiting: Waiting = { bytes, admit: () => resolve(holdOf(bytes)) };
      const giveUp = (): void => {
        const place = queue.indexOf(waiting);
        if (place === -1) return;
        queue.splice(place, 1);
        reject(signal.reason);
        // Whoever comes next may want less.
        admit();
      };
      queue.push(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
      admit();
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', giveUp);
      }
    },
  };
};
