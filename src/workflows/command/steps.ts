import { patched, workflowInfo } from '@temporalio/workflow';
import { authorOf } from '../../hubspot/author.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { COMMAND_LIST, commandIn, type Wish, wishOf } from '../../rules/command.ts';
import { durationWords } from '../../rules/duration.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { handoffBody, noteBody, type PostBody } from '../../rules/replying/post-body.ts';
import { type Resumed, resumedWords, takesOnResume } from '../../rules/resumption.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import type { SkipReason } from '../../rules/skip-reasons.ts';
import { newestCustomerMessage } from '../../rules/speaking/burst.ts';
import type { OwnIdentity } from '../../rules/speaking/message-filter.ts';
import { whyAnswer } from '../../rules/why-answer.ts';
import { type FollowCommandInput, type FollowCommandResult, followCommandRun } from '../../runs/follow-command.ts';
import type { DraftDecision } from '../../runs/reply-to-message.ts';
import type { Silence } from '../../sessions/store.ts';
import { runHandOff } from '../handoff/start.ts';
import { activitiesOf } from '../shared/activity-options.ts';
import { RunStory } from '../shared/run-story.ts';
import { signalThreadChanged } from '../shared/thread-changes.ts';

/** What is to be done, and since when it holds, in ms by HubSpot's clock. */
interface Order {
  wish: Wish;
  at: number;
  /** Who says so, where it is known. */
  by: string | null;
}

/** The steps of `followCommand`. Each leaves a line in the run's story. */
export class CommandRun {
  private readonly asked: FollowCommandInput;
  private readonly settings: PortalSettings;
  private readonly story: RunStory<FollowCommandResult>;
  private readonly activities: ReturnType<typeof activitiesOf>;

  constructor(asked: FollowCommandInput, settings: PortalSettings) {
    this.asked = asked;
    this.settings = settings;
    this.activities = activitiesOf(asked.portalId, 'reply');
    this.story = new RunStory(followCommandRun.about(asked));
  }

  /** What an agent wants; or the run's end, where nobody wants anything. */
  async understand(): Promise<Order | FollowCommandResult> {
    if ('command' in this.asked) {
      const { command, text = '', by = null } = this.asked;
      // HubSpot's clock isn't at hand; a second's difference doesn't matter here.
      return this.understood({ wish: wishOf({ word: command, text }), at: Date.now(), by });
    }
    const { messageId, portalId, threadId } = this.asked;
    const comment = await this.activities.hubspotFirstReads.fetchMessage(`comment ${messageId}`, {
      portalId,
      threadId,
      messageId,
    });
    if (comment === null) return this.skip('message-not-found');
    const command = commandIn(comment, this.settings.aiActorId);
    if (command === null) return this.skip('comment');
    const text = comment.truncated ? await this.wordsInFull(comment) : command.text;
    return this.understood({
      wish: wishOf({ ...command, text }),
      at: Date.parse(comment.createdAt),
      by: comment.senders[0]?.actorId ?? null,
    });
  }

  /**
   * An agent's decision on the draft that waits; what became of it is answered where it isn't what the agent wanted.
   */
  async decide(order: Order, decision: DraftDecision): Promise<FollowCommandResult> {
    const { portalId, threadId } = this.asked;
    const { asking } = await this.activities.sessionCalls.standing('which run has a draft', {
      portalId,
      threadId,
      at: order.at,
    });
    const given = { ...decision, ...(order.by ? { by: order.by } : {}) };
    const became = asking
      ? await this.activities.threadRuns.decideDraft(decision.decision, {
          workflowId: asking,
          id: workflowInfo().firstExecutionRunId,
          decision: given,
        })
      : { refused: 'No draft waits for a decision' };
    if ('refused' in became) return await this.answer(`${became.refused}.`, `${decision.decision}: refused`);
    const line = `${became.outcome}${became.reason ? ` (${became.reason})` : ''}`;
    const isDone = became.outcome === (decision.decision === 'skip' ? 'skipped' : 'replied');
    return isDone
      ? this.followed(`${decision.decision}: ${line}`)
      : await this.answer(`It was not sent: ${line}.`, line);
  }

