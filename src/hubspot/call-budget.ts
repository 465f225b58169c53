import { type CallLedger, WINDOW_MS } from './call-ledger.ts';
import { HubSpotRateLimited } from './errors.ts';

/** Who asks for a call. */
export interface Asker {
  /** 1 goes first, 5 last. */
  urgency: number;
  /**
   * What the call is a part of. Once it has begun, it waits longer, since it would begin anew; and what somebody waits
   * for goes first.
   */
  work?: object | undefined;
  /**
   * It does without a call that isn't free at once. Such calls go after all that wait, and only begin something while
   * much of the limit is free.
   */
  nowOrNever?: boolean;
}

/** One portal's calls of HubSpot's API, kept to its limit. */
export interface CallBudget {
  /**
   * Waits until a call may be made, a few seconds at most, or not at all where it is now or never; it is to be made at
   * once.
   * @throws {HubSpotRateLimited} where that takes longer: nothing took effect
   */
  take(): Promise<void>;
  /** HubSpot has refused a call, and will refuse every other for so long, in ms. */
  refused(forMs: number): void;
  /** HubSpot's own word on its limit: so many calls in so many ms. */
  learn(calls: number, withinMs: number): void;
}

/** How a budget is kept. */
export interface CallBudgetOptions {
  /** Calls a second. */
  perSecond: number;
  ledger: CallLedger;
  asker: () => Asker;
}

/** A call waits in its activity's slot for so long, in ms; one of an activity that has called already, longer. */
const PATIENCE_MS = 2_000;
const PATIENCE_BEGUN_MS = 10_000;

/** A refused call comes again after so long at least, and at most, in ms. */
const LEAST_AWAY_MS = 1_000;
const MOST_AWAY_MS = 10_000;

const HUBSPOT_REFUSES = 'HubSpot has refused a call of this portal, so none is made for now';

/** An activity makes so many calls, more or less. */
const CALLS_OF_AN_ACTIVITY = 2;

/** Where much is free, so many calls are asked for that nobody waits for yet. */
const SPARE = 3;

/** The urgency of calls that wait for nobody, of work that has called already and of work that has not. */
const NOW_OR_NEVER = { begun: 6, first: 7 };

/** The least urgent calls leave this share of the limit to the others, by urgency. */
const LEFT_TO_OTHERS: Record<number, number> = {
  4: 0.25,
  5: 0.35,
  // What was read is read again where the rest can't be had.
  [NOW_OR_NEVER.begun]: 0,
  [NOW_OR_NEVER.first]: 0.35,
};

/** Where nobody waits for it, work of hundreds of calls stays behind the others to its end. */
const isWaitedFor = (urgency: number): boolean => !(urgency in LEFT_TO_OTHERS);

/**
 * So many calls are made at once, and the next ones after half of their time. Were all calls of a second made at once,
 * the last of one second and the first of the next might reach HubSpot together.
 */
const AT_ONCE = 5;
const REST = 0.5;

/** It is asked again so soon at least, in ms: others give back what they have not used. */
const ASK_AGAIN_MS = 300;

interface Waiting {
  urgency: number;
  /** The order of coming. */
  place: number;
  work: object | undefined;
  nowOrNever: boolean;
  go: () => void;
  refuse: (error: HubSpotRateLimited) => void;
}

/**
 * The calls that wait for a portal's budget, the most urgent first. Few wait at the same time: what finds too many
 * before it is refused at once, and comes again when its turn may be, so that one portal never holds every slot.
 * `now`: ms of a clock that never jumps.
 */
