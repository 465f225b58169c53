import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createNotificationActivities, type NotifyTarget } from '../../src/activities/notifications.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { attempt } from '../support/activities.ts';
import { freePort } from '../support/free-port.ts';
import { type Received, startReceiver } from '../support/receiver.ts';

const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', `whsec_${Buffer.alloc(32, 7).toString('base64')}`];
const receiver = await startReceiver();
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers.length = 0;
});

const notification = {
  portalId: '62515' as PortalId,
  event: 'budget',
  about: 'daily-2026-03-01',
  at: 1_700_000_000_000,
  reason: 'daily-budget',
} as const;

const send = (target: Partial<NotifyTarget> = {}) => {
  const { sendNotification } = createNotificationActivities(() => ({
    ...{ url: receiver.url, format: 'webhook', secrets: SECRETS },
    ...target,
  }));
  return attempt(1).run(() => sendNotification({ notification, links: {} }));
};

const only = (): Received => {
  const [received] = receiver.received;
  if (!received) throw new Error('nothing came');
  return received;
};

describe('a webhook', () => {
  it('is signed by each secret, as the specification has it', async () => {
    await send();
    const { headers, text } = only();
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toMatchObject({ type: 'budget' });
    }
    // The same by hand: the library signs here and there.
    const key = Buffer.from((SECRETS[0] ?? '').slice('whsec_'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
    const byHand = createHmac('sha256', key).update(signed).digest('base64');
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/=]+ v1,[\w+/=]+$/);
    expect(String(headers['webhook-signature']).split(' ')[0]).toBe(`v1,${byHand}`);
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('has the same id at each try', async () => {
    receiver.answers.push({ status: 500 });
    await expect(send()).rejects.toMatchObject({ type: 'NotificationFailed', nonRetryable: false });
    await send();
    const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(first).toMatch(/^msg_[\da-f]{32}$/);
    expect(second).toBe(first);
  });
});

it('Slack gets its own form, unsigned', async () => {
  await send({ format: 'slack', secrets: [] });
  const { headers, text } = only();
  expect(Object.keys(headers).filter((name) => name.startsWith('webhook-'))).toEqual([]);
  expect(JSON.parse(text)).toMatchObject({ text: expect.any(String), blocks: expect.any(Array) });
});

describe('an answer', () => {
  it.each([429, 503, 502, 408])('of %i is tried again, after the time that it asks for', async (status) => {
    receiver.answers.push({ status, headers: { 'retry-after': '120' } });
    await expect(send()).rejects.toMatchObject({
      type: 'NotificationFailed',
      nonRetryable: false,
      nextRetryDelay: 120_000,
    });
  });

  it.each([400, 401, 403, 404, 410, 302])('of %i ends it', async (status) => {
    receiver.answers.push({ status, headers: { location: `${receiver.url}/elsewhere` } });
    await expect(send()).rejects.toMatchObject({
      type: 'NotificationRefused',
      nonRetryable: true,
      message: expect.stringContaining(`NOTIFY_URL answers ${status}`),
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('that never comes names no address', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const error = await send({ url: `${nobody}/a-secret` }).catch((failure: Error) => failure);
    expect(error).toMatchObject({ type: 'NotificationFailed', message: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify([error, String((error as Error).cause)])).not.toMatch(/a-secret|127\.0\.0\.1/);
  });
});

it('a worker that knows no address says so, for good', async () => {
  const { sendNotification } = createNotificationActivities(() => null);
  await expect(attempt(1).run(() => sendNotification({ notification, links: {} }))).rejects.toMatchObject({
    type: 'NotificationRefused',
  });
});
