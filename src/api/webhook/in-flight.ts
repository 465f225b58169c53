import type { Response } from 'express';
import type { Gauge } from 'prom-client';
import { MAX_BODY_BYTES } from './body.ts';
import { RETRY_AFTER, Refused } from './refusals.ts';

/** Deliveries may take this of this process, all together. */
export interface InFlightBounds {
  /** At most this many genuine ones are at work at once. */
  deliveries: number;
  /** Bodies may take this many bytes of memory, genuine or not. */
  bodyBytes: number;
}

/**
 * Measured: 400 deliveries of 100 events at once are acknowledged within 3.7 s (p99), and a start has 4 s: with more,
 * some would wait in vain. HubSpot has up to 10 under way for a portal. Such a delivery has 30 to 60 kB, so the bytes
 * bound only what is much larger.
 */
export const IN_FLIGHT_BOUNDS: InFlightBounds = { deliveries: 400, bodyBytes: 64 * 1024 * 1024 };

/** Four times what 100 events without long values have. */
const SMALL_BODY_BYTES = 256 * 1024;
/** This part of all bytes is for small bodies only. */
const RESERVED_PART = 1 / 4;

const overloaded = (): Refused => new Refused('overloaded', { headers: { ...RETRY_AFTER, Connection: 'close' } });

/** A body that is being read, or was read and is at work. */
export interface HeldBody {
  /** Counts what has come. May drop this body or others, so that all of them stay within bounds. */
  grow(bytes: number): void;
  /** Aborted when this body was dropped; its reason is the {@link Refused} to answer. */
  dropped: AbortSignal;
  /** All of it has come: from now on it isn't dropped any more. */
  complete(): void;
}

interface Counted {
  bytes: number;
  sinceMs: number;
  /** `null`: it is complete. */
  drop: AbortController | null;
}

/**
 * Gives `use` a place among the bodies in memory; what it takes is given back when `use` has ended, however it ends.
 */
export type HoldBody = <T>(use: (body: HeldBody) => Promise<T>) => Promise<T>;

/**
 * Bounds the bytes of all bodies together. Only what has come counts: who announces much and sends nothing takes
 * nothing from others. When there is no room, the unfinished body that has taken the most for the longest is dropped: a
 * newcomer has taken little, for a moment. A part of the room is for small bodies only.
 *
 * `bytesHeld` shows the sum.
 */
export const createBodies = (
  { bodyBytes }: InFlightBounds,
  bytesHeld: Gauge,
  now = () => performance.now(),
): HoldBody => {
  const bodies = new Set<Counted>();
  const forLarge = Math.max(bodyBytes * (1 - RESERVED_PART), Math.min(bodyBytes, MAX_BODY_BYTES));
  // Kept, not summed up each time: a chunk comes every few microseconds.
  const held = { small: 0, large: 0 };
  const sizeOf = ({ bytes }: Counted): keyof typeof held => (bytes > SMALL_BODY_BYTES ? 'large' : 'small');

  const resize = (body: Counted, bytes: number): void => {
    held[sizeOf(body)] -= body.bytes;
    body.bytes = bytes;
    held[sizeOf(body)] += bytes;
    bytesHeld.set(held.small + held.large);
  };
  const remove = (body: Counted): void => {
    if (!bodies.delete(body)) return;
    resize(body, 0);
  };
  const burden = ({ bytes, sinceMs }: Counted, atMs: number): number => bytes * (1 + atMs - sinceMs);
  /** Says whether one was found. */
  const dropWorst = (among: (body: Counted) => boolean): boolean => {
    const atMs = now();
    let worst: Counted | undefined;
    for (const body of bodies) {
      if (!body.drop || !among(body)) continue;
      if (!worst || burden(body, atMs) > burden(worst, atMs)) worst = body;
    }
    if (!worst) return false;
    remove(worst);
    worst.drop?.abort(overloaded());
    return true;
  };
  const makeRoom = (): void => {
    while (held.large > forLarge && dropWorst((body) => sizeOf(body) === 'large'));
    while (held.small + held.large > bodyBytes && dropWorst(() => true));
  };

  return async (use) => {
    const drop = new AbortController();
    const body: Counted = { bytes: 0, sinceMs: now(), drop };
    bodies.add(body);
    try {
      return await use({
        grow: (bytes) => {
          // One that was dropped counts no more, whatever comes of it.
          if (!bodies.has(body)) return;
          resize(body, body.bytes + bytes);
          makeRoom();
        },
        dropped: drop.signal,
        complete: () => {
          body.drop = null;
        },
      });
    } finally {
      remove(body);
    }
  };
};

/**
 * Takes a place for a delivery at work. It is given back when `work` has ended, or the caller is gone.
 * @throws {Refused} `overloaded`: none is left
 */
export type TakePlace = <T>(response: Response, work: () => Promise<T>) => Promise<T>;

/** The places that genuine deliveries share; `inFlight` says how many are taken. */
export const createPlaces = ({ deliveries }: InFlightBounds, inFlight: Gauge): TakePlace => {
  const taken = new Set<Response>();
  return async (response, work) => {
    if (taken.size >= deliveries) throw overloaded();
    const giveBack = (): void => {
      taken.delete(response);
      inFlight.set(taken.size);
    };
    taken.add(response);
    inFlight.set(taken.size);
    response.once('close', giveBack);
    try {
      return await work();
    } finally {
      response.off('close', giveBack);
      giveBack();
    }
  };
};
