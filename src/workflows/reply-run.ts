import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  executeChild,
  log,
  metricMeter,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { HubSpotActivities } from '../activities/hubspot.ts';
import type { AiAnswer, AnswerNotes } from '../ai/backend.ts';
import { channelName, EMAIL_CHANNEL_ID, LIVE_CHAT_CHANNEL_ID } from '../hubspot/channels.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../hubspot/ids.ts';
import type { RecordedTurn, Session } from '../sessions/store.ts';
import { PORTAL_ID, THREAD_ID } from '../temporal/search-attributes.ts';
import { Approval } from './approval.ts';
import { checkDelivery } from './check-delivery.ts';
import {
  deliveryCheckWorkflowId,
  type HandOffInput,
  type HandOffResult,
  handOffWorkflowId,
  type Outcome,
  type PortalSettings,
  plannedReply,
  REPLY_LATENCY,
  type ReplyToMessageInput,
  type ReplyToMessageResult,
  type SkipReason,
} from './contract.ts';
import { Disturbance } from './disturbance.ts';
import { attentionCause, givenUp } from './giving-up.ts';
import { handOff } from './hand-off.ts';
import { Insistence, LOST_POST_SETTLES } from './insistence.ts';
import { automaticMail } from './rules/automatic-mail.ts';
import { type Autonomy, autonomyOn } from './rules/autonomy.ts';
import { levelWithin } from './rules/budget.ts';
import { type BurstContext, unansweredMessages } from './rules/burst.ts';
import { durationWords } from './rules/duration.ts';
import { whyNotForAi } from './rules/message-filter.ts';
import { seenIn } from './rules/moved.ts';
import { earlierPost, type PostKind, postKeyOf, type SoughtPost } from './rules/own-post.ts';
import { mustClaim } from './rules/owner-gate.ts';
import { replyCap } from './rules/reply-cap.ts';
import { buildReplyRequest } from './rules/reply-request.ts';
import { comparisonInWords, humanWords, shadowDraft, writtenSince } from './rules/shadow.ts';
import { speakerOf } from './rules/speaker.ts';
import { whySilent } from './rules/verdict.ts';
import type { Post } from './rules/what-to-post.ts';
import { handoffWords, unreadFilesWords, type Words } from './rules/words.ts';
import { RunStory } from './run-story.ts';
import { noteTakeover, tellOfChange } from './takeover.ts';

const overBudget = metricMeter.createCounter(
  'threadkeeper_ai_over_budget_total',
  'run',
  'Runs that could only draft since the budget of the day was spent',
);

const shadowPairs = metricMeter.createCounter(
  'threadkeeper_shadow_pairs_total',
  'pair',
  "Agents' messages that were held against a draft of the AI's that nobody saw, by verdict",
);

const replyLatency = metricMeter.createHistogram(
  REPLY_LATENCY,
  'int',
  'ms',
  'From the start of a run to what it posted first, by outcome',
);

