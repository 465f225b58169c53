import { metricMeter, workflowInfo } from '@temporalio/workflow';
import type { HubSpotActivities } from '../activities/hubspot.ts';
import type { AiAnswer } from '../ai/backend.ts';
import { channelName, EMAIL_CHANNEL_ID } from '../hubspot/channels.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { RecordedTurn, Session } from '../sessions/store.ts';
import type { PortalSettings, ReplyToMessageInput, ReplyToMessageResult } from './contract.ts';
import { attentionCause, givenUp } from './giving-up.ts';
import { type Placed, type Question, ReplyContext } from './reply-context.ts';
import { ReplyDraft } from './reply-draft.ts';
import { ReplyHandoff } from './reply-handoff.ts';
import { ReplyPosts } from './reply-posts.ts';
import { ReplyRecord } from './reply-record.ts';
import { ReplyShadow } from './reply-shadow.ts';
import { ReplySilence } from './reply-silence.ts';
import { automaticMail } from './rules/automatic-mail.ts';
import { autonomyOn } from './rules/autonomy.ts';
import { levelWithin } from './rules/budget.ts';
import { unansweredMessages } from './rules/burst.ts';
import { whyNotForAi } from './rules/message-filter.ts';
import { earlierPost } from './rules/own-post.ts';
import { mustClaim } from './rules/owner-gate.ts';
import { buildReplyRequest } from './rules/reply-request.ts';
import { speakerOf } from './rules/speaker.ts';
import { handoffWords } from './rules/words.ts';
import { RunEnds, skipped } from './run-ends.ts';
import { noteTakeover, tellOfChange } from './takeover.ts';

const overBudget = () =>
  metricMeter.createCounter(
    'threadkeeper_ai_over_budget_total',
    'run',
    'Runs that could only draft since the budget of the day was spent',
  );

/**
 * The steps of `replyToMessage`, in the order of its lines: those up to the AI's answer stand here, those after it in a class
 * for each subject. Each asks the rules and leaves a line in the run's story.
 */
export class ReplyRun {
  readonly handoff: ReplyHandoff;
  readonly shadow: ReplyShadow;
  readonly posts: ReplyPosts;
  readonly draft: ReplyDraft;
  readonly record: ReplyRecord;
  /** Why the AI may not send by itself now; `null`: it may, as far as its level goes. */
  onlyDrafts: string | null = null;
  private readonly run: ReplyContext;
  private readonly silence: ReplySilence;
  private hasTold = false;

  constructor(asked: ReplyToMessageInput, settings: PortalSettings) {
    this.run = new ReplyContext(asked, settings);
    this.silence = new ReplySilence(this.run);
    this.handoff = new ReplyHandoff(this.run, this.silence);
    this.shadow = new ReplyShadow(this.run);
    this.posts = new ReplyPosts(this.run, this.silence);
    this.record = new ReplyRecord(this.run);
    this.draft = new ReplyDraft(this.run, this.silence, this.posts, this.record);
  }

  async fetchMessage(): Promise<Message> {
    const message = await this.run.insist.on(({ hubspotFirstReads }) =>
      hubspotFirstReads.fetchMessage(`message ${this.run.asked.messageId}`, this.run.asked),
    );
    if (message === null) throw skipped('message-not-found');
    this.run.askedAt = message.createdAt;
    this.run.story.onChannel(channelName(message.channelId));
    const filtered = whyNotForAi(message, this.run.rulesContext());
    if (filtered) {
      const automatic = automaticMail(message);
      if (automatic) this.run.story.step(`written by a machine: ${automatic}`);
      await this.noteIfAgent(message);
      throw skipped(filtered);
    }
    this.run.level = autonomyOn(this.run.settings, message.channelId);
    if (this.run.level === 'off') throw skipped('channel-off');
    const ageMs = workflowInfo().startTime.getTime() - Date.parse(message.createdAt);
    if (ageMs > this.run.settings.maxMessageAgeMs && !this.run.asked.anyAge) throw skipped('too-old');
    this.run.story.step('a customer wrote');
    return message;
  }

