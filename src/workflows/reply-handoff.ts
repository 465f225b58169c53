import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import type { AiAnswer, AnswerNotes } from '../ai/backend.ts';
import type { MessageId } from '../hubspot/ids.ts';
import { type HandOffInput, type HandOffResult, handOffWorkflowId } from './contract.ts';
import { handOff } from './hand-off.ts';
import type { Question, ReplyContext } from './reply-context.ts';
import { measureLatency } from './reply-latency.ts';
import type { ReplySilence } from './reply-silence.ts';
import { type AiLimit, toldOfLimit } from './rules/ai-limits.ts';
import { autonomyOn, speaksToCustomers } from './rules/autonomy.ts';
import { seenIn } from './rules/moved.ts';
import { replyCap } from './rules/reply-cap.ts';
import type { Post } from './rules/what-to-post.ts';
import { RunEnds, skipped } from './run-ends.ts';

/** How a run hands its thread to agents. */
export class ReplyHandoff {
  private readonly run: ReplyContext;
  private readonly silence: ReplySilence;
  /** The AI has written, or was asked, as often as it may: two machines may be at it, so not a word more. */
  private capReached = false;

  constructor(run: ReplyContext, silence: ReplySilence) {
    this.run = run;
    this.silence = silence;
  }

  /** A handoff in place of an answer, where the AI has written to this thread as often as it may; `null` where it hasn't. */
  handoffAtCap(question: Question): AiAnswer | null {
    const cap = replyCap(question.conversation, question.message, this.run.settings);
    if (cap === null) return null;
    const { reason, told } = cap;
    if (told && this.staysAtWork(question)) throw new RunEnds({ outcome: 'handed-off', reason, postedMessageId: told });
    this.run.story.step(reason);
    this.capReached = true;
    return { action: 'handoff', reason, aiSessionId: null };
  }

  /**
   * Notes that the AI was not asked, for one of its limits is reached; ends the run where agents have heard of that within the
   * hour, or nobody is to hear of it.
   */
  atLimit(limit: AiLimit, reason: string, question: Question): void {
    this.run.story.step(reason);
    if (this.run.level === 'shadow') throw skipped('ai-limit');
    const told = toldOfLimit(limit, question.conversation, question.message);
    if (told && this.staysAtWork(question)) throw new RunEnds({ outcome: 'handed-off', reason, postedMessageId: told });
    // A contact who asks so often may be a machine.
    if (limit === 'calls') this.capReached = true;
  }

  /**
   * Hands the thread to agents, with a run of its own that goes on without this one; as it was seen, or decided again as before a post.
   * The id of the internal comment; `null`: to be thought about anew.
   */
  async handOff(
    { reason = 'the AI gave no reason' }: Post,
    { language, sentiment }: AnswerNotes,
    question: Question,
  ): Promise<MessageId | null> {
    const { portalId, threadId, messageId } = this.run.asked;
    const why = {
      ...{ portalId, threadId, messageId, reason, tell: !this.capReached },
      ...(language === undefined ? {} : { language }),
      ...(sentiment === undefined ? {} : { sentiment }),
    };
    let known = question.conversation;
    for (;;) {
      const handedOff = await this.executeHandOff({ ...why, seen: seenIn(known) });
      const { outcome, now = null, ticketId, postedMessageId } = handedOff;
      if (ticketId) this.run.story.onTicket(ticketId);
      if (outcome === 'handed-off' && postedMessageId) {
        measureLatency(this.run, outcome);
        return postedMessageId;
      }
      if (outcome === 'skipped') throw skipped('message-not-found');
      if (outcome !== 'moved') {
        const lacking = handedOff.reason ?? 'the handoff left no comment';
        this.run.story.alarm('handoff-incomplete', lacking);
        throw new RunEnds({ outcome: 'needs-attention', reason: lacking });
      }
      if (await this.silence.hasAnotherAnswer(question, known, now)) return null;
      known = now ?? known;
    }
  }

  /**
   * Whether the AI is at work on the thread after a handoff too: then one comment an hour says enough. Else an agent has given
   * the thread back since, and has to hear that the AI lets go of it again.
   */
  private staysAtWork({ message }: Question): boolean {
    const { settings } = this.run;
    return settings.handoff.after === 'answer' || !speaksToCustomers(autonomyOn(settings, message.channelId));
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
}
