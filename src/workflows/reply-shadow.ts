import { metricMeter } from '@temporalio/workflow';
import type { AiAnswer } from '../ai/backend.ts';
import type { Message } from '../hubspot/conversation.ts';
import type { ReplyToMessageResult } from './contract.ts';
import type { ReplyContext } from './reply-context.ts';
import { comparisonInWords, humanWords, shadowDraft, writtenSince } from './rules/shadow.ts';
import type { Post } from './rules/what-to-post.ts';

const shadowPairs = () =>
  metricMeter.createCounter(
    'threadkeeper_shadow_pairs_total',
    'pair',
    "Agents' messages that were held against a draft of the AI's that nobody saw, by verdict",
  );

/** What the AI would have said where nobody is to see it, held against what agents say. */
export class ReplyShadow {
  private readonly run: ReplyContext;

  constructor(run: ReplyContext) {
    this.run = run;
  }

  /** Keeps the answer for what an agent will write, or has written while the AI thought. */
  async keepToItself(answer: AiAnswer, message: Message, { outcome, reason }: Post): Promise<ReplyToMessageResult> {
    const { portalId, threadId } = this.run.asked;
    await this.run.insist.on(({ sessionCalls }) =>
      sessionCalls.keepShadowDraft('a draft that nobody sees', shadowDraft(answer, message, this.run.asked)),
    );
    const now = await this.run.insist.on(({ hubspotReads }) =>
      hubspotReads.fetchConversation('whether an agent has written meanwhile', { portalId, threadId }),
    );
    await this.compareWithShadow(writtenSince(now?.messages ?? [], message, this.run.settings.aiActorId));
    return this.run.story.end({ outcome, ...(reason === undefined ? {} : { reason }) });
  }

  /** Holds what agents wrote against the draft that is kept for it. */
  async compareWithShadow(written: Message[]): Promise<void> {
    if (written.length === 0) return;
    const comparison = await this.run.insist.patient.sessionCalls.compareWithShadow(
      'the AI’s draft and what an agent wrote',
      written.map((message) => humanWords(message, this.run.asked)),
    );
    if (comparison === null) return;
    this.run.story.step(comparisonInWords(comparison));
    shadowPairs().add(1, { portal: this.run.asked.portalId, verdict: comparison.verdict });
  }
}
