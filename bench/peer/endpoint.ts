import express from 'express';
import type { WebhookEvent } from '../../dev/simulator/webhooks/events.ts';
import { verifySignature } from '../../src/hubspot/signature.ts';
import { CLIENT_SECRET } from '../../test/support/simulator.ts';
import type { Question } from './answering.ts';
import type { PeerSettings } from './settings.ts';

/** A question with its envelope. */
export interface Asked extends Question {
  event: WebhookEvent;
}

/**
 * A webhook endpoint as anybody would write it: verify, parse, hand on, and 200 once `accept` has it; 503 where that
 * fails.
 */
export const serveEndpoint = ({ port, publicUrl }: PeerSettings, accept: (asked: Asked[]) => unknown): void => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/readyz', (_request, response) => {
    response.end();
  });
  app.post('/webhooks/hubspot', express.raw({ type: 'application/json', limit: '8mb' }), async (request, response) => {
    const { method, headersDistinct: headers, body } = request;
    const rules = { secrets: [{ secret: CLIENT_SECRET, portalIds: null }], publicUrl, allowV1: false, now: Date.now() };
    if (!verifySignature({ method, headers, body }, rules).genuine) {
      response.status(401).end();
      return;
    }
    const events: WebhookEvent[] = JSON.parse(body.toString());
    try {
      await accept(
        events.map((event) => ({ threadId: String(event.objectId), messageId: String(event.messageId), event })),
      );
      response.json({ accepted: events.length });
    } catch (error) {
      process.stderr.write(`${error}\n`);
      response.status(503).end();
    }
  });
  app.listen(port, '127.0.0.1');
};
