import { log } from '@temporalio/workflow';
import { linksOf } from '../../rules/notify/notification.ts';
import { type NotifyResult, notifyRun } from '../../runs/notify.ts';
import { failureReason, isFinal } from '../shared/activity-failures.ts';
import { notifications, portalSettings } from '../shared/activity-options.ts';
import { parseNotify } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/**
 * Notifies people outside of one thing, once: as a webhook, or in the form of Slack. It is tried for a day, unless
 * it is refused for good. What it is about goes on without it.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function notify(input: unknown): Promise<NotifyResult> {
  const notification = parseNotify(input);
  const { portalId, event, channel } = notification;
  const settings = await portalSettings(portalId);
  const story = new RunStory<NotifyResult>(notifyRun.about(notification));
  if (channel !== undefined) story.onChannel(channel);
  // Settings may have changed since it was started.
  if (!settings.notify?.events.includes(event)) return story.end({ outcome: 'skipped', reason: 'not-wanted' });
  const links = linksOf(notification, settings.links);
  try {
    await notifications.sendNotification(event, { notification, links });
    return story.end({ outcome: 'notified' });
  } catch (error) {
    const reason = failureReason(error);
    log.error('Nobody was notified', { portalId, event, reason });
    return story.end({ outcome: isFinal(error) ? 'refused' : 'gave-up', reason });
  }
}
