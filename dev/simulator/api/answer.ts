import type { Response } from 'express';
import { failure, type HubSpotError, notFound, rateLimited } from './errors.ts';
import type { FaultKind } from './faults.ts';

/** Half-way between asking and being answered: what a fault may do to an answer. */
interface Sendable {
  status: number;
  body: unknown;
}

export const sendError = (response: Response, { status, headers, body }: HubSpotError): void => {
  response.status(status).set(headers).json(body);
};

const retryAfterHeader = (retryAfter: number | string | undefined): Record<string, string> =>
  retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };

const HTML_ERROR = '<html><head><title>Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/**
 * Carries out a fault that strikes before the call has any effect.
 * @returns false for a fault that strikes later, or none: then the call goes on.
 */
export const failBefore = (fault: FaultKind | null, response: Response): boolean => {
  switch (fault?.kind) {
    case 'rate-limit':
      sendError(response, rateLimited(fault.policy ?? 'TEN_SECONDLY_ROLLING', fault.retryAfter));
      return true;
    case 'status':
      sendError(response, failure(fault.status, retryAfterHeader(fault.retryAfter), fault.says));
      return true;
    case 'not-found':
      sendError(response, notFound('Resource'));
      return true;
    case 'html':
      response
        .status(fault.status ?? 502)
        .type('html')
        .send(HTML_ERROR);
      return true;
    case 'redirect':
      response.redirect(302, fault.location);
      return true;
    case 'reset-before':
      response.socket?.resetAndDestroy();
      return true;
    case 'hang':
      return true;
    case 'reset-after':
    case 'half-written':
    case 'commit-then-fail':
    case 'commit-then-hang':
    case 'slow':
    case 'held':
    case 'rewrite':
    case undefined:
      return false;
  }
};

const sendHalf = (response: Response, { status, body }: Sendable): void => {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.socket?.destroy());
};

const send = (response: Response, { status, body }: Sendable): void => {
  if (body === undefined) response.status(status).end();
  else response.status(status).json(body);
};

/** Sends the answer of a call that had its effect, as far as the fault lets it. */
export const sendAnswer = async (
  answer: Sendable,
  fault: FaultKind | null,
  response: Response,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<void> => {
  switch (fault?.kind) {
    case 'reset-after':
      response.socket?.resetAndDestroy();
      return;
    case 'commit-then-hang':
      return;
    case 'half-written':
      sendHalf(response, answer);
      return;
    case 'commit-then-fail':
      sendError(response, failure(fault.status ?? 500));
      return;
    case 'rewrite':
      // Sent as text, so that the description isn't asked.
      response
        .status(answer.status)
        .type('json')
        .send(JSON.stringify(fault.rewrite(answer.body)));
      return;
    case 'slow':
      await wait(fault.delayMs);
      send(response, answer);
      return;
    case 'held':
      await fault.until;
      send(response, answer);
      return;
    default:
      send(response, answer);
  }
};