  async pause({ at }: Order, forMs: number | null): Promise<FollowCommandResult> {
    const until = forMs === null ? Number.POSITIVE_INFINITY : at + forMs;
    await this.silence('paused', at, forMs === null ? undefined : until);
    if (patched(SAYS_WHAT_FOLLOWS)) {
      const isOver = Date.now() > until + CLOCKS_DIFFER_MS;
      if (isOver || (await this.silenced(at)) === null)
        return await this.answer(
          'The AI is not paused on this thread: that time is over, or a later comment has ended it.',
          'paused no more',
        );
    }
    const length = forMs === null ? '' : ` for ${durationWords(forMs)}`;
    const ends = forMs === null ? '`/ai resume` ends it' : '`/ai resume` ends it before';
    return await this.answer(`The AI is paused on this thread${length}. ${ends}.`, `paused${length}`);
  }

  async resume({ at }: Order): Promise<FollowCommandResult> {
    const { portalId, threadId } = this.asked;
    await this.activities.sessionCalls.giveBack('the AI may speak again', { portalId, threadId, at });
    if (!patched(SAYS_WHAT_FOLLOWS))
      return await this.answer(
        'The AI may speak on this thread again. It answers the customer’s next message, and in it what nobody has answered before.',
        'resumed',
      );
    const resumed = await this.whatFollows(at);
    if (resumed === null) return this.skip('message-not-found');
    return await this.answer(resumedWords(resumed, this.settings), 'resumed');
  }

  /**
   * How the thread stands now that the AI may speak again; the AI takes it where it would. `null`: the thread is gone.
   */
  private async whatFollows(at: number): Promise<Resumed | null> {
    const { portalId, threadId } = this.asked;
    const conversation = await this.conversation('whether the AI answers here');
    if (conversation === null) return null;
    const newest = newestCustomerMessage(conversation.messages, this.own());
    const silenced = await this.silenced(Date.now());
    const author = newest && authorOf(newest);
    const { spent, calls } = await this.activities.sessionCalls.aiStanding('what the AI may do yet', {
      portalId,
      threadId,
      contactId: conversation.thread.contactId,
      email: author?.address?.type === 'HS_EMAIL_ADDRESS' ? author.address.value : null,
    });
    const found = { newest, at, silenced, spent, calls };
    if (silenced !== null || !takesOnResume(conversation, newest, this.settings))
      return { ...found, conversation, taken: false };
    const claimed = await this.activities.hubspotPosts.claimThread(`assign the thread to ${this.settings.aiActorId}`, {
      portalId,
      threadId,
    });
    this.story.step(`take the unassigned thread: ${claimed}`);
    // Someone else was faster: whose it is now, the words have to say.
    if (claimed !== 'owned') return { ...found, conversation, taken: claimed === 'assigned' };
    const now = await this.conversation('who has taken the thread');
    return now && { ...found, conversation: now, taken: false };
  }

  /** The run in flight stops before agents get an answer. */
  async handOff({ at, by }: Order, text: string | null): Promise<FollowCommandResult> {
    await this.silence('handed-off', at);
    const reason = text ?? `${by ?? 'an agent'} asked for it`;
    const before = await this.conversation('the message to hand over');
    const messages = before?.messages ?? [];
    const newest = newestCustomerMessage(messages, this.own());
    const line = newest && (await this.handOverFrom(newest.id, reason, new Set(messages.map(({ id }) => id))));
    if (line !== null) return this.followed(line);
    await this.comment(handoffBody(reason), 'handoff as internal comment');
    return this.followed('handed off');
  }

  private own(): OwnIdentity {
    return { aiActorId: this.settings.aiActorId, appId: null };
  }

  private async conversation(summary: string): Promise<Conversation | null> {
    const { portalId, threadId } = this.asked;
    return await this.activities.hubspotReads.fetchConversation(summary, { portalId, threadId, withoutTexts: true });
  }

