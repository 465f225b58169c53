import { MIMEType } from 'node:util';
import express, { type RequestHandler } from 'express';
import { Refused } from './refusals.ts';

/** HubSpot sends up to 100 events at once, and a property's value alone may have 65,536 characters. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

const isJson = (contentType: string | undefined): boolean => {
  try {
    const type = new MIMEType(contentType ?? '');
    const charset = type.params.get('charset')?.toLowerCase() ?? 'utf-8';
    return type.essence === 'application/json' && (charset === 'utf-8' || charset === 'utf8');
  } catch {
    return false;
  }
};

const onlyJson: RequestHandler = (request, _response, next) => {
  next(isJson(request.headers['content-type']) ? undefined : new Refused('unsupported-media-type'));
};

/**
 * Leaves the raw bytes of a JSON request in `request.body` (no body at all: `undefined`). The signature is over these.
 * Compressed bodies are refused rather than unpacked: HubSpot sends none, and a small one can hide a very large one.
 * @throws {Refused} `unsupported-media-type`; and body-parser's errors, with their `status`.
 */
export const rawJsonBody: RequestHandler[] = [
  onlyJson,
  express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }),
];

/** What a body that could not be read is refused with; `null` where the error is about something else. */
export const bodyRefusal = (error: unknown): Refused | null => {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return new Refused('too-large', { cause: error });
  if (status === 415) return new Refused('unsupported-media-type', { cause: error });
  return status === 400 ? new Refused('incomplete', { cause: error }) : null;
};