/** What stands on the thread, and where. */
export interface Placed {
  post: Post;
  messageId: MessageId;
}

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
  private readonly insist: Insistence;
  private readonly disturbance = new Disturbance();
  private readonly approval = new Approval();
  private readonly story: RunStory<ReplyToMessageResult>;
  /** When the customer wrote, by HubSpot's clock: nothing that answers it is older. */
  private askedAt = new Date(0).toISOString();
  private hasTold = false;
  /** The AI has written as often as it may: two machines may be at it, so not a word more. */
  private capReached = false;
  /** How far the AI may go: the portal's rule until the message's channel is known. */
  private level: Autonomy;
  /** Why the AI may not send by itself now; `null`: it may, as far as its level goes. */
  onlyDrafts: string | null = null;

  constructor(asked: ReplyToMessageInput, settings: PortalSettings) {
    this.asked = asked;
    this.settings = settings;
    this.level = settings.autonomy.default;
    this.story = new RunStory(
      [`portal ${asked.portalId}`, `thread ${asked.threadId}`],
      [
        { key: PORTAL_ID, value: asked.portalId },
        { key: THREAD_ID, value: asked.threadId },
      ],
    );
    this.insist = new Insistence(asked.portalId, settings.attentionAfterMs, this.story);
  }

  async fetchMessage(): Promise<Message> {
    const message = await this.insist.on(({ hubspotFirstReads }) =>
      hubspotFirstReads.fetchMessage.executeWithOptions({ summary: `message ${this.asked.messageId}` }, [this.asked]),
    );
    if (message === null) throw this.skip('message-not-found');
    this.askedAt = message.createdAt;
    this.story.onChannel(channelName(message.channelId));
    const filtered = whyNotForAi(message, this.context());
    if (filtered) {
      const automatic = automaticMail(message);
      if (automatic) this.story.step(`written by a machine: ${automatic}`);
      await this.noteIfAgent(message);
      throw this.skip(filtered);
    }
    this.level = autonomyOn(this.settings, message.channelId);
    if (this.level === 'off') throw this.skip('channel-off');
    const ageMs = workflowInfo().startTime.getTime() - Date.parse(message.createdAt);
    if (ageMs > this.settings.maxMessageAgeMs && !this.asked.anyAge) throw this.skip('too-old');
    this.story.step('a customer wrote');
    return message;
  }

  /** People write in bursts, and send corrections by email; a durable timer costs no worker. */
  async waitForMore(message: Message): Promise<void> {
    const isEmail = message.channelId === EMAIL_CHANNEL_ID;
    const quietMs = isEmail ? this.settings.emailDelayMs : this.settings.quietPeriodMs;
    if (quietMs === 0) return;
    const summary = isEmail ? 'email: wait for a correction' : 'quiet period: more may come';
    const disturbed = await this.disturbance.wait(quietMs, summary);
    this.story.step(disturbed ? 'the wait was broken off' : `waited ${quietMs / 1000} s for more`);
  }

  async lookBeforeAsking(message: Message): Promise<Conversation> {
    const { portalId, threadId } = this.asked;
    this.disturbance.looks();
    const conversation = await this.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation.executeWithOptions({ summary: 'owner and messages before asking the AI' }, [
        { portalId, threadId },
      ]),
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
    if (!mustClaim(thread, this.settings, this.level)) return conversation;
    const { portalId, threadId } = this.asked;
    const claimed = await this.insist.on(({ hubspotPosts }) =>
      hubspotPosts.claimThread.executeWithOptions({ summary: `assign the thread to ${this.settings.aiActorId}` }, [
        { portalId, threadId },
      ]),
    );
    this.story.step(CLAIMED[claimed]);
    if (claimed !== 'assigned') return conversation;
    return { ...conversation, thread: { ...thread, assignedTo: this.settings.aiActorId } };
  }

  async openSession({ thread }: Conversation, message: Message): Promise<{ session: Session; turns: RecordedTurn[] }> {
    const asking = { workflowId: workflowInfo().workflowId, at: Date.parse(message.createdAt) };
    const { aiDailyBudgetMillionths: budget } = this.settings;
    const opened = await this.insist.on(({ sessionCalls }) =>
      sessionCalls.openSession.executeWithOptions({ summary: `session of thread ${thread.id}` }, [
        {
          thread,
          channelId: message.channelId,
          // Agents who take a thread in a shadowed portal have nothing to stop.
          ...(this.level === 'shadow' ? {} : { asking }),
          ...(budget === undefined ? {} : { budget }),
        },
      ]),
    );
    this.keepWithin(budget, opened.spentToday);
    if (opened.session.silenced) throw this.skip(opened.session.silenced);
    if (this.level === 'shadow') return opened;
    await this.tellWhoAskedBefore(opened.session.askedBefore);
    // Someone took over between the look and this mark, when no run was to be found that could be told.
    if (opened.session.mode !== 'ai' && !this.disturbance.everHeard) this.disturbance.note();
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
    if (told) this.story.step(`told ${told} of this message`);
  }

  /** The burst that one reply answers, oldest first. */
  unanswered({ messages }: Conversation, message: Message, turns: RecordedTurn[]): Message[] {
    return unansweredMessages(messages, message, this.context(turns));
  }

  /** A handoff in place of an answer, where the AI has written to this thread as often as it may; `null` where it hasn't. */
  handoffAtCap(conversation: Conversation, message: Message): AiAnswer | null {
    const cap = replyCap(conversation, message, this.settings);
    if (cap === null) return null;
    const { reason, told } = cap;
    if (told) throw new RunEnds({ outcome: 'handed-off', reason, postedMessageId: told });
    this.story.step(reason);
    this.capReached = true;
    return { action: 'handoff', reason, aiSessionId: null };
  }

  /** `null`: broken off, because someone else has touched the thread since it was looked at. */
  async askAi(conversation: Conversation, burst: Message[], session: Session): Promise<AiAnswer | null> {
    const { portalId, threadId } = this.asked;
    const messageIds = burst.filter(({ truncated }) => truncated).map(({ id }) => id);
    const fullTexts =
      messageIds.length === 0
        ? []
        : await this.insist.on(({ hubspotReads }) =>
            hubspotReads.readInFull.executeWithOptions(
              { summary: `original content of ${messageIds.length} truncated` },
              [{ portalId, threadId, messageIds }],
            ),
          );
    const request = buildReplyRequest(conversation, burst, fullTexts, session, this.settings.aiActorId);
    const summary = `${burst.length === 1 ? 'one question' : `a burst of ${burst.length}`} on ${request.channel}`;
    const answer = await this.disturbance.unlessDisturbed(() =>
      this.insist.soon.aiCalls.generateReply.executeWithOptions({ summary }, [request]),
    );
    if (answer === null) this.story.step('broken off: someone else has touched the thread');
    else this.story.step(answer.action === 'reply' ? 'the AI has an answer' : 'the AI hands off');
    if (answer?.spent) this.story.spent(answer.spent);
    return answer;
  }

  /**
   * Posts if the conversation is still as it was seen; where it has moved on, the rules are asked again. `null`: another run's
   * answer has come in between, so this one has to be thought about anew.
   */
  async postUnlessThingsChanged(
    { outcome, words, to, onApproval }: Post,
    message: Message,
    before: Conversation,
    turns: RecordedTurn[],
  ): Promise<MessageId | null> {
    if (this.disturbance.isNews) await this.endIfSilenced();
    if (onApproval) this.approval.open();
    const { portalId, threadId } = this.asked;
    const sought = this.sought(outcome, words);
    let known = before;
    for (;;) {
      const post = { portalId, threadId, sought, words, to, seen: seenIn(known) };
      const posted = await this.insist.on(
        ({ hubspotPosts }, isLastTry) =>
          hubspotPosts.post.executeWithOptions({ summary: inWords(to) }, [{ ...post, mayBeLost: isLastTry }]),
        () => sleep(LOST_POST_SETTLES, { summary: 'a lost post may still show' }),
      );
      if (!posted.moved) {
        this.measure(outcome);
        return posted.messageId;
      }
      if (await this.hasAnotherAnswer(known, posted.now, message, turns)) return null;
      known = posted.now ?? known;
    }
  }

  /** How long the customer, or the agents, waited. What goes out after an agent's decision waited for people: not counted. */
  private measure(outcome: Outcome): void {
    if (this.approval.decision === null)
      replyLatency.record(Date.now() - workflowInfo().startTime.getTime(), { outcome });
  }

  /**
   * Hands the thread to agents, with a run of its own that goes on without this one; as it was seen, or decided again as above. The
   * id of the internal comment; `null`: to be thought about anew.
   */
  async handOff(
    { reason = 'the AI gave no reason' }: Post,
    { language, sentiment }: AnswerNotes,
    message: Message,
    before: Conversation,
    turns: RecordedTurn[],
  ): Promise<MessageId | null> {
    const { portalId, threadId, messageId } = this.asked;
    const why = {
      ...{ portalId, threadId, messageId, reason, tell: !this.capReached },
      ...(language === undefined ? {} : { language }),
      ...(sentiment === undefined ? {} : { sentiment }),
    };
    let known = before;
    for (;;) {
      const handedOff = await this.executeHandOff({ ...why, seen: seenIn(known) });
      const { outcome, now = null, ticketId, postedMessageId } = handedOff;
      if (ticketId) this.story.onTicket(ticketId);
      if (outcome === 'handed-off' && postedMessageId) {
        this.measure(outcome);
        return postedMessageId;
      }
      if (outcome === 'skipped') throw this.skip('message-not-found');
      if (outcome !== 'moved') {
        const lacking = handedOff.reason ?? 'the handoff left no comment';
        this.story.alarm('handoff-incomplete', lacking);
        throw new RunEnds({ outcome: 'needs-attention', reason: lacking });
      }
      if (await this.hasAnotherAnswer(known, now, message, turns)) return null;
      known = now ?? known;
    }
  }

  /**
   * What has become of a draft: the reply that an agent has approved, or the draft itself where none has in time. It waits for
   * days, without a worker; whatever would have ended a reply ends it meanwhile, and the reply goes out as every reply does.
   */
  async afterApproval(
    draft: Placed,
    message: Message,
    before: Conversation,
    turns: RecordedTurn[],
    burst: Message[],
  ): Promise<Placed> {
    const { onApproval } = draft.post;
    if (!onApproval) return draft;
    const conversation = await this.untilDecided(message, before, turns);
    const { decision } = this.approval;
    if (decision === null) {
      const reason = `no agent decided within ${durationWords(this.settings.approvalTimeoutMs)}`;
      return { ...draft, post: { ...draft.post, reason } };
    }
    this.story.step(`decided${decision.by ? ` by ${decision.by}` : ''}: ${decision.decision}`);
    if (decision.decision === 'skip') {
      await this.recordTurn(draft, burst);
      throw this.skip('skipped-by-agent');
    }
    const edited = decision.text ?? null;
    const reason = `${edited === null ? 'approved' : 'edited'} by ${decision.by ?? 'an agent'}`;
    const post = { ...onApproval(edited), reason };
    const messageId = await this.postUnlessThingsChanged(post, message, conversation, turns);
    if (messageId === null)
      throw new RunEnds({ outcome: 'drafted', reason: 'another answer came first', postedMessageId: draft.messageId });
    return { post, messageId };
  }

  /** The conversation as it stood when a decision came, or the time was over. */
  private async untilDecided(message: Message, before: Conversation, turns: RecordedTurn[]): Promise<Conversation> {
    const { approvalTimeoutMs } = this.settings;
    const until = Date.now() + approvalTimeoutMs;
    let conversation = before;
    for (;;) {
      this.story.wait(`an agent’s decision on the draft, at most ${durationWords(approvalTimeoutMs)}`);
      await this.approval.wait(until - Date.now(), this.disturbance);
      if (!this.disturbance.isNews) return conversation;
      this.story.step('someone else has touched the thread: looked again');
      conversation = await this.lookWhileWaiting(message, turns);
    }
  }

  private async lookWhileWaiting(message: Message, turns: RecordedTurn[]): Promise<Conversation> {
    const { portalId, threadId } = this.asked;
    this.disturbance.looks();
    const now = await this.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation.executeWithOptions({ summary: 'owner and messages while the draft waits' }, [
        { portalId, threadId, withoutTexts: true },
      ]),
    );
    if (now === null) throw this.skip('message-not-found');
    await this.endIfSilent(now, message, turns);
    await this.endIfSilenced();
    return now;
  }

  /** The customer has their answer by now: that nobody could write it down doesn't take it back. */
  async recordTurn({ post: { outcome }, messageId: postedMessageId }: Placed, burst: Message[]): Promise<void> {
    const { portalId, threadId } = this.asked;
    const answeredMessageIds = burst.map(({ id }) => id);
    try {
      await this.insist.patient.sessionCalls.recordTurn.executeWithOptions({ summary: outcome }, [
        { portalId, threadId, answeredMessageIds, outcome, postedMessageId, workflowId: workflowInfo().workflowId },
      ]);
    } catch (error) {
      const reason = givenUp(error);
      log.error('A turn could not be recorded', { ...this.asked, reason });
      this.story.step(`the session store could not record it: ${reason}`);
    }
  }

  /**
   * Leaves a run behind that asks HubSpot some time later whether the reply arrived. Not on live chat, where the customer's
   * own browser fetches it.
   */
  async watchDelivery({ post: { outcome, to }, messageId }: Placed): Promise<void> {
    if (outcome !== 'replied' || to?.channelId === LIVE_CHAT_CHANNEL_ID || this.settings.deliveryCheckMs === 0) return;
    const { portalId, threadId } = this.asked;
    const sent = { portalId, threadId, messageId };
    try {
      await startChild(checkDelivery, {
        workflowId: deliveryCheckWorkflowId(sent),
        args: [sent],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: `Delivery · portal ${portalId} · thread ${threadId} · reply ${messageId}`,
      });
    } catch (error) {
      // It has been checked: an earlier run of this message has posted it.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Where the answer was given without some of the files, agents hear of their kinds. The answer stands, whatever becomes of that. */
  async tellUnreadFiles({ unreadFiles = [] }: AiAnswer, { outcome }: Post): Promise<void> {
    if (unreadFiles.length === 0 || outcome === 'handed-off') return;
    const { portalId, threadId } = this.asked;
    const words = unreadFilesWords(unreadFiles);
    try {
      await this.insist.soon.hubspotPosts.post.executeWithOptions(
        { summary: 'tell agents which files were not read' },
        [{ portalId, threadId, sought: this.sought('unread-files', words), words, to: null, seen: null }],
      );
      this.story.step(`told agents of files that the AI could not read: ${unreadFiles.join(', ')}`);
    } catch (error) {
      this.story.step(`agents could not be told of unread files: ${givenUp(error)}`);
    }
  }

  end({ post: { outcome, reason }, messageId: postedMessageId }: Placed): ReplyToMessageResult {
    return this.story.end({ outcome, ...(reason === undefined ? {} : { reason }), postedMessageId });
  }

  /**
   * Ends the run after a step threw: as that step said, or, when an activity has given up for good, as
   * `needs-attention` with an internal comment (design promise 8). Everything else is thrown on.
   */
  async endAfter(error: unknown): Promise<ReplyToMessageResult> {
    if (error instanceof RunEnds) return this.story.end(error.result);
    const reason = givenUp(error);
    this.story.alarm(attentionCause(error), reason);
    if (this.level === 'shadow') return this.story.end({ outcome: 'needs-attention', reason });
    try {
      const { portalId, threadId } = this.asked;
      const words = handoffWords(`the AI could not answer: ${reason}`);
      const left = await this.insist.soon.lastWords.post.executeWithOptions(
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

  /** Keeps the answer for what an agent will write, or has written while the AI thought. */
  async keepToItself(answer: AiAnswer, message: Message, { outcome, reason }: Post): Promise<ReplyToMessageResult> {
    const { portalId, threadId } = this.asked;
    await this.insist.on(({ sessionCalls }) =>
      sessionCalls.keepShadowDraft.executeWithOptions({ summary: 'a draft that nobody sees' }, [
        shadowDraft(answer, message, this.asked),
      ]),
    );
    const now = await this.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation.executeWithOptions({ summary: 'whether an agent has written meanwhile' }, [
        { portalId, threadId },
      ]),
    );
    await this.compareWithShadow(writtenSince(now?.messages ?? [], message, this.settings.aiActorId));
    return this.story.end({ outcome, ...(reason === undefined ? {} : { reason }) });
  }

  private async compareWithShadow(written: Message[]): Promise<void> {
    if (written.length === 0) return;
    const comparison = await this.insist.patient.sessionCalls.compareWithShadow.executeWithOptions(
      { summary: 'the AI’s draft and what an agent wrote' },
      [written.map((message) => humanWords(message, this.asked))],
    );
    if (comparison === null) return;
    this.story.step(comparisonInWords(comparison));
    shadowPairs.add(1, { portal: this.asked.portalId, verdict: comparison.verdict });
  }

  /** Tells whoever decided on a draft what has become of it. The last thing that a run does. */
  async tellDeciders(result: ReplyToMessageResult): Promise<ReplyToMessageResult> {
    await this.approval.tell(result);
    return result;
  }

  /** Lowers the level where the portal has spent the day's budget. `spent` is absent where there is none. */
  private keepWithin(budget: number | undefined, spent: number | undefined): void {
    const { level, why } = levelWithin(this.level, spent ?? 0, budget);
    if (why === null) return;
    this.level = level;
    this.onlyDrafts = why;
    this.story.step(`${why}: a draft at most`);
    overBudget.add(1, { portal: this.asked.portalId });
  }

  /** What an agent says to the customer reaches a run in flight on the thread. */
  private async noteIfAgent(message: Message): Promise<void> {
    if (message.kind !== 'message' || speakerOf(message, this.settings.aiActorId) !== 'agent') return;
    this.level = autonomyOn(this.settings, message.channelId);
    const { portalId, threadId } = this.asked;
    const at = Date.parse(message.createdAt);
    const told = await noteTakeover(this.insist.patient, { portalId, threadId, mode: 'human', at });
    this.story.step(told ? `an agent wrote: told ${told}` : 'an agent wrote');
    if (this.level === 'shadow') await this.compareWithShadow([message]);
  }

  /** What the rules have to know beside the messages. */
  private context(turns: RecordedTurn[] = []): BurstContext {
    return { aiActorId: this.settings.aiActorId, appId: this.asked.appId ?? null, turns };
  }

  /** How a post of this run is recognised on the thread. */
  private sought(kind: PostKind, { text }: Words): SoughtPost {
    return { key: postKeyOf(this.asked.messageId, kind), text, since: this.askedAt };
  }

  /** Ends the run where the AI is to be silent on the thread, which HubSpot knows nothing of. */
  private async endIfSilenced(): Promise<void> {
    const { portalId, threadId } = this.asked;
    const at = Date.parse(this.askedAt);
    const { silenced } = await this.insist.on(({ sessionCalls }) =>
      sessionCalls.standing.executeWithOptions({ summary: `whether thread ${threadId} is silenced` }, [
        { portalId, threadId, at },
      ]),
    );
    if (silenced) throw this.skip(silenced);
  }

  private async executeHandOff(input: HandOffInput): Promise<HandOffResult> {
    const { portalId, threadId, messageId } = input;
    try {
      return await executeChild(handOff, {
        workflowId: handOffWorkflowId(input),
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        // It may have moved; and whoever runs this message again finds all that the first handoff has done.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `Handoff · portal ${portalId} · thread ${threadId} · message ${messageId}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      throw new RunEnds({ outcome: 'handed-off', reason: 'an earlier run hands it over' });
    }
  }

  /**
   * Decides again on a conversation that has moved on: ends the run where the AI may not speak any more. Whether another run's
   * answer has come in between.
   */
  private async hasAnotherAnswer(
    before: Conversation,
    now: Conversation | null,
    message: Message,
    turns: RecordedTurn[],
  ): Promise<boolean> {
    if (now === null) throw this.skip('message-not-found');
    this.story.step('the conversation moved on before the post: decided again');
    await this.endIfSilent(now, message, turns);
    const known = new Set(before.messages.map(({ id }) => id));
    return now.messages.some((other) => !known.has(other.id) && isReplyOf(other, this.settings.aiActorId));
  }

  /** Ends the run where the AI may not speak in the conversation as it stands. */
  private async endIfSilent(conversation: Conversation, message: Message, turns: RecordedTurn[] = []): Promise<void> {
    const silence = whySilent(conversation, message, this.settings, this.context(turns));
    if (silence === null) return;
    if (silence.skip === 'superseded') {
      const { portalId, threadId } = this.asked;
      // HubSpot may have lost the newer message's event: this run may only leave when that one's run exists.
      const { appId } = this.asked;
      const newer = { portalId, threadId, messageId: silence.supersededBy, ...(appId === undefined ? {} : { appId }) };
      await this.insist.soon.runStarts.startRuns.executeWithOptions(
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

const isReplyOf = (message: Message, aiActorId: ActorId): boolean =>
  message.kind === 'message' && speakerOf(message, aiActorId) === 'ai';

const CLAIMED = {
  assigned: 'took the unassigned thread',
  owned: 'someone else took the thread first',
  unavailable: 'HubSpot offers no assignment here, the thread stays unassigned',
} satisfies Record<Awaited<ReturnType<HubSpotActivities['claimThread']>>, string>;

const inWords = (to: Post['to']): string =>
  to ? `reply on ${channelName(to.channelId)}` : 'draft as internal comment';
