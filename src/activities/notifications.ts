import { createHash } from 'node:crypto';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { Webhook } from 'standardwebhooks';
import type { PortalId } from '../hubspot/ids.ts';
import { retryAfterMs } from '../lib/retry-after.ts';
import type { Notification, NotificationLinks } from '../rules/notify/notification.ts';
import { slackBody, webhookBody } from '../rules/notify/payload.ts';

/** Where and how a portal notifies. */
export interface NotifyTarget {
  /** A secret too: with Slack's alone anyone can write there. */
  url: string;
  format: 'webhook' | 'slack';
  /** `whsec_…`: each signs, for while one is replaced both count. Slack needs none. */
  secrets: string[];
}

export interface NotificationActivities {
  /**
   * Sends one notification, under an id that is the same at every try. Throws while it may still arrive.
   * @throws {ApplicationFailure} `NotificationRefused`, not retryable: the receiver says no for good, or there is none
   */
  sendNotification(input: { notification: Notification; links: NotificationLinks }): Promise<void>;
}

/** A receiver gets so long to answer, in ms: the specification asks for 15 to 30 s. */
const TIMEOUT_MS = 15_000;

/** These of 4xx say "later": too slow, too early, too many. */
const PASSING = [408, 425, 429];

/** A notification as it goes out over HTTP. */
export interface OutgoingNotification {
  /** The same for the same notification: a receiver drops by it what it has had. */
  id: string;
  body: object;
}

/**
 * Posts it once, and follows no redirect. Signed by the Standard Webhooks specification, but for Slack.
 * @throws {ApplicationFailure} `NotificationRefused`, not retryable; `NotificationFailed`, with the time that the
 * receiver asks for. No message has the address in it.
 */
export const postNotification = async (
  { url, format, secrets }: NotifyTarget,
  { id, body }: OutgoingNotification,
  signal: AbortSignal = AbortSignal.timeout(TIMEOUT_MS),
): Promise<void> => {
  const text = JSON.stringify(body);
  const at = new Date();
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, text)).join(' '),
  };
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Threadkeeper',
      ...(format === 'webhook' ? signed : {}),
    },
    body: text,
    redirect: 'manual',
    signal,
  }).catch((error: Error) => {
    // The error's own words may have the address.
    const why = error.name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : 'it does not connect';
    const code = (error.cause as { code?: string } | undefined)?.code;
    throw failed(`NOTIFY_URL: ${why}${code ? ` (${code})` : ''}`);
  });
  await answer.body?.cancel();
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  if (status === 410) throw refused('NOTIFY_URL answers 410: it takes no notifications any more. Set another one');
  if (status >= 300 && status < 400)
    throw refused(`NOTIFY_URL answers ${status}: it redirects. Set the address that it leads to`);
  if (status >= 400 && status < 500 && !PASSING.includes(status))
    throw refused(`NOTIFY_URL answers ${status}: check the address, its format and secret`);
  throw failed(`NOTIFY_URL answers ${status}`, retryAfterMs(answer.headers.get('retry-after')));
};

const refused = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'NotificationRefused', nonRetryable: true, message });

const failed = (message: string, nextRetryDelay?: number): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'NotificationFailed',
    message,
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
  });

/** Puts a notification into the form that its receiver reads. */
export const bodyFor = (
  { format }: Pick<NotifyTarget, 'format'>,
  notification: Notification,
  links: NotificationLinks,
): object => (format === 'slack' ? slackBody(notification, links) : webhookBody(notification, links));

/** `targetOf`: where a portal notifies; `null`: nowhere. */
export const createNotificationActivities = (
  targetOf: (portalId: PortalId) => NotifyTarget | null,
): NotificationActivities => ({
  async sendNotification({ notification, links }) {
    const target = targetOf(notification.portalId);
    if (target === null) throw refused('This worker knows no NOTIFY_URL for the portal');
    const { info, cancellationSignal } = Context.current();
    const digest = createHash('sha256').update(info.workflowExecution?.workflowId ?? '');
    const id = `msg_${digest.digest('hex').slice(0, 32)}`;
    const signal = AbortSignal.any([cancellationSignal, AbortSignal.timeout(TIMEOUT_MS)]);
    await postNotification(target, { id, body: bodyFor(target, notification, links) }, signal);
  },
});
