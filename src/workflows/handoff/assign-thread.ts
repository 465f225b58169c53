import { workflowInfo } from '@temporalio/workflow';
import type { FoundTicket } from '../../activities/ticket-of-thread.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { watchPickUpRun } from '../../runs/watch-pick-up.ts';
import { leaveBehind } from '../shared/leave-behind.ts';
import type { Found } from './read-thread.ts';
import { attempt, type HandOffRun } from './run.ts';

/**
 * Assigns the thread to whom the rules name; else, where the AI is silent from now on, to nobody.
 * @returns its owner from now on
 */
export const assignThread = async (run: HandOffRun, { now }: Found): Promise<ActorId | null> => {
  const before = now.thread.assignedTo;
  const { onlyComments, outOfHours } = run.circumstances;
  if (onlyComments) return before;
  if (outOfHours !== 'now') {
    run.story.step('nobody gets the thread before business hours begin');
    return before;
  }
  const { after } = run.settings.handoff;
  const to = run.assignee();
  const { parent } = workflowInfo();
  if (to === null && after === 'answer') return before;
  const assigned = await attempt(run, 'the thread was not passed on', ({ hubspotPosts }) =>
    hubspotPosts.passThread(to ? `assign the thread to ${to}` : 'release the thread', {
      ...run.thread,
      to,
      from: [],
      ...(parent === undefined ? {} : { knownTo: parent.workflowId }),
    }),
  );
  if (assigned === 'assigned') run.story.step(to ? `assigned to ${to}` : 'released: nobody owns it');
  if (assigned === 'owned') run.story.step('a person owns it, and keeps it');
  if (assigned === 'unavailable') run.story.step('HubSpot offers no assignment here');
  return assigned === 'assigned' ? to : before;
};

/** Leaves a run behind that looks whether someone has come, and hands over what waits for business hours. */
export const watchPickUp = async (
  run: HandOffRun,
  owner: ActorId | null,
  ticket: FoundTicket | null,
): Promise<void> => {
  const { onlyComments, closed, outOfHours } = run.circumstances;
  const waits = closed !== null && outOfHours !== 'now';
  if (onlyComments || (run.settings.handoff.pickUpMs === 0 && !waits)) return;
  // An earlier run that handed this message over has it watched.
  await leaveBehind(watchPickUpRun, {
    ...run.thread,
    messageId: run.asked.messageId,
    assignedTo: owner === run.settings.aiActorId ? null : owner,
    ticketId: ticket?.ticketId ?? null,
    ...(waits ? { handOver: { at: closed.opening, to: run.assignee(), silences: outOfHours === 'stay' } } : {}),
  });
};
