/** Something may be done this often: `burst` times at once, and again after `refillMs` each. */
export interface BucketLimits {
  burst: number;
  /** In ms. */
  refillMs: number;
  /** The buckets remember so many keys at most; the one that was used longest ago is forgotten first. */
  keys?: number;
}

/** Limits how often each of many keys does something, in bounded memory. */
export interface TokenBuckets {
  /** Takes one, where there is one: 0. Else in how many ms there will be one. */
  take(key: string): number;
  /** Gives one back, as after what shall not count. */
  giveBack(key: string): void;
}

const MOST_KEYS = 10_000;

/** A token bucket for each key. `now`: ms of a clock that never jumps. */
export const createTokenBuckets = (
  { burst, refillMs, keys = MOST_KEYS }: BucketLimits,
  now: () => number = () => performance.now(),
): TokenBuckets => {
  /** When the bucket of a key is full again. In the order in which they were used last. */
  const fullAt = new Map<string, number>();

  const remember = (key: string, at: number): void => {
    fullAt.delete(key);
    fullAt.set(key, at);
    const [oldest] = fullAt.keys();
    if (fullAt.size > keys && oldest !== undefined) fullAt.delete(oldest);
  };

  return {
    take(key) {
      const full = Math.max(fullAt.get(key) ?? 0, now());
      const waitMs = full + refillMs - burst * refillMs - now();
      if (waitMs > 0) return waitMs;
      remember(key, full + refillMs);
      return 0;
    },
    giveBack(key) {
      const full = fullAt.get(key);
      if (full !== undefined) remember(key, full - refillMs);
    },
  };
};
