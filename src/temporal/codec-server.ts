import { createHash, timingSafeEqual } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { z } from 'zod';
import { PayloadKeyMissing, PayloadMisplaced, PayloadUnreadable } from './payload-codec.ts';

export interface CodecServerOptions {
  codec: PayloadCodec;
  /** Callers have to send it as `Authorization: Bearer …`; without it anyone who reaches the server may call. */
  token: string | undefined;
  /** The only web origins that may call: the Temporal Web UI's. */
  uiOrigins: readonly string[];
}

/** A history's page of payloads, each at most 2 MiB, and a third more in base64. */
const MAX_BODY = '32mb';

const base64 = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

// `temporal workflow metadata` sends an object without payloads.
const payloadsSchema = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), base64).nullish(), data: base64.nullish() }))
    .nullish()
    .transform((payloads) => payloads ?? []),
});

const toJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  ),
  ...(data ? { data: Buffer.from(data).toString('base64') } : {}),
});

const refuse = (status: number, message: string): RequestHandler => {
  return (_request, response) => {
    response.status(status).json({ message });
  };
};

// Digests have equal length whatever was sent, so the time says nothing about the token.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const authorized = (token: string | undefined): RequestHandler => {
  const expected = digest(`Bearer ${token}`);
  const refused = refuse(401, 'Send Authorization: Bearer and the CODEC_SERVER_TOKEN (temporal --codec-auth).');
  return (request, response, next) => {
    const isRight = timingSafeEqual(digest(request.headers.authorization ?? ''), expected);
    if (token === undefined || isRight) return next();
    response.set('WWW-Authenticate', 'Bearer');
    return refused(request, response, next);
  };
};

/**
 * Browsers name the page that calls. Another page than the Web UI is refused, not only kept from the answer: a server
 * on the loopback address asks for no token, and any page could call it.
 */
const onlyFrom = (uiOrigins: readonly string[]): RequestHandler => {
  const refused = refuse(403, 'Only the Temporal Web UI may call from a browser: see CODEC_SERVER_UI_ORIGIN.');
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origin === undefined) return next();
    if (!uiOrigins.includes(origin)) return refused(request, response, next);
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
      Vary: 'Origin',
    });
    if (request.method === 'OPTIONS') return response.sendStatus(204);
    return next();
  };
};

/**
 * The Web UI and the `temporal` command name the namespace, and not the run. Of the workflow nothing is known, which
 * leaves a payload that is encrypted here bound to its namespace alone, and of one that is decrypted the id uncompared.
 */
const contextOf = (namespace: string | undefined): SerializationContext | undefined =>
  namespace ? { type: 'activity', namespace, isLocal: false } : undefined;

const through =
  (work: PayloadCodec['encode']): RequestHandler =>
  async (request, response) => {
    const { success, data } = payloadsSchema.safeParse(request.body);
    if (!success) {
      response.status(400).json({ message: 'Send {"payloads": [{"metadata": {…}, "data": "…"}]}, both in base64.' });
      return;
    }
    const payloads = await work(data.payloads as Payload[], contextOf(request.get('X-Namespace')));
    response.json({ payloads: payloads.map(toJson) });
  };

const OF_PAYLOADS = [PayloadKeyMissing, PayloadUnreadable, PayloadMisplaced];

// What can't be decrypted names its key; of anything else the status is all that a caller needs.
const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (OF_PAYLOADS.some((kind) => error instanceof kind)) {
    response.status(422).json({ message: error.message });
    return;
  }
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  response
    .status(status)
    .json({ message: status < 500 ? 'The body is no JSON, or too large.' : 'Something went wrong.' });
};

/**
 * A remote codec as Temporal's Web UI and CLI use it: `POST /encode` and `POST /decode`, payloads as JSON in both
 * directions. Whoever may call it can read everything that Temporal stores of the deployment. It logs nothing of what
 * passes through. (Temporal: remote data encoding.)
 */
export const createCodecServer = ({ codec, token, uiOrigins }: CodecServerOptions): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use(onlyFrom(uiOrigins), authorized(token), express.json({ limit: MAX_BODY }));
  app.post('/encode', through(codec.encode));
  app.post('/decode', through(codec.decode));
  app.use(refuse(404, 'Nothing is here: POST to /encode or /decode.'));
  app.use(answerErrors);
  return app;
};
