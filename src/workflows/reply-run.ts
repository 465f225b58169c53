import { ActivityFailure, isCancellation, log, sleep } from '@temporalio/workflow';
import type { HubSpotActivities } from '../activities/hubspot.ts';
import type { AiAnswer } from '../ai/backend.ts';
import { channelName, EMAIL_CHANNEL_ID } from '../hubspot/channels.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { MessageId } from '../hubspot/ids.ts';
import type { RecordedTurn, Session } from '../sessions/store.ts';
import { PORTAL_ID, THREAD_ID } from '../temporal/search-attributes.ts';
import { activitiesOf } from './activity-options.ts';
import {
  type PortalSettings,
  plannedReply,
  type ReplyToMessageInput,
  type ReplyToMessageResult,
  type SkipReason,
} from './contract.ts';
import { unansweredMessages } from './rules/burst.ts';
import { whyNotForAi } from './rules/message-filter.ts';
import { earlierPost, type PostKind, postKeyOf, type SoughtPost } from './rules/own-post.ts';
import { mustClaim } from './rules/owner-gate.ts';
import { buildReplyRequest } from './rules/reply-request.ts';
import { whySilent } from './rules/verdict.ts';
import type { Post } from './rules/what-to-post.ts';
import { handoffWords, type Words } from './rules/words.ts';
import { RunStory } from './run-story.ts';

/** Thrown by a step that ends the run before its last one. */
class RunEnds extends Error {
  override readonly name = 'RunEnds';
  readonly result: ReplyToMessageResult;

  constructor(result: ReplyToMessageResult) {
    super(result.reason);
    this.result = result;
  }
}

/** The steps of `replyToMessage`, in the order of its lines. Each asks the rules and leaves a line in the run's story. */
export class ReplyRun {
  private readonly asked: ReplyToMessageInput;
  private readonly settings: PortalSettings;
  private readonly activities: ReturnType<typeof activitiesOf>;
  private readonly story: RunStory<ReplyToMessageResult>;
  /** When the customer wrote, by HubSpot's clock: nothing that answers it is older. */
  private askedAt = new Date(0).toISOString();

  constructor(asked: ReplyToMessageInput, settings: PortalSettings) {
    this.asked = asked;
    this.settings = settings;
    this.activities = activitiesOf(asked.portalId, 'reply');
    this.story = new RunStory(
      [`portal ${asked.portalId}`, `thread ${asked.threadId}`],
      [
        { key: PORTAL_ID, value: asked.portalId },
        { key: THREAD_ID, value: asked.threadId },
      ],
    );
  }

  async fetchMessage(): Promise<Message> {
    const message = await this.activities.hubspotReads.fetchMessage.executeWithOptions(
      { summary: `message ${this.asked.messageId}` },
      [this.asked],
    );
    if (message === null) throw this.skip('message-not-found');
    this.askedAt = message.createdAt;
    this.story.onChannel(channelName(message.channelId));
    const filtered = whyNotForAi(message, this.settings.aiActorId);
    if (filtered) throw this.skip(filtered);
    this.story.step('a customer wrote');
    return message;
  }

  /** People send corrections by email; a durable timer costs no worker. */
  async waitIfEmail(message: Message): Promise<void> {
    if (message.channelId !== EMAIL_CHANNEL_ID || this.settings.emailDelayMs === 0) return;
    await sleep(this.settings.emailDelayMs, { summary: 'email: wait for a correction' });
    this.story.step(`waited ${this.settings.emailDelayMs / 1000} s, as it is an email`);
  }

  async lookBeforeAsking(message: Message): Promise<Conversation> {
    const { portalId, threadId } = this.asked;
    const conversation = await this.activities.hubspotReads.fetchConversation.executeWithOptions(
      { summary: 'owner and messages before asking the AI' },
      [{ portalId, threadId }],
    );
    if (conversation === null) throw this.skip('message-not-found');
    await this.endIfSilent(conversation, message);
    const earlier = earlierPost(conversation.messages, message.id);
    if (earlier) throw new RunEnds({ ...earlier, reason: 'an earlier run has answered' });
    const owner = conversation.thread.assignedTo;
    this.story.step(`may speak: the thread is ${owner ? `owned by ${owner}` : 'nobody’s'}`);
    return conversation;
  }

  /** The conversation with its new owner, where the AI took it. */
  async claimIfUnassigned(conversation: Conversation): Promise<Conversation> {
    const { thread } = conversation;
    if (!mustClaim(thread, this.settings)) return conversation;
    const { portalId, threadId } = this.asked;
    const claimed = await this.activities.hubspotPosts.claimThread.executeWithOptions(
      { summary: `assign the thread to ${this.settings.aiActorId}` },
      [{ portalId, threadId }],
    );
    this.story.step(CLAIMED[claimed]);
    if (claimed !== 'assigned') return conversation;
    return { ...conversation, thread: { ...thread, assignedTo: this.settings.aiActorId } };
  }

  async openSession({ thread }: Conversation, message: Message): Promise<{ session: Session; turns: RecordedTurn[] }> {
    const opened = await this.activities.sessionCalls.openSession.executeWithOptions(
      { summary: `session of thread ${thread.id}` },
      [{ thread, channelId: message.channelId }],
    );
    const earlier = opened.turns.find(({ answeredMessageId }) => answeredMessageId === message.id);
    if (!earlier) return opened;
    const { outcome, postedMessageId } = earlier;
    throw new RunEnds({ outcome, postedMessageId, reason: 'an earlier run has answered' });
  }

  /** The burst that one reply answers, oldest first. */
  unanswered({ messages }: Conversation, message: Message, turns: RecordedTurn[]): Message[] {
    return unansweredMessages(messages, message, { aiActorId: this.settings.aiActorId, turns });
  }

