import type { Conversation } from '../hubspot/conversation.ts';
import type { ReplyToMessageResult } from './contract.ts';
import type { Placed, Question, ReplyContext } from './reply-context.ts';
import type { ReplyPosts } from './reply-posts.ts';
import type { ReplyRecord } from './reply-record.ts';
import type { ReplySilence } from './reply-silence.ts';
import { durationWords } from './rules/duration.ts';
import { RunEnds, skipped } from './run-ends.ts';

/** A draft that waits for an agent's decision. */
export class ReplyDraft {
  private readonly run: ReplyContext;
  private readonly silence: ReplySilence;
  private readonly posts: ReplyPosts;
  private readonly record: ReplyRecord;

  constructor(run: ReplyContext, silence: ReplySilence, posts: ReplyPosts, record: ReplyRecord) {
    this.run = run;
    this.silence = silence;
    this.posts = posts;
    this.record = record;
  }

  /**
   * What has become of a draft: the reply that an agent has approved, or the draft itself where none has in time. It waits for
   * days, without a worker; whatever would have ended a reply ends it meanwhile, and the reply goes out as every reply does.
   */
  async afterApproval(draft: Placed, question: Question): Promise<Placed> {
    const { onApproval } = draft.post;
    if (!onApproval) return draft;
    const conversation = await this.untilDecided(question);
    const { decision } = this.run.approval;
    if (decision === null) {
      const reason = `no agent decided within ${durationWords(this.run.settings.approvalTimeoutMs)}`;
      return { ...draft, post: { ...draft.post, reason } };
    }
    this.run.story.step(`decided${decision.by ? ` by ${decision.by}` : ''}: ${decision.decision}`);
    if (decision.decision === 'skip') {
      await this.record.recordTurn(draft, question.burst);
      throw skipped('skipped-by-agent');
    }
    const edited = decision.text ?? null;
    const reason = `${edited === null ? 'approved' : 'edited'} by ${decision.by ?? 'an agent'}`;
    const post = { ...onApproval(edited), reason };
    const messageId = await this.posts.postUnlessThingsChanged(post, { ...question, conversation });
    if (messageId === null)
      throw new RunEnds({ outcome: 'drafted', reason: 'another answer came first', postedMessageId: draft.messageId });
    return { post, messageId };
  }

  /** The conversation as it stood when a decision came, or the time was over. */
  private async untilDecided(question: Question): Promise<Conversation> {
    const { approvalTimeoutMs } = this.run.settings;
    const until = Date.now() + approvalTimeoutMs;
    let { conversation } = question;
    for (;;) {
      this.run.story.wait(`an agent’s decision on the draft, at most ${durationWords(approvalTimeoutMs)}`);
      await this.run.approval.wait(until - Date.now(), this.run.disturbance);
      if (!this.run.disturbance.isNews) return conversation;
      this.run.story.step('someone else has touched the thread: looked again');
      conversation = await this.lookWhileWaiting(question);
    }
  }

  private async lookWhileWaiting({ message, turns }: Question): Promise<Conversation> {
    const { portalId, threadId } = this.run.asked;
    this.run.disturbance.looks();
    const now = await this.run.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation('owner and messages while the draft waits', {
        portalId,
        threadId,
        withoutTexts: true,
      }),
    );
    if (now === null) throw skipped('message-not-found');
    await this.silence.endIfSilent(now, message, turns);
    await this.silence.endIfSilenced();
    return now;
  }

  /** Tells whoever decided on a draft what has become of it. The last thing that a run does. */
  async tellDeciders(result: ReplyToMessageResult): Promise<ReplyToMessageResult> {
    await this.run.approval.tell(result);
    return result;
  }
}
