import { sleep } from '@temporalio/workflow';
import type { Message } from '../../hubspot/conversation.ts';
import type { ActorId } from '../../hubspot/ids.ts';
import { durationWords } from '../../rules/duration.ts';
import { afterBusinessTime } from '../../rules/handoff/business-hours.ts';
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
 * urgent, and the run needs attention. Once. Outside of business hours its clock waits; what the handoff has left for
 * them is done first, when they begin.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function watchPickUp(input: unknown): Promise<WatchPickUpResult> {
  const asked = parseWatchPickUp(input);
  const { portalId, threadId, messageId, assignedTo, ticketId, handOver } = asked;
  const settings = await portalSettings(portalId);
  const { aiActorId, handoff, timeZone = 'UTC' } = settings;
  const { hubspotReads, hubspotPosts, crmCalls, sessionCalls, lastWords } = activitiesOf(portalId, 'sync');
  const story = new RunStory<WatchPickUpResult>(watchPickUpRun.about(asked), settings);
  /** Each of them for itself: the comment is what counts. */
  const atLeastTry = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      story.step(what);
    } catch (error) {
      story.step(`not done: ${what}: ${failureReason(error)}`);
    }
  };

  /** The run's end where the thread was taken over, or is gone; else the message that waits. */
  const look = async (owner: ActorId | null, isSilenced: boolean): Promise<WatchPickUpResult | Message> => {
    const found = await hubspotReads.lookAgain('who has the thread', { portalId, threadId, messageId });
    if (found === null) return story.end({ outcome: 'skipped', reason: 'message-not-found' });
    const { now, message } = found;
    const { silenced } = await sessionCalls.standing('whether the AI has it again', {
      portalId,
      threadId,
      at: Date.parse(message.createdAt),
    });
    const kept = isSilenced ? silenced !== null : null;
    const taken = howTakenOver(now, message, { aiActorId, assignedTo: owner, silenced: kept });
    return taken ? story.end({ outcome: 'picked-up', reason: taken }) : message;
  };

  const fallsSilent = handoff.after === 'silent';
  let owner = assignedTo;
  if (handOver) {
    story.wait(`business hours, which begin ${new Date(handOver.at).toISOString()}`);
    await sleep(Math.max(handOver.at - Date.now(), 1), { summary: 'business hours begin' });
    const { to, silences } = handOver;
    const waiting = await look(null, fallsSilent && !silences);
    if ('outcome' in waiting) return waiting;
    if (silences && fallsSilent) {
      await atLeastTry('the AI is silent until an agent gives the thread back', () =>
        sessionCalls.silence('agents are there', { portalId, threadId, why: 'handed-off', at: Date.now() }),
      );
    }
    if (to !== null || fallsSilent) {
      const what = to === null ? 'released: nobody owns it' : `assigned to ${to}`;
      await atLeastTry(what, () =>
        hubspotPosts.passThread(to ? `assign the thread to ${to}` : 'release the thread', {
          portalId,
          threadId,
          to,
          from: [],
        }),
      );
      owner = to;
    }
    if (handoff.pickUpMs === 0) return story.end({ outcome: 'handed-over' });
  }

  const time = `${durationWords(handoff.pickUpMs)}${handoff.hours ? ' of business hours' : ''}`;
  story.wait(`an agent to take over, ${time}`);
  const until = afterBusinessTime(Date.now(), handoff.pickUpMs, handoff.hours, timeZone);
  await sleep(until - Date.now(), { summary: 'an agent takes over' });
  const message = await look(owner, fallsSilent);
  if ('outcome' in message) return message;

  const reason = `no agent has taken the thread over within ${time}`;
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
        from: owner === null ? [] : [owner],
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