  /** People write in bursts, and send corrections by email; a durable timer costs no worker. */
  async waitForMore(message: Message): Promise<void> {
    const isEmail = message.channelId === EMAIL_CHANNEL_ID;
    const quietMs = isEmail ? this.run.settings.emailDelayMs : this.run.settings.quietPeriodMs;
    if (quietMs === 0) return;
    const summary = isEmail ? 'email: wait for a correction' : 'quiet period: more may come';
    this.run.story.wait(`${isEmail ? 'a correction' : 'more'}, ${quietMs / 1000} s`);
    const disturbed = await this.run.disturbance.wait(quietMs, summary);
    this.run.story.step(disturbed ? 'the wait was broken off' : `waited ${quietMs / 1000} s for more`);
  }

  async lookBeforeAsking(message: Message): Promise<Conversation> {
    const { portalId, threadId } = this.run.asked;
    this.run.disturbance.looks();
    const conversation = await this.run.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation('owner and messages before asking the AI', { portalId, threadId }),
    );
    if (conversation === null) throw skipped('message-not-found');
    await this.silence.endIfSilent(conversation, message);
    const earlier = earlierPost(conversation.messages, message.id);
    if (earlier) throw new RunEnds({ ...earlier, reason: 'an earlier run has answered' });
    const owner = conversation.thread.assignedTo;
    this.run.story.step(`may speak: the thread is ${owner ? `owned by ${owner}` : 'nobody’s'}`);
    return conversation;
  }

  /** The conversation with its new owner, where the AI took it. */
  async claimIfUnassigned(conversation: Conversation): Promise<Conversation> {
    const { thread } = conversation;
    if (!mustClaim(thread, this.run.settings, this.run.level)) return conversation;
    const { portalId, threadId } = this.run.asked;
    const claimed = await this.run.insist.on(({ hubspotPosts }) =>
      hubspotPosts.claimThread(`assign the thread to ${this.run.settings.aiActorId}`, { portalId, threadId }),
    );
    this.run.story.step(CLAIMED[claimed]);
    if (claimed !== 'assigned') return conversation;
    return { ...conversation, thread: { ...thread, assignedTo: this.run.settings.aiActorId } };
  }

  async openSession({ thread }: Conversation, message: Message): Promise<{ session: Session; turns: RecordedTurn[] }> {
    const asking = { workflowId: workflowInfo().workflowId, at: Date.parse(message.createdAt) };
    const { aiDailyBudgetMillionths: budget } = this.run.settings;
    const opened = await this.run.insist.onSessions((sessions) =>
      sessions.openSession(`session of thread ${thread.id}`, {
        thread,
        channelId: message.channelId,
        // Agents who take a thread in a shadowed portal have nothing to stop.
        ...(this.run.level === 'shadow' ? {} : { asking }),
        ...(budget === undefined ? {} : { budget }),
      }),
    );
    this.keepWithin(budget, opened.spentToday);
    if (opened.session.silenced) throw skipped(opened.session.silenced);
    if (this.run.level === 'shadow') return opened;
    await this.tellWhoAskedBefore(opened.session.askedBefore);
    // Someone took over between the look and this mark, when no run was to be found that could be told.
    if (opened.session.mode !== 'ai' && !this.run.disturbance.everHeard) this.run.disturbance.note();
    const earlier = opened.turns.find(({ answeredMessageId }) => answeredMessageId === message.id);
    if (!earlier) return opened;
    const { outcome, postedMessageId } = earlier;
    throw new RunEnds({ outcome, postedMessageId, reason: 'an earlier run has answered' });
  }

  /** Another run on the thread hears of this message; one that waits with a draft for an older one has no better way. */
  private async tellWhoAskedBefore(workflowId: string | null): Promise<void> {
    if (this.hasTold) return;
    this.hasTold = true;
    const told = await tellOfChange(workflowId);
    if (told) this.run.story.step(`told ${told} of this message`);
  }

  /** The burst that one reply answers, oldest first. */
  unanswered({ messages }: Conversation, message: Message, turns: RecordedTurn[]): Message[] {
    return unansweredMessages(messages, message, this.run.rulesContext(turns));
  }

  /** `null`: broken off, because someone else has touched the thread since it was looked at. */
  async askAi({ conversation, burst }: Question, session: Session): Promise<AiAnswer | null> {
    const { portalId, threadId } = this.run.asked;
    const messageIds = burst.filter(({ truncated }) => truncated).map(({ id }) => id);
    const fullTexts =
      messageIds.length === 0
        ? []
        : await this.run.insist.on(({ hubspotReads }) =>
            hubspotReads.readInFull(`original content of ${messageIds.length} truncated`, {
              portalId,
              threadId,
              messageIds,
            }),
          );
    const request = buildReplyRequest(conversation, burst, fullTexts, session, this.run.settings.aiActorId);
    const summary = `${burst.length === 1 ? 'one question' : `a burst of ${burst.length}`} on ${request.channel}`;
    const answer = await this.run.disturbance.unlessDisturbed(() =>
      this.run.insist.soon.aiCalls.generateReply(summary, request),
    );
    if (answer === null) this.run.story.step('broken off: someone else has touched the thread');
    else this.run.story.step(answer.action === 'reply' ? 'the AI has an answer' : 'the AI hands off');
    if (answer?.spent) this.run.story.spent(answer.spent);
    return answer;
  }

  end({ post: { outcome, reason }, messageId: postedMessageId }: Placed): ReplyToMessageResult {
    return this.run.story.end({ outcome, ...(reason === undefined ? {} : { reason }), postedMessageId });
  }

  /**
   * Ends the run after a step threw: as that step said, or, when an activity has given up for good, as
   * `needs-attention` with an internal comment (design promise 8). Everything else is thrown on.
   */
  async endAfter(error: unknown): Promise<ReplyToMessageResult> {
    if (error instanceof RunEnds) return this.run.story.end(error.result);
    const reason = givenUp(error);
    this.run.story.alarm(attentionCause(error), reason);
    if (this.run.level === 'shadow') return this.run.story.end({ outcome: 'needs-attention', reason });
    try {
      const { portalId, threadId } = this.run.asked;
      const words = handoffWords(`the AI could not answer: ${reason}`);
      const left = await this.run.insist.soon.lastWords.post('tell agents that the AI could not go on', {
        portalId,
        threadId,
        sought: this.run.sought('needs-attention', words),
        words,
        to: null,
        seen: null,
      });
      return this.run.story.end({
        outcome: 'needs-attention',
        reason,
        ...(left.moved ? {} : { postedMessageId: left.messageId }),
      });
    } catch (lastError) {
      this.run.story.step(`no internal comment could be left: ${givenUp(lastError)}`);
      return this.run.story.end({ outcome: 'needs-attention', reason });
    }
  }

  /** Lowers the level where the portal has spent the day's budget. `spent` is absent where there is none. */
  private keepWithin(budget: number | undefined, spent: number | undefined): void {
    const { level, why } = levelWithin(this.run.level, spent ?? 0, budget);
    if (why === null) return;
    this.run.level = level;
    this.onlyDrafts = why;
    this.run.story.step(`${why}: a draft at most`);
    overBudget().add(1, { portal: this.run.asked.portalId });
  }

  /** What an agent says to the customer reaches a run in flight on the thread. */
  private async noteIfAgent(message: Message): Promise<void> {
    if (message.kind !== 'message' || speakerOf(message, this.run.settings.aiActorId) !== 'agent') return;
    this.run.level = autonomyOn(this.run.settings, message.channelId);
    const { portalId, threadId } = this.run.asked;
    const at = Date.parse(message.createdAt);
    const told = await noteTakeover(this.run.insist.patient, { portalId, threadId, mode: 'human', at });
    this.run.story.step(told ? `an agent wrote: told ${told}` : 'an agent wrote');
    if (this.run.level === 'shadow') await this.shadow.compareWithShadow([message]);
  }
}

const CLAIMED = {
  assigned: 'took the unassigned thread',
  owned: 'someone else took the thread first',
  unavailable: 'HubSpot offers no assignment here, the thread stays unassigned',
} satisfies Record<Awaited<ReturnType<HubSpotActivities['claimThread']>>, string>;
