import type { RateLimitPolicy } from './errors.ts';
import type { OperationName } from './operations.ts';

/** What goes wrong. "Before" means that the call has no effect, "after" that its effect stays. */
export type FaultKind =
  /** Before: 429. Without `retryAfter` (seconds, or text for the header as it is) there is no such header. */
  | { kind: 'rate-limit'; policy?: RateLimitPolicy; retryAfter?: number | string }
  /**
   * Before: any status with HubSpot's error body, such as 401, 423, 477, 500, 503. `says`: its message, in place of the
   * usual one.
   */
  | { kind: 'status'; status: number; retryAfter?: number | string; says?: string }
  /** Before: an HTML page, as gateways send. 502 by default; a 2xx makes it an answer that can't be read. */
  | { kind: 'html'; status?: number }
  /** Before: 404, as if HubSpot's reads lagged behind its webhooks. */
  | { kind: 'not-found' }
  /** Before: a redirect. */
  | { kind: 'redirect'; location: string }
  /** Before: no answer, ever. */
  | { kind: 'hang' }
  /** Before: the connection is closed. */
  | { kind: 'reset-before' }
  /** After: the connection is closed before any of the answer. */
  | { kind: 'reset-after' }
  /** After: no answer, ever. */
  | { kind: 'commit-then-hang' }
  /** After: the connection is closed in the middle of the answer. */
  | { kind: 'half-written' }
  /** After: an error status. 500 by default. */
  | { kind: 'commit-then-fail'; status?: number }
  /** After: the answer comes late. */
  | { kind: 'slow'; delayMs: number }
  /** After: the answer comes once this has come. */
  | { kind: 'held'; until: Promise<unknown> }
  /** After: the answer's body is replaced, and is not checked any more. */
  | { kind: 'rewrite'; rewrite: (body: unknown) => unknown };

/** Which calls a fault meets; all that is given must fit. */
export interface FaultMatch {
  route?: OperationName;
  method?: string;
  /** On the path with its query. */
  path?: RegExp;
}

export type Fault = FaultKind & {
  match?: FaultMatch;
  /** How many calls it meets; 1 by default, `Infinity` until it is cleared. */
  times?: number;
  /** This many matching calls go through first. */
  skip?: number;
  /** How likely it meets a matching call, from 0 to 1; 1 by default. */
  probability?: number;
};

/** The faults that are set. The first one that fits a call meets it. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that meets this call, counted. */
  take(call: { route: OperationName; method: string; path: string }): FaultKind | null;
}

const fits = ({ match = {} }: Fault, call: { route: OperationName; method: string; path: string }): boolean =>
  (match.route === undefined || match.route === call.route) &&
  (match.method === undefined || match.method.toUpperCase() === call.method) &&
  (match.path === undefined || match.path.test(call.path));

export const createFaults = (random: () => number): Faults => {
  let active: { fault: Fault; left: number; skip: number }[] = [];
  return {
    add: (fault) => {
      active.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
    },
    clear: () => {
      active = [];
    },
    take: (call) => {
      for (const entry of active) {
        if (!fits(entry.fault, call) || random() >= (entry.fault.probability ?? 1)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) active = active.filter((other) => other !== entry);
        return entry.fault;
      }
      return null;
    },
  };
};
