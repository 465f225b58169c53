import { askForRatingRun } from './ask-for-rating.ts';
import { followCommandRun } from './follow-command.ts';
import { forgetContactRun } from './forget-contact.ts';
import { forgetThreadRun } from './forget-thread.ts';
import { noticeOwnerChangeRun } from './notice-owner-change.ts';
import { type ReplyToMessageInput, replyToMessageRun } from './reply-to-message.ts';
import type { DescribedRun } from './run-type.ts';
import { syncTicketPropertyRun } from './sync-ticket-property.ts';

/** The types that an event starts. */
const STARTABLE = {
  replyToMessage: replyToMessageRun,
  followCommand: followCommandRun,
  noticeOwnerChange: noticeOwnerChangeRun,
  askForRating: askForRatingRun,
  syncTicketProperty: syncTicketPropertyRun,
  forgetThread: forgetThreadRun,
  forgetContact: forgetContactRun,
};
type Startable = typeof STARTABLE;

/** One run to be, as `plan` makes it from an event. Its workflow ID is the event's dedup key. */
export type PlannedStart = {
  [Type in keyof Startable]: { type: Type; workflowId: string; input: Parameters<Startable[Type]['about']>[0] };
}[keyof Startable];

/** Gives what the run to be is. */
export const runTypeOf = ({ type }: PlannedStart): DescribedRun<PlannedStart['input']> =>
  STARTABLE[type] as DescribedRun<PlannedStart['input']>;

/** A run of this type, ready to be started. */
export const planned = <Type extends PlannedStart['type'], Input, Event extends unknown[]>(
  { type, workflowId }: { type: Type; workflowId(input: Input, ...event: Event): string },
  input: Input,
  ...event: Event
): { type: Type; workflowId: string; input: Input } => ({ type, workflowId: workflowId(input, ...event), input });

/** The run that answers a message, ready to be started. */
export const plannedReply = (input: ReplyToMessageInput): PlannedStart => planned(replyToMessageRun, input);
