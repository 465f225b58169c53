import { sleep } from '@temporalio/workflow';
import { durationWords } from '../../rules/duration.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { noteBody } from '../../rules/replying/post-body.ts';
import { howTakenOver } from '../../rules/speaking/pick-up.ts';
import { type WatchPickUpResult, watchPickUpRun } from '../../runs/watch-pick-up.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseWatchPickUp } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/**
 * Looks some time after a handoff whether an agent has taken over. Where none has, the customer still waits: agents are
 * informed by an internal comment, the thread and its ticket go to whom the portal names for it, the ticket becomes
 * urgent, and the run needs attention. Once.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function watchPickUp(input: unknown): Promise<WatchPickUpResult> {
  const asked = parseWatchPickUp(input);
  const { portalId, threadId, messageId, assignedTo, ticketId } = asked;
  const { aiActorId, handoff } = await portalSettings(portalId);
  const { hubspotReads, hubspotPosts, crmCalls, sessionCalls, lastWords } = activitiesOf(portalId, 'sync');
  const story = new RunStory<WatchPickUpResult>(watchPickUpRun.about(asked));
  /** Each of them for itself: the comment is what counts. */
  const atLeastTry = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      story.step(what);
    } catch (error) {
      story.step(`not done: ${what}: ${failureReason(error)}`);
    }
  };

  story.wait(`an agent to take over, ${durationWords(handoff.pickUpMs)}`);
  await sleep(handoff.pickUpMs, { summary: 'an agent takes over' });
  const found = await hubspotReads.lookAgain('who has the thread', { portalId, threadId, messageId });
  if (found === null) return story.end({ outcome: 'skipped', reason: 'message-not-found' });
  const { now, message } = found;
  const { silenced } = await sessionCalls.standing('whether the AI has it again', {
    portalId,
    threadId,
    at: Date.parse(message.createdAt),
  });
  const kept = handoff.after === 'silent' ? silenced !== null : null;
  const taken = howTakenOver(now, message, { aiActorId, assignedTo, silenced: kept });
  if (taken) return story.end({ outcome: 'picked-up', reason: taken });

  const reason = `no agent has taken the thread over within ${durationWords(handoff.pickUpMs)}`;
  story.alarm('not-picked-up', reason);
  const words = noteBody(`The customer still waits: ${reason}.`);
  const sought = { key: postKeyOf(messageId, 'not-picked-up'), text: words.text, since: message.createdAt };
  await lastWords.post('comment that nobody has come', { portalId, threadId, sought, words, to: null, seen: null });
  const { escalateTo: to } = handoff;
  let isPassed = false;
  if (to !== null) {
    await atLeastTry(`assigned to ${to}`, async () => {
      const passed = await hubspotPosts.passThread(`assign the thread to ${to}`, {
        portalId,
        threadId,
        to,
        from: assignedTo === null ? [] : [assignedTo],
      });
      isPassed = passed === 'assigned';
    });
  }
  if (ticketId !== null) {
    await atLeastTry('the ticket is urgent', () =>
      crmCalls.setTicketProperties('priority HIGH', {
        portalId,
        ticketId,
        properties: { hs_ticket_priority: 'HIGH' },
        ...(isPassed && to !== null ? { owner: to } : {}),
      }),
    );
  }
  return story.end({ outcome: 'escalated', reason });
}
