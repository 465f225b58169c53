import type { MessageId } from '../hubspot/ids.ts';
import type { SkipReason } from './skip-reasons.ts';

/** Temporal knows this of a message's run. */
export interface PastRun {
  messageId: MessageId;
  /** ISO time. */
  startedAt: string;
  /** An `Outcome`, or Temporal's word where the run broke off; `null`: it goes on, or waits. */
  outcome: string | null;
  reason: string | null;
}

/** For agents, who have never seen the code. */
const WHY_SILENT: Record<SkipReason, string> = {
  comment: 'it is an internal comment',
  outgoing: 'it went out to the customer',
  'sender-is-bot': 'a machine wrote it',
  'sender-is-agent': 'an agent wrote it',
  'ai-marker': 'an AI wrote it',
  'owned-by-human': 'an agent owns the thread',
  unassigned: 'nobody owns the thread',
  superseded: 'the customer wrote again, and the newer message’s answer is for both',
  'human-replied': 'an agent answered',
  stopped: 'an operator has stopped the AI in this portal',
  paused: 'the AI is paused here',
  'handed-off': 'the thread was handed to agents',
  'skipped-by-agent': 'an agent decided against the draft',
  'empty-message': 'it says nothing',
  'message-not-found': 'HubSpot does not know it any more',
  'too-old': 'it was too old to answer',
  rating: 'it is the customer’s rating',
  'channel-off': 'the AI is off on this channel',
  'thread-spam': 'the thread is spam',
  'thread-archived': 'the thread is archived',
  'ticketing-disabled': 'ticketing is off',
  'empty-value': 'it has no value',
  'ai-limit': 'a limit of the AI is reached, and in shadow mode nobody is informed',
  'answer-loop': 'its sender’s address has got as many answers within the hour as it may, and writes the same again',
  'answered-elsewhere': 'the same mail came to another thread, and was answered there',
  'no-session': 'there is no session',
};

const isSkipReason = (reason: string): reason is SkipReason => Object.hasOwn(WHY_SILENT, reason);

/** Says for people why the AI stayed silent about a message; `null`: it is no skip reason. */
export const whySilent = (reason: string): string | null => (isSkipReason(reason) ? WHY_SILENT[reason] : null);

const whatBecame = ({ outcome, reason }: PastRun): string => {
  if (outcome === null) return 'still at work, or waiting for an agent';
  if (reason === null) return outcome;
  return `${outcome}: ${outcome === 'skipped' && isSkipReason(reason) ? `${WHY_SILENT[reason]} (${reason})` : reason}`;
};

/** `2026-01-01 12:00 UTC` */
const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** Describes what became of a thread's messages, one line each, as a comment for agents. */
export const whyAnswer = (runs: PastRun[]): string =>
  runs.length === 0
    ? 'I know of no message on this thread.'
    : `What happened to the latest messages, the newest first:\n\n${runs
        .map((run) => `- ${minute(run.startedAt)}, message ${run.messageId}: ${whatBecame(run)}`)
        .join('\n')}`;
