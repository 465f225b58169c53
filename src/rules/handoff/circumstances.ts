import type { PortalSettings } from '../settings.ts';
import { autonomyOn, speaksToCustomers } from '../speaking/autonomy.ts';
import { nextOpening } from './business-hours.ts';
import type { Closed } from './customer-notice.ts';
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