  /** Why the AI is silent at a moment, whatever this command has said of it: another one may have come later. */
  private async silenced(at: number): Promise<Silence | null> {
    const { portalId, threadId } = this.asked;
    const { silenced } = await this.activities.sessionCalls.standing('whether the AI is silent', {
      portalId,
      threadId,
      at,
    });
    return silenced;
  }

  /**
   * Hands over from this message. What was done for it before is found, and not done again: then a comment of its own
   * brings the reason. `null`: the message is gone, and nothing was said. `known`: what stood on the thread before.
   */
  private async handOverFrom(
    messageId: MessageId,
    reason: string,
    known: ReadonlySet<MessageId>,
  ): Promise<string | null> {
    const { portalId, threadId } = this.asked;
    const handedOff = await runHandOff({ portalId, threadId, messageId, reason });
    const { outcome, ticketId, postedMessageId } = handedOff ?? {};
    if (ticketId) this.story.onTicket(ticketId);
    if (outcome === 'skipped') return null;
    if (outcome !== undefined && outcome !== 'handed-off') return `handoff: ${outcome}`;
    const isOld = postedMessageId !== undefined && known.has(postedMessageId);
    if (handedOff === null || isOld) await this.comment(handoffBody(reason), 'the reason of this time');
    return handedOff === null ? 'another run hands it over just now' : 'handed off';
  }

  async why(): Promise<FollowCommandResult> {
    const { portalId, threadId } = this.asked;
    const runs = await this.activities.threadRuns.newestRuns('the latest messages', { portalId, threadId });
    return await this.answer(whyAnswer(runs), `told of ${runs.length} messages`);
  }

  async explain(problem: string): Promise<FollowCommandResult> {
    return await this.answer(`${problem} ${COMMAND_LIST}`, 'not understood');
  }

  private understood(order: Order): Order {
    this.story.step(`${order.by ?? 'someone by hand'}: ${order.wish.command}`);
    return order;
  }

  /** The comment's words after the command, of which HubSpot's list and our own reads show a part. */
  private async wordsInFull({ id }: Message): Promise<string> {
    const { portalId, threadId } = this.asked;
    const [whole] = await this.activities.hubspotReads.readInFull('the whole comment', {
      portalId,
      threadId,
      messageIds: [id],
    });
    return (whole?.text ?? '').trim().replace(/^\S+\s+\S+\s*/, '');
  }

  private async silence(why: 'paused' | 'handed-off', at: number, until?: number): Promise<void> {
    const { portalId, threadId } = this.asked;
    const asking = await this.activities.sessionCalls.silence(`the AI is ${why}`, {
      portalId,
      threadId,
      why,
      at,
      ...(until === undefined ? {} : { until }),
    });
    const signalled = await signalThreadChanged(asking);
    if (signalled) this.story.step(`signalled ${signalled}`);
  }

  /** An internal comment for whoever gave the command. */
  private async answer(markup: string, line: string): Promise<FollowCommandResult> {
    await this.comment(noteBody(markup), 'answer as internal comment');
    return this.followed(line);
  }

  private async comment(words: PostBody, summary: string): Promise<void> {
    const { portalId, threadId } = this.asked;
    const { firstExecutionRunId, startTime } = workflowInfo();
    const answered = 'messageId' in this.asked ? this.asked.messageId : (firstExecutionRunId as MessageId);
    const since = new Date(startTime.getTime() - CLOCKS_DIFFER_MS).toISOString();
    await this.activities.hubspotPosts.post(summary, {
      portalId,
      threadId,
      sought: { key: postKeyOf(answered, 'command'), text: words.text, since },
      words,
      to: null,
      seen: null,
    });
  }

  private followed(line: string): FollowCommandResult {
    return this.story.end({ outcome: 'followed', reason: line });
  }

  private skip(reason: SkipReason): FollowCommandResult {
    return this.story.end({ outcome: 'skipped', reason });
  }
}

/** Runs that began before it answer `/ai resume` and `/ai pause` without a look at what then happens. */
const SAYS_WHAT_FOLLOWS = 'commands-say-what-follows';

/** Between HubSpot and Temporal: nothing that this run has posted is older. */
const CLOCKS_DIFFER_MS = 60_000;
