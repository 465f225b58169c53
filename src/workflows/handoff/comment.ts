import { sleep } from '@temporalio/workflow';
import type { FoundTicket } from '../../activities/ticket-of-thread.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { closedNote, handoffComment } from '../../rules/handoff/handoff-comment.ts';
import { limitKind } from '../../rules/speaking/limits.ts';
import type { HandOffResult } from '../../runs/hand-off.ts';
import { attentionCause, failureReason } from '../shared/activity-failures.ts';
import { LOST_POST_SETTLES } from '../shared/escalation.ts';
import type { HandOffRun } from './run.ts';

/**
 * Leaves the internal comment that agents find the handoff by.
 * @returns its id; or the run's end, where HubSpot takes none
 */
export const leaveComment = async (run: HandOffRun, ticket: FoundTicket | null): Promise<MessageId | HandOffResult> => {
  const { kind = 'handed-off', limit } = run.asked;
  const { closed: outside, outOfHours } = run.circumstances;
  const closed = closedNote(outside, outOfHours, run.settings);
  const words = handoffComment(run.why(), run.ticketNote, [...(closed === null ? [] : [closed]), ...run.notes]);
  const post = {
    ...run.thread,
    sought: run.fingerprint(limit ? limitKind(limit) : kind, words),
    words,
    to: null,
    seen: null,
  };
  try {
    const posted = await run.calls.untilDone(
      ({ hubspotPosts, lastWords }, isLastTry) =>
        (isLastTry ? lastWords : hubspotPosts).post('handoff as internal comment', { ...post, mayBeLost: isLastTry }),
      () => sleep(LOST_POST_SETTLES, { summary: 'a lost post may still show' }),
    );
    if (!posted.moved) {
      run.story.posted('handoff comment', posted);
      return posted.messageId;
    }
    return run.story.end({ outcome: 'skipped', reason: 'message-not-found' });
  } catch (error) {
    const reason = failureReason(error);
    run.story.alarm(attentionCause(error), reason);
    return run.story.end({
      outcome: 'needs-attention',
      reason: `no internal comment could be left: ${reason}`,
      ...(ticket ? { ticketId: ticket.ticketId } : {}),
    });
  }
};
