const WINDOW_MS = 60_000;

/** Says whether one more line of a kind may be logged. */
export type LogBound = (kind: string) => boolean;

/**
 * Lets `perMinute` lines of each kind through in a minute that begins with the first of them. Of the others, `leftOut`
 * hears at the minute's end how many there were. `kind` must be of a closed set.
 */
export const createLogBound = (perMinute: number, leftOut: (kind: string, count: number) => void): LogBound => {
  const seen = new Map<string, number>();
  return (kind) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (count === 1) {
      const end = (): void => {
        const more = (seen.get(kind) ?? 0) - perMinute;
        seen.delete(kind);
        if (more > 0) leftOut(kind, more);
      };
      // A process that ends need not wait for it.
      setTimeout(end, WINDOW_MS).unref();
    }
    return count <= perMinute;
  };
};
