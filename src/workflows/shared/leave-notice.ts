import { workflowInfo } from '@temporalio/workflow';
import type { Notification } from '../../rules/notify/notification.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { utcDay } from '../../rules/utc-day.ts';
import { notifyRun } from '../../runs/notify.ts';
import type { AttentionCause } from '../../runs/outcomes.ts';
import type { About } from '../../runs/run-type.ts';
import { leaveBehind } from './leave-behind.ts';

/** A run's settings, as far as they say who is notified of what. */
export type Notifying = Pick<PortalSettings, 'portalId' | 'notify'>;

/**
 * Leaves a run behind that notifies people outside, where the portal wants that: settings that say nothing of it start
 * nothing, in runs of earlier versions too. Waits for nothing, and never fails: what could not be started is a step of
 * the story.
 */
export const leaveNotice = (
  settings: Notifying,
  story: { step(step: string): void },
  { event, words, ...facts }: Omit<Notification, 'portalId' | 'at'>,
): void => {
  const { notify, portalId } = settings;
  if (!notify?.events.includes(event)) return;
  const notification = {
    run: workflowInfo().workflowId,
    ...facts,
    ...{ portalId, event, at: Date.now() },
    ...(notify.showText && words !== undefined ? { words } : {}),
  };
  leaveBehind(notifyRun, notification).catch((error: unknown) => {
    story.step(`nobody is notified (${event}): ${error instanceof Error ? error.message : String(error)}`);
  });
};

/** What a run is about, of whichever type it is: a handoff's trouble is that of the message's own run. */
const subjectOf = ({ threadId, detail = '' }: About): string => `${threadId ?? ''}-${detail.split(' ').at(-1)}`;

/** The same for a run that a person has to look at, once for each cause; `reason` as in the run's story. */
export const noticeOfAlarm = (
  settings: Notifying,
  story: { step(step: string): void },
  about: About,
  { cause, reason, channel }: { cause: AttentionCause; reason: string; channel: string | null },
): void => {
  const { threadId, ticketId } = about;
  leaveNotice(settings, story, {
    event: cause === 'not-picked-up' ? cause : 'needs-attention',
    about: `${subjectOf(about)}:${cause}`,
    reason: cause,
    detail: reason,
    ...(threadId === undefined ? {} : { threadId }),
    ...(ticketId ? { ticketId } : {}),
    ...(channel === null ? {} : { channel }),
  });
};

/** The same for the portal's budget of the day, once a day. */
export const noticeOfBudget = (settings: Notifying, story: { step(step: string): void }, detail: string): void => {
  leaveNotice(settings, story, {
    event: 'budget',
    about: `daily-${utcDay(Date.now())}`,
    reason: 'daily-budget',
    detail,
  });
};