  async askAi(conversation: Conversation, burst: Message[], session: Session): Promise<AiAnswer> {
    const { portalId, threadId } = this.asked;
    const messageIds = burst.filter(({ truncated }) => truncated).map(({ id }) => id);
    const fullTexts =
      messageIds.length === 0
        ? []
        : await this.activities.hubspotReads.readInFull.executeWithOptions(
            { summary: `original content of ${messageIds.length} truncated` },
            [{ portalId, threadId, messageIds }],
          );
    const request = buildReplyRequest(conversation, burst, fullTexts, session, this.settings.aiActorId);
    const answer = await this.activities.aiCalls.generateReply.executeWithOptions(
      { summary: `${burst.length === 1 ? 'one question' : `a burst of ${burst.length}`} on ${request.channel}` },
      [request],
    );
    this.story.step(answer.action === 'reply' ? 'the AI has an answer' : 'the AI hands off');
    return answer;
  }

  /** Posts if the conversation is still as it was seen; where it has moved on, the rules are asked again. */
  async postUnlessThingsChanged(
    { outcome, words, to }: Post,
    message: Message,
    before: Conversation,
  ): Promise<MessageId> {
    const { portalId, threadId } = this.asked;
    const sought = this.sought(outcome, words);
    let { thread, messages } = before;
    for (;;) {
      const seen = { assignedTo: thread.assignedTo, newestMessageId: messages.at(-1)?.id ?? null };
      const posted = await this.activities.hubspotPosts.post.executeWithOptions({ summary: inWords(outcome, to) }, [
        { portalId, threadId, sought, words, to, seen },
      ]);
      if (!posted.moved) return posted.messageId;
      if (posted.now === null) throw this.skip('message-not-found');
      this.story.step('the conversation moved on before the post: decided again');
      await this.endIfSilent(posted.now, message);
      ({ thread, messages } = posted.now);
    }
  }

  /** The customer has their answer by now: that nobody could write it down doesn't take it back. */
  async recordTurn({ outcome }: Post, burst: Message[], postedMessageId: MessageId): Promise<void> {
    const { portalId, threadId } = this.asked;
    const answeredMessageIds = burst.map(({ id }) => id);
    try {
      await this.activities.sessionCalls.recordTurn.executeWithOptions({ summary: outcome }, [
        { portalId, threadId, answeredMessageIds, outcome, postedMessageId },
      ]);
    } catch (error) {
      const reason = givenUp(error);
      log.error('A turn could not be recorded', { ...this.asked, reason });
      this.story.step(`the session store could not record it: ${reason}`);
    }
  }

  end({ outcome, reason }: Post, postedMessageId: MessageId): ReplyToMessageResult {
    return this.story.end({ outcome, ...(reason === undefined ? {} : { reason }), postedMessageId });
  }

  /**
   * Ends the run after a step threw: as that step said, or, when an activity has given up for good, as
   * `needs-attention` with an internal comment (design promise 8). Everything else is thrown on.
   */
  async endAfter(error: unknown): Promise<ReplyToMessageResult> {
    if (error instanceof RunEnds) return this.story.end(error.result);
    const reason = givenUp(error);
    log.error('A run needs attention', { ...this.asked, reason });
    this.story.announce('needs-attention', reason);
    try {
      const { portalId, threadId } = this.asked;
      const words = handoffWords(`the AI could not answer: ${reason}`);
      const left = await this.activities.lastWords.post.executeWithOptions(
        { summary: 'tell agents that the AI could not go on' },
        [{ portalId, threadId, sought: this.sought('needs-attention', words), words, to: null, seen: null }],
      );
      return this.story.end({
        outcome: 'needs-attention',
        reason,
        ...(left.moved ? {} : { postedMessageId: left.messageId }),
      });
    } catch (lastError) {
      this.story.step(`no internal comment could be left: ${givenUp(lastError)}`);
      return this.story.end({ outcome: 'needs-attention', reason });
    }
  }

  /** How a post of this run is recognised on the thread. */
  private sought(kind: PostKind, { text }: Words): SoughtPost {
    return { key: postKeyOf(this.asked.messageId, kind), text, since: this.askedAt };
  }

  /** Ends the run where the AI may not speak in the conversation as it stands. */
  private async endIfSilent(conversation: Conversation, message: Message): Promise<void> {
    const silence = whySilent(conversation, message, this.settings);
    if (silence === null) return;
    if (silence.skip === 'superseded') {
      const { portalId, threadId } = this.asked;
      // HubSpot may have lost the newer message's event: this run may only leave when that one's run exists.
      const newer = { portalId, threadId, messageId: silence.supersededBy };
      await this.activities.runStarts.startRuns.executeWithOptions(
        { summary: `run of newer message ${newer.messageId}` },
        [{ starts: [plannedReply(newer)] }],
      );
      this.story.step(`message ${newer.messageId} is newer, its run answers`);
    }
    throw this.skip(silence.skip);
  }

  private skip(reason: SkipReason): RunEnds {
    return new RunEnds({ outcome: 'skipped', reason });
  }
}

/** The one line of an activity that gave up. Cancellation and bugs are not ours to end a run with. */
const givenUp = (error: unknown): string => {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  return error.cause?.message ?? error.message;
};

const CLAIMED = {
  assigned: 'took the unassigned thread',
  owned: 'someone else took the thread first',
  unavailable: 'HubSpot offers no assignment here, the thread stays unassigned',
} satisfies Record<Awaited<ReturnType<HubSpotActivities['claimThread']>>, string>;

const inWords = (outcome: Post['outcome'], to: Post['to']): string => {
  if (to) return `reply on ${channelName(to.channelId)}`;
  return outcome === 'handed-off' ? 'handoff as internal comment' : 'draft as internal comment';
};
