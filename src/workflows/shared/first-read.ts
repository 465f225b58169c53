import { TemporalFailure } from '@temporalio/common';
import { ActivityFailure, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { FirstRead } from '../../activities/first-reads.ts';
import type { ReplyToMessageInput } from '../../runs/reply-to-message.ts';
import { activitiesOf, readsAtOnce } from './activity-options.ts';
import { severalSteps, throwUnknownPortal } from './several-steps.ts';

/** Runs that began before it take each of these steps by itself. */
export const FEWER_STEPS = 'fewer-steps';

/** Runs that began before it read nothing beside the workflow. It says what `fewer-steps` says too. */
const READS_AT_ONCE = 'reads-at-once';

/** How a run that has just begun takes its steps: each by itself, several in one, and the reads of those at once. */
export type Steps = 'single' | 'fewer' | 'at-once';

/** To be asked once, before anything else that a run does: a marker in its history keeps the answer. */
export const stepsOfRun = (): Steps => {
  if (patched(READS_AT_ONCE)) return 'at-once';
  return patched(FEWER_STEPS) ? 'fewer' : 'single';
};

/** What was read at once, or why nothing was. */
export type AtOnce<Read> = { read: Read } | { whyNot: string };

/**
 * Reads beside the workflow. Nothing is tried again there: where it fails, the run goes on by HubSpot's queue.
 * @throws {ApplicationFailure} `UnknownPortal`
 */
export const atOnce = async <Read>(read: () => Promise<Read>): Promise<AtOnce<Read>> => {
  try {
    return { read: await read() };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
    throwUnknownPortal(cause);
    return { whyNot: cause.message };
  }
};

const withWholeConversation = ({ messageAt, ...read }: FirstRead): FirstRead => {
  const { message, conversation } = read;
  if (messageAt === undefined || !message || !conversation) return read;
  const { mail: _, ...listed } = message;
  return {
    ...read,
    conversation: { ...conversation, messages: conversation.messages.toSpliced(messageAt, 0, listed) },
  };
};

/** How a run's first read is done. */
export interface HowToRead {
  steps: Exclude<Steps, 'single'>;
  /** Absent: a customer may wait for it. */
  urgency?: 'reply' | 'sync';
  /** The run may answer the message. */
  answers?: boolean;
}

/**
 * Reads the portal's settings and a message, at once or by one activity. Without a `message` in what it gives, HubSpot
 * has failed, and the run reads it again as it would have without this. `queued`: why it could not be read at once.
 * @throws {ApplicationFailure} `UnknownPortal`
 */
export const readFirst = async (
  asked: ReplyToMessageInput,
  summary: string,
  { steps, urgency = 'reply', answers = false }: HowToRead,
): Promise<FirstRead & { queued?: string }> => {
  const { portalId } = asked;
  const input = answers ? { ...asked, workflowId: workflowInfo().workflowId } : asked;
  const known = steps === 'at-once' ? await atOnce(() => readsAtOnce.readMessageAtOnce(summary, input)) : null;
  if (known && 'read' in known) return withWholeConversation(known.read);
  const { firstReads } = activitiesOf(portalId, urgency);
  const read = await severalSteps(portalId, () => firstReads.readMessage(summary, input));
  return known ? { ...read, queued: known.whyNot } : read;
};

/** One step for a run's story, where it has waited for its turn. */
export const queuedInWords = (whyNot: string): string => `waited for its turn at HubSpot: ${whyNot}`;