export const createCallBudget = (
  { perSecond, ledger, asker }: CallBudgetOptions,
  now: () => number = () => performance.now(),
): CallBudget => {
  const begun = new WeakSet<object>();
  let limit = perSecond;
  let waiting: Waiting[] = [];
  let came = 0;
  /** Leased, and not made. */
  let spare = { calls: 0, until: 0 };
  /** When each call of the last lease was made. */
  let made: { at: number }[] = [];
  let isAsking = false;
  let again: { timer: NodeJS.Timeout; limit: number } | null = null;
  let closedUntil = 0;
  /** Those that were refused will be back by then. */
  let promisedUntil = 0;

  const limitOf = (urgency: number): number => limit - Math.floor(limit * (LEFT_TO_OTHERS[urgency] ?? 0));

  const refusal = (): HubSpotRateLimited => {
    const closedForMs = Math.ceil(closedUntil - now());
    if (closedForMs > 0) return new HubSpotRateLimited(HUBSPOT_REFUSES, closedForMs);
    const turnsMs = (CALLS_OF_AN_ACTIVITY * 1_000) / limit;
    promisedUntil = Math.max(promisedUntil, now() + (waiting.length * 1_000) / limit) + turnsMs;
    const awayMs = Math.round(Math.min(Math.max(promisedUntil - now(), LEAST_AWAY_MS), MOST_AWAY_MS));
    promisedUntil = Math.min(promisedUntil, now() + MOST_AWAY_MS);
    return new HubSpotRateLimited(`Other calls of this portal go first: at most ${limit} are made each second`, awayMs);
  };

  const notNow = (): HubSpotRateLimited =>
    new HubSpotRateLimited(
      closedUntil > now()
        ? HUBSPOT_REFUSES
        : `No call of this portal is free at once: at most ${limit} are made each second`,
      LEAST_AWAY_MS,
    );

  const refuse = (one: Waiting): void => one.refuse(one.nowOrNever ? notNow() : refusal());

  const leave = (one: Waiting): void => {
    waiting = waiting.filter((other) => other !== one);
  };

  /** Of the calls that are now or never, refuses these. */
  const sendAway = (which: (one: Waiting) => boolean): void => {
    for (const one of waiting.filter((other) => other.nowOrNever && which(other))) {
      leave(one);
      refuse(one);
    }
  };

  const isAnybodyWaiting = (): boolean => waiting.some(({ nowOrNever }) => !nowOrNever);

  const refuseAll = (): void => {
    for (const one of waiting.splice(0)) refuse(one);
  };

  const inOrder = (): void => {
    waiting.sort((a, b) => a.urgency - b.urgency || a.place - b.place);
  };

  const isSpare = (): boolean => spare.calls > 0 && spare.until > now() && closedUntil <= now();

  const go = (work: object | undefined): void => {
    spare.calls -= 1;
    const call = { at: now() };
    made.push(call);
    // A process that is held up in between sends it later.
    setImmediate(() => {
      call.at = now();
    });
    if (work === undefined || begun.has(work)) return;
    begun.add(work);
    for (const other of waiting) if (other.work === work && isWaitedFor(other.urgency)) other.urgency = 0;
    inOrder();
  };

  const ask = async (): Promise<void> => {
    isAsking = true;
    if (isAnybodyWaiting()) sendAway(() => true);
    const askedAt = now();
    const asked = waiting.slice(0, AT_ONCE);
    const limits = asked.map(({ urgency }) => limitOf(urgency));
    const idle =
      ledger.isDear && waiting.length < AT_ONCE ? Array.from({ length: SPARE }, () => Math.floor(limit / 2)) : [];
    const [last = limit] = limits.slice(-1);
    const wanted = [...limits, ...idle.map((one) => Math.min(one, last))];
    const before = made;
    made = [];
    spare.calls = 0;
    const ages = before.map(({ at }) => Math.max(0, Math.floor(askedAt - at))).filter((age) => age < WINDOW_MS);
    try {
      const lease = await ledger.lease({ limits: wanted, made: ages });
      spare = { calls: lease.calls, until: askedAt + lease.forMs };
      if (lease.closedForMs > 0) closedUntil = Math.max(closedUntil, now() + lease.closedForMs);
      if (closedUntil > now() + PATIENCE_MS) refuseAll();
      for (let first = waiting[0]; first !== undefined && isSpare(); first = waiting[0]) {
        leave(first);
        go(first.work);
        first.go();
      }
      sendAway((one) => isAnybodyWaiting() || asked.includes(one));
      // What came meanwhile is asked for at once too.
      if (waiting.length > 0 && !isAnybodyWaiting()) return await ask();
      isAsking = false;
      askAgainIn(Math.max(lease.closedForMs, lease.retryInMs, (lease.calls * REST * 1_000) / limit));
    } catch (error) {
      isAsking = false;
      for (const one of waiting.splice(0)) one.refuse(new HubSpotRateLimited((error as Error).message, LEAST_AWAY_MS));
    }
  };

  const askAgainIn = (ms: number): void => {
    const [first] = waiting;
    if (!first) return;
    const inMs = Math.max(1, Math.min(Math.ceil(ms), ASK_AGAIN_MS));
    again = {
      limit: limitOf(first.urgency),
      timer: setTimeout(() => {
        again = null;
        if (waiting.length > 0 && !isAsking) void ask();
      }, inMs),
    };
  };

  const wake = (): void => {
    const [first] = waiting;
    if (isAsking || !first) return;
    // Those that wait have been answered: only one that may go sooner is worth another question.
    if (again !== null && limitOf(first.urgency) <= again.limit) return;
    if (again !== null) clearTimeout(again.timer);
    again = null;
    isAsking = true;
    // What comes in the same moment is asked for together.
    setImmediate(() => void ask());
  };

  return {
    async take() {
      const { urgency: itsUrgency, work, nowOrNever = false } = asker();
      const isBegun = work !== undefined && begun.has(work);
      const urgency = nowOrNever ? NOW_OR_NEVER[isBegun ? 'begun' : 'first'] : itsUrgency;
      const patienceMs = isBegun ? PATIENCE_BEGUN_MS : PATIENCE_MS;
      if (nowOrNever && (closedUntil > now() || isAnybodyWaiting())) throw notNow();
      if (closedUntil > now() + patienceMs) throw refusal();
      if (waiting.length === 0 && isSpare()) return go(work);
      await new Promise<void>((resolve, reject) => {
        came += 1;
        const timer = setTimeout(() => {
          leave(one);
          refuse(one);
        }, patienceMs);
        const settled = (settle: () => void): void => {
          clearTimeout(timer);
          settle();
        };
        const one: Waiting = {
          urgency: isBegun && isWaitedFor(urgency) ? 0 : urgency,
          place: came,
          work,
          nowOrNever,
          go: () => settled(resolve),
          refuse: (error) => settled(() => reject(error)),
        };
        waiting.push(one);
        inOrder();
        // Those that are refused make room for what is more urgent, but never what has begun and is waited for.
        const last = waiting.at(-1);
        if (waiting.length > limit && last && last.urgency > 0) {
          leave(last);
          refuse(last);
        }
        wake();
      });
    },

    refused(forMs) {
      closedUntil = Math.max(closedUntil, now() + forMs);
      spare.calls = 0;
      if (forMs > PATIENCE_MS) refuseAll();
      void ledger.close(Math.ceil(forMs));
    },

    learn(calls, withinMs) {
      const itsLimit = Math.max(1, Math.floor((calls * 1_000) / withinMs));
      if (Number.isFinite(itsLimit)) limit = Math.min(perSecond, itsLimit);
    },
  };
};
