import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { Sureness } from './escalation/sureness.ts';
import type { HandoffSettings } from './handoff/handoff-settings.ts';
import type { InactivitySettings } from './inactivity/inactivity.ts';
import type { NotifySettings } from './notify/notification.ts';
import type { RatingSettings } from './rating/rating-settings.ts';
import type { PortalAutonomy } from './speaking/autonomy.ts';

/** A run on one portal is decided by these. Plain data: it goes into the run's history, so no secret may stand here. */
export interface PortalSettings {
  portalId: PortalId;
  /** The AI's user. */
  aiActorId: ActorId;
  /** The AI may go so far, by channel. Assist Mode is in it. */
  autonomy: PortalAutonomy;
  /**
   * What an answer needs to be sent without anyone's look. Absent only from what an earlier version has read: nothing.
   */
  sureness?: Sureness;
  /** Agents command the AI by internal comments that begin with `/ai`. */
  aiCommands: boolean;
  ticketingEnabled: boolean;
  /** The portal's rules for a thread that the AI hands to agents. */
  handoff: HandoffSettings;
  /** The rule for a thread that nobody owns: stay silent, or assign it to the AI and answer. */
  unassignedThreads: 'skip' | 'claim';
  /**
   * The rule where a customer comes back to a thread that was closed, and on which the AI may not speak: inform agents,
   * or take it and answer. Absent only from what an earlier version has read: nothing.
   */
  closedThreads?: 'tell' | 'answer';
  /** An email waits this long before the AI looks at the thread, in ms: people send corrections. */
  emailDelayMs: number;
  /** A message on any other channel waits this long, in ms: people write in bursts, and get one answer. */
  quietPeriodMs: number;
  /** A customer who goes on writing gets an answer after so long all the same, in ms. */
  quietPeriodMaxMs: number;
  /** HubSpot is asked so long after a reply whether it was delivered, in ms. 0: never. */
  deliveryCheckMs: number;
  /**
   * HubSpot, the AI or the database may fail for so long, in ms, before a person should know. Then the AI is given up
   * and agents get a comment; the others are tried for the rest of a day.
   */
  attentionAfterMs: number;
  /** More replies within an hour on one thread, or to one address, end in a handoff: two machines may be talking. */
  maxRepliesPerHour: number;
  /**
   * The AI is asked at most so often within an hour for one contact, and on one thread. Absent only from what an
   * earlier version has read: no limit.
   */
  maxAiCallsPerHour?: number;
  /** A message that was older than so many ms when its run began is not answered. */
  maxMessageAgeMs: number;
  /** A draft waits this long for an agent's approval, in ms. */
  approvalTimeoutMs: number;
  /** Threads are looked through this often for messages that no webhook announced, in ms. 0: never. */
  catchUpIntervalMs: number;
  /**
   * Once the AI has cost so much in a UTC day, in millionths of the prices' currency, it sends nothing by itself;
   * absent: no limit.
   */
  aiDailyBudgetMillionths?: number;
  /** Once it has cost so much, in the same, it is not asked any more on that day; absent: no limit. */
  aiDailyCeilingMillionths?: number;
  /** The signatures below the AI's mails, by the domain that they go out from (`signatureFor`); absent: nothing. */
  signatures?: Record<string, string>;
  /** As in `Europe/Berlin`: the AI gets the time there; absent: UTC. */
  timeZone?: string;
  /** The AI sees agents' internal comments; absent: no. */
  aiReadsNotes?: boolean;
  /**
   * Addresses and domains, in lower case, of colleagues; of machines that are answered; of those that nobody answers.
   */
  colleagueDomains?: string[];
  answerSenders?: string[];
  ignoreSenders?: string[];
  /** Who mails from the domain of one of the portal's mailboxes is a colleague; absent: they are. */
  colleaguesByDomain?: boolean;
  /**
   * Where people see runs, each by its workflow ID behind a slash, and the desk; where customers rate.
   * Absent: nobody has said.
   */
  links?: { runs?: string; ops?: string; rating?: string };
  /** Who works outside of HubSpot is notified of these; absent: of nothing. */
  notify?: NotifySettings;
  /** Customers are asked for a rating once a thread is closed; absent: they are not. */
  csat?: RatingSettings;
  /** What becomes of a thread on which a customer doesn't reply to the AI; absent: nothing. */
  inactivity?: InactivitySettings;
  /** Whoever else got the customer's mail gets the AI's answer too; absent: no. */
  replyAll?: boolean;
}
