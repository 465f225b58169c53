/**
 * Of all calls that a portal gets, at most its rate may lie within so long, in ms. It is more than the second of the
 * rate: a call may reach HubSpot a moment later than the one after it.
 */
export const WINDOW_MS = 1_050;

/** What a worker asks the ledger of a portal's calls for. */
export interface LeaseRequest {
  /**
   * One number for each call that waits, and for those that may come, none larger than the one before it: it may be
   * made if no more than so many calls lie within {@link WINDOW_MS}, itself included.
   */
  limits: readonly number[];
  /** How long ago each call of this worker's last lease was made, in ms. What was not made is given back. */
  made: readonly number[];
}

/** Calls that a worker may make. */
export interface Lease {
  calls: number;
  /** They may be made for so long, in ms, counted from the moment of asking. */
  forMs: number;
  /** Where there are fewer than asked for: in so many ms it is worth while to ask again. */
  retryInMs: number;
  /** HubSpot refuses all of the portal's calls for so long, in ms; 0: it does not. */
  closedForMs: number;
}

/** Says which calls a portal's workers may make, so that together they keep to HubSpot's limit. */
export interface CallLedger {
  /** Asking costs so much that calls which nobody waits for yet are asked for along with the others. */
  readonly isDear: boolean;
  lease(request: LeaseRequest): Promise<Lease>;
  /** Nobody may call for so long, in ms. Never rejects: the caller keeps to it by itself too. */
  close(forMs: number): Promise<void>;
}

/** Says how many of the calls may be made where `used` lie within the window. */
export const admitted = (limits: readonly number[], used: number): number => {
  const refused = limits.findIndex((limit, place) => used + place + 1 > limit);
  return refused === -1 ? limits.length : refused;
};

/** Says in how many ms the first of the calls may be made. `leaveInMs`: when each call leaves the window. */
export const retryInMs = (limits: readonly number[], leaveInMs: readonly number[]): number => {
  const [limit = Number.MAX_SAFE_INTEGER] = limits;
  const tooMany = leaveInMs.length + 1 - limit;
  return tooMany <= 0 ? 0 : Math.max(0, leaveInMs.toSorted((a, b) => a - b)[tooMany - 1] ?? 0);
};

/** What has been leased may be made for so long, in ms; it counts as made by then. */
const LEASED_MS = 20;

/** A ledger that this process alone writes. */
export interface LocalLedger extends CallLedger {
  /** Counts calls that another ledger has leased. */
  count(calls: number): void;
}

/** `now`: ms of a clock that never jumps. */
export const createLocalLedger = (now: () => number = () => performance.now()): LocalLedger => {
  let calls: number[] = [];
  let last: number[] = [];
  let closedUntil = 0;
  return {
    isDear: false,
    count(more) {
      const at = now();
      calls = [...calls, ...last].filter((one) => one > at - WINDOW_MS);
      last = Array.from({ length: more }, () => at);
    },
    async lease({ limits, made }) {
      const at = now();
      const closedForMs = Math.max(0, closedUntil - at);
      calls = [...calls, ...made.map((age) => at - age)].filter((one) => one > at - WINDOW_MS);
      const granted = closedForMs > 0 ? 0 : admitted(limits, calls.length);
      last = Array.from({ length: granted }, () => at + LEASED_MS);
      const leaveInMs = [...calls, ...last].map((one) => one + WINDOW_MS - at);
      return {
        calls: granted,
        forMs: LEASED_MS,
        retryInMs: retryInMs(limits.slice(granted), leaveInMs),
        closedForMs,
      };
    },
    async close(forMs) {
      closedUntil = Math.max(closedUntil, now() + forMs);
    },
  };
};
