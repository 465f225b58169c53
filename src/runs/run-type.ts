import type { SearchAttributePair } from '@temporalio/common';
import type { PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { PRIORITY_KEY } from './priority.ts';
import { PORTAL_ID, THREAD_ID, TICKET_ID } from './search-attributes.ts';

/**
 * The subject of a run: people read it in the Web UI, and the ids among it are search attributes. No customer's words.
 */
export interface About {
  portalId?: PortalId;
  threadId?: ThreadId;
  ticketId?: TicketId | null;
  /** This distinguishes it from others, such as `message 9b38dc6d`. */
  detail?: string;
}

/**
 * A type of run, in one place for everyone who starts, lists or names one. What it does is in `src/workflows`. `Event`:
 * what its workflow ID holds that is not in the input, such as the ID of HubSpot's event. `Identified`: inputs that
 * have a workflow ID; runs by hand may have others.
 */
export interface RunType<Input, Event extends unknown[] = [], Identified = Input> {
  /** The workflow type: the name of the function in `src/workflows`. */
  type: string;
  /** The Web UI's summary begins with it. */
  title: string;
  about(input: Input): About;
  /** The workflow ID: the dedup key of what the run is for. */
  workflowId(input: Identified, ...event: Event): string;
  /**
   * Its first task comes this soon in a busy queue; absent: a child, which is as urgent as its parent, or a schedule's.
   */
  urgency?: keyof typeof PRIORITY_KEY;
  /** The same for one of many of its portal that came together; absent: as urgent. */
  urgencyInBulk?: keyof typeof PRIORITY_KEY;
  /** An input that fits, as those who start a run by hand are shown it. */
  example: object;
}

/** A run's type, but for its workflow ID. */
export type DescribedRun<Input> = Omit<RunType<Input>, 'workflowId'>;

/** Gives what a run is about in words, such as `portal 62515` and `thread 987`. */
export const aboutInWords = ({ portalId, threadId, ticketId, detail }: About): string[] => [
  ...(portalId === undefined ? [] : [`portal ${portalId}`]),
  ...(threadId === undefined ? [] : [`thread ${threadId}`]),
  ...(ticketId ? [`ticket ${ticketId}`] : []),
  ...(detail === undefined ? [] : [detail]),
];

/** Gives what a run can be found by. */
export const foundBy = ({ portalId, threadId, ticketId }: About): SearchAttributePair[] => [
  ...(portalId === undefined ? [] : [{ key: PORTAL_ID, value: portalId }]),
  ...(threadId === undefined ? [] : [{ key: THREAD_ID, value: threadId }]),
  ...(ticketId ? [{ key: TICKET_ID, value: ticketId }] : []),
];

// The Web UI's documented limit is 200 bytes. Ids are ASCII; only the separator takes two.
const SUMMARY_LENGTH = 190;

/**
 * The line that the Web UI shows of a run in its lists, such as `Reply · portal 62515 · thread 987 · message 9b38dc6d`.
 */
export const summaryOf = <Input>({ title, about }: DescribedRun<Input>, input: Input): string =>
  [title, ...aboutInWords(about(input))].join(' · ').slice(0, SUMMARY_LENGTH);
