import type { RequestHandler, Response } from 'express';
import type { Gauge } from 'prom-client';
import { RETRY_AFTER, Refused } from './refusals.ts';

/** What deliveries may take of this process, all together. */
export interface InFlightBounds {
  /** So many genuine ones at work at once. */
  deliveries: number;
  /** So many bytes of bodies in memory, genuine or not. */
  bodyBytes: number;
}

/**
 * Measured: 400 deliveries of 100 events at once are acknowledged within 3.7 s (p99), and a start has 4 s: with more, some
 * would wait in vain. HubSpot has up to 10 under way for a portal. Such a delivery has 30 to 60 kB, so the bytes bound only
 * what is much larger.
 */
export const IN_FLIGHT_BOUNDS: InFlightBounds = { deliveries: 400, bodyBytes: 64 * 1024 * 1024 };

const overloaded = (): Refused => new Refused('overloaded', { headers: { ...RETRY_AFTER, Connection: 'close' } });

/**
 * Refuses the delivery whose bytes would go past `bodyBytes`, so that memory stays bounded whatever comes: HubSpot brings it
 * again. Only what has arrived counts; who announces much and sends nothing takes nothing from others. The bytes are given
 * back when the answer is out or the connection gone.
 * @throws {Refused} `overloaded`, by `next`
 */
export const boundBodies = ({ bodyBytes }: InFlightBounds): RequestHandler => {
  let held = 0;
  return (request, response, next) => {
    let own = 0;
    let refused = false;
    request.on('data', (chunk: Uint8Array) => {
      if (refused) return;
      own += chunk.length;
      held += chunk.length;
      if (held <= bodyBytes) return;
      refused = true;
      next(overloaded());
    });
    response.once('close', () => {
      held -= own;
    });
    next();
  };
};

/** Goes no further with a delivery that {@link boundBodies} has refused at its last bytes. */
export const unlessRefused: RequestHandler = (_request, response, next) => {
  if (!response.headersSent) next();
};

/** Takes a place for a delivery at work, and gives it back when its answer is out. @throws {Refused} `overloaded`: none is left */
export type TakePlace = (response: Response) => void;

/** The places that genuine deliveries share; `inFlight` tells how many are taken. */
export const createPlaces = ({ deliveries }: InFlightBounds, inFlight: Gauge): TakePlace => {
  let taken = 0;
  return (response) => {
    if (taken >= deliveries) throw overloaded();
    taken += 1;
    inFlight.set(taken);
    response.once('close', () => {
      taken -= 1;
      inFlight.set(taken);
    });
  };
};
