import type { MessageId, PortalId, ThreadId, TicketId } from '../../hubspot/ids.ts';
import { inAddress } from '../run-address.ts';
import { threadUrl } from '../thread-url.ts';

/**
 * What people outside can be notified of. `needs-attention`: a run that a person has to look at. `not-picked-up`: no
 * agent took a handoff over in time. `budget`: one of the AI's limits is reached. `stopped`: an operator has stopped
 * the AI, or has let it go again. `csat`: a customer has rated.
 */
export const NOTIFY_EVENTS = ['handoff', 'needs-attention', 'not-picked-up', 'budget', 'stopped', 'csat'] as const;
export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** What a portal notifies of. No address and no secret: it goes into the histories of runs. */
export interface NotifySettings {
  events: NotifyEvent[];
  /** The AI's words on why it hands over, which may repeat the customer's, go along; absent: a code alone does. */
  showText?: true;
}

/** Something that happened, for people outside. But for `words`, nothing in it was written by a customer or an AI. */
export interface Notification {
  portalId: PortalId;
  event: NotifyEvent;
  /** This tells it from every other of its event in the portal: it is sent once. */
  about: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Why, from a closed set, such as `no-answer`. */
  reason?: string;
  /** The same in one line. */
  detail?: string;
  /** Why, as the AI or an agent has put it. */
  words?: string;
  threadId?: ThreadId;
  messageId?: MessageId;
  ticketId?: TicketId;
  /** By its name, such as `live chat`. */
  channel?: string;
  /** A BCP 47 tag. */
  language?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
  /** The customer waits since then, in ms since the epoch. */
  waitingSince?: number;
  /** The customer's rating, 1 to 5. */
  score?: number;
  /** The workflow ID of the run in which it happened. */
  run?: string;
}

/** Where people see more. */
export interface NotificationLinks {
  /** The thread in HubSpot's inbox. */
  thread?: string;
  /** The run in Temporal's Web UI. */
  run?: string;
  /** The desk. */
  ops?: string;
}

/** `settings`: where runs and the desk are, as far as the portal's settings say. */
export const linksOf = (
  { portalId, threadId, run }: Pick<Notification, 'portalId' | 'threadId' | 'run'>,
  { runs, ops }: { runs?: string; ops?: string } = {},
): NotificationLinks => ({
  ...(threadId === undefined ? {} : { thread: threadUrl(portalId, threadId) }),
  ...(run === undefined || runs === undefined ? {} : { run: `${runs}/${inAddress(run)}` }),
  ...(ops === undefined ? {} : { ops }),
});
