import { channelName } from '../../hubspot/channels.ts';
import type { Thread } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import type { PortalSettings } from '../settings.ts';
import { autonomyOn, speaksToCustomers } from '../speaking/autonomy.ts';
import { assigneeFor } from './assignee.ts';
import { nextOpening } from './business-hours.ts';
import type { Closed } from './customer-notice.ts';
import type { HandoffReason } from './handoff-reason.ts';
import type { OutOfHours } from './handoff-settings.ts';

/** What a handoff may do at a moment on a channel. */
export interface Circumstances {
  /** Agents see every thread there, and nothing of it is changed but by their own hand. */
  onlyComments: boolean;
  /** Outside of business hours; `null`: agents are there. */
  closed: Closed | null;
  /** What is done of the handoff now, and what once agents are there. */
  outOfHours: OutOfHours;
}

/** Gives the circumstances of a handoff at this moment, in ms since the epoch. */
export const circumstancesOf = (settings: PortalSettings, channelId: string | null, now: number): Circumstances => {
  const { handoff, timeZone = 'UTC' } = settings;
  const onlyComments = !speaksToCustomers(autonomyOn(settings, channelId));
  const opening = handoff.hours ? nextOpening(now, handoff.hours, timeZone) : now;
  if (opening === null || opening <= now) return { onlyComments, closed: null, outOfHours: 'now' };
  const outOfHours = onlyComments ? 'now' : (handoff.outOfHours ?? 'now');
  return { onlyComments, closed: { now, opening }, outOfHours };
};

/** Says whether the AI falls silent on the thread at once. */
export const silencesAtOnce = ({ handoff }: PortalSettings, { onlyComments, outOfHours }: Circumstances): boolean =>
  !onlyComments && outOfHours !== 'stay' && handoff.after !== 'answer';

/** What a handoff goes by to find who gets the thread. */
type Asked = Pick<HandoffReason, 'sentiment' | 'language'> & { assignTo?: ActorId };

/** An escalation rule names this person for the thread, or the portal's settings do, or nobody. */
export const assigneeOf = ({ handoff }: PortalSettings, asked: Asked, channelId: string | null): ActorId | null =>
  asked.assignTo ?? assigneeFor(handoff.assignTo, { ...asked, channel: channelName(channelId) });

/** The thread will be theirs, and with it the ticket: a person who has it keeps it. */
export const ticketOwner = (
  { assignedTo }: Pick<Thread, 'assignedTo'>,
  settings: PortalSettings,
  { why, assignTo }: { why: Omit<Asked, 'assignTo'>; assignTo?: ActorId },
  channelId: string | null,
): ActorId | null =>
  assignedTo !== null && assignedTo !== settings.aiActorId
    ? assignedTo
    : assigneeOf(settings, { ...why, ...(assignTo === undefined ? {} : { assignTo }) }, channelId);
