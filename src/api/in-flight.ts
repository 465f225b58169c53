import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Gauge } from 'prom-client';
import { MAX_BODY_BYTES } from './body.ts';
import { RETRY_AFTER, Refused } from './refusals.ts';

/** What deliveries may take of this process, all together. */
export interface InFlightBounds {
  /** So many at work at once. */
  requests: number;
  /** So many bytes of bodies, whether they have come yet or not. */
  bodyBytes: number;
}

/**
 * Measured: 400 deliveries of 100 events at once are acknowledged within 3.7 s (p99), and a start has 4 s: with more, some
 * would wait in vain. HubSpot has up to 10 under way for a portal. Such a delivery has 30 to 60 kB, so the bytes bound only
 * what is much larger.
 */
export const IN_FLIGHT_BOUNDS: InFlightBounds = { requests: 400, bodyBytes: 64 * 1024 * 1024 };

/** What a body may come to: as announced, else as much as is taken at all. */
const announcedBytes = ({ headers }: IncomingMessage): number => {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return Number.isNaN(length) ? MAX_BODY_BYTES : Math.min(length, MAX_BODY_BYTES);
};

/**
 * Refuses a delivery at once where it would go past `bounds`, before any of its body is read: HubSpot brings it again, and
 * memory stays bounded whatever comes. A place is given back when the answer is out or the connection gone; `inFlight` tells
 * how many are taken.
 * @throws {Refused} `overloaded`
 */
export const boundInFlight = (bounds: InFlightBounds, inFlight: Gauge): RequestHandler => {
  let requests = 0;
  let bodyBytes = 0;
  return (request, response, next) => {
    const bytes = announcedBytes(request);
    if (requests >= bounds.requests || bodyBytes + bytes > bounds.bodyBytes) {
      throw new Refused('overloaded', { headers: RETRY_AFTER });
    }
    requests += 1;
    bodyBytes += bytes;
    inFlight.set(requests);
    response.once('close', () => {
      requests -= 1;
      bodyBytes -= bytes;
      inFlight.set(requests);
    });
    next();
  };
};
