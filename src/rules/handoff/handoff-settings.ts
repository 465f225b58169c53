import type { ActorId } from '../../hubspot/ids.ts';
import type { BusinessHours } from './business-hours.ts';

/** What becomes of a handoff while no agent is there. */
export const OUT_OF_HOURS = ['now', 'in-hours', 'stay'] as const;
export type OutOfHours = (typeof OUT_OF_HOURS)[number];

/** When a rule of `HANDOFF_ASSIGN_TO` holds; `null`: always. */
export type AssignWhen = { by: 'sentiment' | 'language' | 'channel'; is: string } | null;

/** A rule that says who gets a thread. */
export interface AssignRule {
  when: AssignWhen;
  to: ActorId;
}

/** The portal's settings for a thread that the AI hands to agents. */
export interface HandoffSettings {
  /** Agents get a ticket. */
  tickets: boolean;
  /** HubSpot's id; `null`: the first one. */
  pipeline: string | null;
  /** HubSpot's id; `null`: the pipeline's first open one. */
  stage: string | null;
  /** A ticket property of the portal's own that holds each value once: by it no ticket can be made twice. */
  keyProperty: string | null;
  /**
   * A thread's ticket that is closed is treated like this: it stays so and a new one is made, or it is opened again.
   * Absent only from what an earlier version has read: `new`.
   */
  closedTicket?: 'new' | 'reopen';
  /** Ticket properties by the session's names for what goes into them. */
  properties: Record<string, string>;
  assignTo: AssignRule[];
  /** They get a thread that nobody took over; `null`: it stays as it is. */
  escalateTo: ActorId | null;
  /** The customer notice, by language; `*` is for all others. Empty: there is none. */
  messages: Record<string, string>;
  /** An agent has this long to take over before someone should know, in ms. 0: for ever. */
  pickUpMs: number;
  /** When agents work, by the portal's `timeZone`; absent: always. */
  hours?: BusinessHours;
  /**
   * What becomes of a handoff outside of these hours; absent: `now`. `in-hours`: nobody gets the thread before. `stay`:
   * the AI goes on answering on it until then, too.
   */
  outOfHours?: OutOfHours;
  /**
   * The customer notice outside of these hours, by language, with `{opening}` for when agents are there; absent, or
   * nothing for a language: as within them.
   */
  closedMessages?: Record<string, string>;
  /** The AI falls silent on the thread until an agent gives it back, or doesn't. */
  after: 'silent' | 'answer';
}

/** The primary part of a BCP 47 tag in lower case. */
const primary = (language: string): string => language.split('-')[0]?.toLowerCase() ?? '';

/** Says whether two BCP 47 tags name one language, whatever the region: `de-AT` is `de`. */
export const isLanguage = (language: string | undefined, wanted: string): boolean =>
  language !== undefined &&
  (language.toLowerCase() === wanted.toLowerCase() || primary(language) === wanted.toLowerCase());
