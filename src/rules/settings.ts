import type { ActorId, PortalId } from '../hubspot/ids.ts';
import type { HandoffSettings } from './handoff/handoff-settings.ts';
import type { PortalAutonomy } from './speaking/autonomy.ts';

/** What decides a run on one portal. Plain data: it goes into the run's history, so no secret may stand here. */
export interface PortalSettings {
  portalId: PortalId;
  /** The AI's user. */
  aiActorId: ActorId;
  /** How far the AI may go, by channel. Assist Mode is in it. */
  autonomy: PortalAutonomy;
  /** Whether agents command the AI by internal comments that begin with `/ai`. */
  aiCommands: boolean;
  ticketingEnabled: boolean;
  /** What becomes of a thread that the AI hands to agents. */
  handoff: HandoffSettings;
  /** What to do with a thread that nobody owns: stay silent, or assign it to the AI and answer. */
  unassignedThreads: 'skip' | 'claim';
  /**
   * What to do where a customer comes back to a thread that was closed, and on which the AI may not speak: tell agents,
   * or take it and answer. Absent only from what an earlier version has read: nothing.
   */
  closedThreads?: 'tell' | 'answer';
  /** How long an email waits before the AI looks at the thread, in ms: people send corrections. */
  emailDelayMs: number;
  /** How long a message on any other channel waits, in ms: people write in bursts, and get one answer. */
  quietPeriodMs: number;
  /** A customer who goes on writing gets an answer after so long all the same, in ms. */
  quietPeriodMaxMs: number;
  /** How long after a reply HubSpot is asked whether it was delivered, in ms. 0: never. */
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
  /** How long a draft waits for an agent's approval, in ms. */
  approvalTimeoutMs: number;
  /** How often threads are looked through for messages that no webhook announced, in ms. 0: never. */
  catchUpIntervalMs: number;
  /**
   * Once the AI has cost so much in a UTC day, in millionths of the prices' currency, it sends nothing by itself;
   * absent: no limit.
   */
  aiDailyBudgetMillionths?: number;
  /** Once it has cost so much, in the same, it is not asked any more on that day; absent: no limit. */
  aiDailyCeilingMillionths?: number;
  /** What stands below the AI's mails, by the domain that they go out from (`signatureFor`); absent: nothing. */
  signatures?: Record<string, string>;
  /** As in `Europe/Berlin`: the AI is told the time there; absent: UTC. */
  timeZone?: string;
  /** Whether the AI sees agents' internal comments; absent: no. */
  aiReadsNotes?: boolean;
  /**
   * Addresses and domains, in lower case, of colleagues; of machines that are answered; of those that nobody answers.
   */
  colleagueDomains?: string[];
  answerSenders?: string[];
  ignoreSenders?: string[];
  /** Whether who mails from the domain of one of the portal's mailboxes is a colleague; absent: they are. */
  colleaguesByDomain?: boolean;
  /** Whether whoever else got the customer's mail gets the AI's answer too; absent: no. */
  replyAll?: boolean;
}
