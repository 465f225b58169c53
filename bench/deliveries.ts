import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { WebhookEvent } from '../dev/simulator/webhooks/events.ts';
import { signatureHeaders } from '../dev/simulator/webhooks/signature.ts';

export interface Target {
  /** Signed, and called unless `deliverTo` says otherwise. */
  url: string;
  deliverTo?: string;
  secret: string;
  inFlight: number;
}

export interface Sent {
  seconds: number;
  /** From the request to its 200, in ms. */
  ackMs: number[];
  /** Answers other than 200, by status, and `no answer`; each of these deliveries came again a second later. */
  refused: Record<string, number>;
}

/** Sends deliveries as HubSpot does, signed and so many at once, each until it is acknowledged. */
export const sendAll = async (
  deliveries: WebhookEvent[][],
  { url, deliverTo = url, secret, inFlight }: Target,
): Promise<Sent> => {
  const sent: Sent = { seconds: 0, ackMs: [], refused: {} };
  const begin = performance.now();
  const send = async (events: WebhookEvent[]): Promise<void> => {
    for (;;) {
      const body = JSON.stringify(events);
      const headers = signatureHeaders('v3', { secret, url, body, timestamp: Date.now() });
      const at = performance.now();
      const { status } = await fetch(deliverTo, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }).then(
        async (response) => {
          await response.arrayBuffer();
          return response;
        },
        () => ({ status: 'no answer' }),
      );
      if (status === 200) {
        sent.ackMs.push(performance.now() - at);
        return;
      }
      sent.refused[status] = (sent.refused[status] ?? 0) + 1;
      await sleep(1_000);
    }
  };
  await pMap(deliveries, send, { concurrency: inFlight });
  sent.seconds = (performance.now() - begin) / 1_000;
  return sent;
};
