import { condition } from '@temporalio/workflow';
import { channelName } from '../../hubspot/channels.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { durationWords } from '../../rules/duration.ts';
import { inactivityNotice, whyLeftAlone } from '../../rules/inactivity/inactivity.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { snapshotOf, type ThreadSnapshot } from '../../rules/replying/thread-snapshot.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import {
  type WatchInactivityInput,
  type WatchInactivityResult,
  watchInactivityRun,
} from '../../runs/watch-inactivity.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseWatchInactivity } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';
import { ThreadChanges } from '../shared/thread-changes.ts';

type Story = RunStory<WatchInactivityResult>;

/**
 * Waits for a customer's reply to an answer of the AI's. Where none comes in time, the customer gets a message, or the
 * thread is closed, as the portal wants it. A newer message ends the wait, and so does whatever forbids the AI to
 * speak: a person who owns the thread, a pause, a handoff, an operator's stop.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function watchInactivity(input: unknown): Promise<WatchInactivityResult> {
  const asked = parseWatchInactivity(input);
  const { portalId, threadId } = asked;
  const story: Story = new RunStory(watchInactivityRun.about(asked));
  const changes = new ThreadChanges();
  const { inactivity } = await portalSettings(portalId);
  const until = Date.now() + (inactivity?.afterMs ?? 0);
  let found: Found | WatchInactivityResult;
  do {
    const leftMs = until - Date.now();
    story.wait(`the customer’s reply, until ${new Date(until).toISOString()}`);
    if (leftMs > 0) await condition(() => changes.pending, leftMs, { summary: 'the customer replies' });
    changes.markSeen();
    found = await look(asked, story);
    if ('outcome' in found) return found;
  } while (Date.now() < until);

  const { settings, now, message } = found;
  const silence = `no reply within ${durationWords(settings.inactivity?.afterMs ?? 0)}`;
  const seen = snapshotOf(now);
  const told = await tell(asked, message, settings, seen, story);
  if (told === 'moved' || told === 'stopped') return story.end(leftAlone(told));
  const notTold = told.messageId === null ? told.why : null;
  if (!settings.inactivity?.close) {
    if (notTold !== null) return story.end({ outcome: 'left-alone', reason: notTold });
    return story.end({ outcome: 'reminded', reason: silence });
  }
  const { hubspotPosts } = activitiesOf(portalId, 'sync');
  try {
    const own = told.messageId;
    const closed = await hubspotPosts.closeThread('close the thread', { portalId, threadId, seen, own });
    if (closed !== 'closed') return story.end(leftAlone(closed));
  } catch (error) {
    return story.end({ outcome: 'left-alone', reason: `HubSpot did not close it: ${failureReason(error)}` });
  }
  return story.end({
    outcome: 'closed',
    reason: notTold === null ? silence : `${silence}. The customer got no message: ${notTold}`,
  });
}

/** The thread where the customer has not replied, as it stands, and the message that was answered. */
interface Found {
  settings: PortalSettings;
  now: Conversation;
  message: Message;
}

const leftAlone = (why: 'moved' | 'stopped'): WatchInactivityResult => ({
  outcome: 'left-alone',
  reason: why === 'stopped' ? 'an operator has stopped the AI' : 'someone has come just now',
});

/** Looks whether the customer has replied, by the settings of today; the run's end where nobody waits any more. */
const look = async (
  { portalId, threadId, messageId, replyId }: WatchInactivityInput,
  story: Story,
): Promise<Found | WatchInactivityResult> => {
  const settings = await portalSettings(portalId);
  const { hubspotReads, sessionCalls } = activitiesOf(portalId, 'sync');
  const thread = { portalId, threadId };
  const found = await hubspotReads.lookAgain('whether the customer has replied', { ...thread, messageId });
  if (found === null) return story.end({ outcome: 'skipped', reason: 'message-not-found' });
  const { now, message } = found;
  const { silenced } = await sessionCalls.standing('whether the AI may speak', { ...thread, at: Date.now() });
  const why = whyLeftAlone(now, { message, replyId }, settings, silenced);
  if (why !== null) {
    story.onChannel(channelName(message.channelId));
    return story.end({ outcome: 'left-alone', reason: why });
  }
  return { settings, now, message };
};

/**
 * Sends the portal's message to the customer, once.
 * @returns its id, or why there is none; `moved`, `stopped`: nothing more is to be done
 */
const tell = async (
  { portalId, threadId, messageId, language }: WatchInactivityInput,
  message: Message,
  settings: PortalSettings,
  seen: ThreadSnapshot,
  story: Story,
): Promise<'moved' | 'stopped' | { messageId: MessageId } | { messageId: null; why: string }> => {
  story.onChannel(channelName(message.channelId));
  const notice = inactivityNotice(message, language, settings);
  if ('none' in notice) return { messageId: null, why: notice.none };
  const { words, to } = notice;
  const sought = { key: postKeyOf(messageId, 'inactive'), text: words.text, since: message.createdAt };
  try {
    const post = { portalId, threadId, sought, words, to, seen };
    const posted = await activitiesOf(portalId, 'sync').hubspotPosts.post('message to the silent customer', post);
    if (posted.moved) return posted.stopped ? 'stopped' : 'moved';
    story.posted('message', posted);
    story.step('the customer was sent a message');
    return { messageId: posted.messageId };
  } catch (error) {
    const why = `the message could not be sent: ${failureReason(error)}`;
    story.step(why);
    return { messageId: null, why };
  }
};
