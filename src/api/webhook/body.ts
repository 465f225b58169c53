import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { MIMEType } from 'node:util';
import type { Response } from 'express';
import type { HeldBody } from './in-flight.ts';
import { Refused } from './refusals.ts';

/** HubSpot sends up to 100 events at once, and a property's value alone may have 65,536 characters. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** HubSpot hangs up after 5 s: a body that takes longer is nobody's who would still hear the answer. */
export const BODY_DEADLINE_MS = 5000;

/**
 * A chunk takes more than its bytes: memory beside them, and a call. In chunks of a byte each, 8 MiB would take more
 * than a gigabyte.
 */
const CHUNK_LEAST_BYTES = 1024;
const MAX_CHUNKS = MAX_BODY_BYTES / CHUNK_LEAST_BYTES;

const isJson = (contentType: string | undefined): boolean => {
  try {
    const type = new MIMEType(contentType ?? '');
    const charset = type.params.get('charset')?.toLowerCase() ?? 'utf-8';
    return type.essence === 'application/json' && (charset === 'utf-8' || charset === 'utf8');
  } catch {
    return false;
  }
};

const isEncoded = (contentEncoding: string | undefined): boolean =>
  (contentEncoding ?? 'identity').trim().toLowerCase() !== 'identity';

/**
 * Refuses what the head of a request says is no delivery, before any of its body is read. Compressed bodies are refused
 * rather than unpacked: HubSpot sends none, and a small one can hide a very large one.
 * @throws {Refused} `unsupported-media-type` or `too-large`
 */
export const refuseByHead = (headers: IncomingHttpHeaders): void => {
  if (!isJson(headers['content-type']) || isEncoded(headers['content-encoding'])) {
    throw new Refused('unsupported-media-type');
  }
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new Refused('too-large');
};

/**
 * Gives the raw bytes of a request's body, in the pieces in which they came: the signature is over these. Each piece is
 * counted in `held`. However it ends, nothing of the request is read on afterwards.
 * @throws {Refused} `too-large`, `too-slow`, `incomplete` where the caller hung up, or why `held` was dropped
 */
export const readBody = (
  request: IncomingMessage,
  held: HeldBody,
  { deadlineMs = BODY_DEADLINE_MS }: { deadlineMs?: number } = {},
): Promise<Uint8Array[]> =>
  new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    const timer = setTimeout(() => fail(new Refused('too-slow')), deadlineMs);
    const stop = (): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', succeed).off('error', broken).off('close', broken);
      held.dropped.removeEventListener('abort', dropped);
    };
    const fail = (refused: Refused): void => {
      stop();
      request.pause();
      // The end of a connection that is refused already is news to nobody, and an error that nobody hears ends the
      // process.
      request.on('error', () => {});
      reject(refused);
    };
    const succeed = (): void => {
      stop();
      held.complete();
      resolve(pieces);
    };
    const broken = (cause?: unknown): void => fail(new Refused('incomplete', { cause }));
    const dropped = (): void => fail(held.dropped.reason);
    const take = (piece: Uint8Array): void => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > MAX_BODY_BYTES || pieces.length > MAX_CHUNKS) fail(new Refused('too-large'));
      else held.grow(Math.max(piece.length, CHUNK_LEAST_BYTES));
    };
    held.dropped.addEventListener('abort', dropped);
    request.on('data', take).on('end', succeed).on('error', broken).on('close', broken);
    if (request.destroyed && !request.readableEnded) broken();
  });

/** Says whether a request brings a body, as its head says. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Says whether a request has a body that nobody has read to its end. */
export const hasUnreadBody = (request: IncomingMessage): boolean => hasBody(request) && !request.readableEnded;

/** A caller has so long to read an answer before its connection ends, in ms. */
const LAST_WORD_MS = 1000;
/** The server throws away so much of what still comes meanwhile; the rest stays with the caller. */
const LAST_WORD_BYTES = 256 * 1024;

/**
 * Answers with JSON before the body has been read, and ends the connection: what still comes is nobody's. A connection
 * that ends while the caller sends takes the answer with it, so a little is thrown away first, for a moment.
 */
export const answerUnread = async (request: IncomingMessage, response: Response, answer: unknown): Promise<void> => {
  const text = JSON.stringify(answer);
  response
    .set('Connection', 'close')
    .type('json')
    .set('Content-Length', String(Buffer.byteLength(text)));
  response.write(text);
  // For whoever measures how long an answer takes: all of it is out.
  response.emit('answered');
  // Who waits for "100 Continue" sends nothing.
  if (request.headers.expect === undefined) {
    const over = new AbortController();
    let bytes = 0;
    request
      .on('data', (piece: Uint8Array) => {
        bytes += piece.length;
        if (bytes > LAST_WORD_BYTES) request.pause();
      })
      .on('error', () => over.abort())
      .once('end', () => over.abort())
      .once('close', () => over.abort());
    response.once('close', () => over.abort());
    request.resume();
    await sleep(LAST_WORD_MS, undefined, { signal: over.signal, ref: false }).catch(() => {});
  }
  response.end();
};
