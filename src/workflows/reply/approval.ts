import { ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { DraftDecision, ReplyToMessageResult } from '../../runs/reply-to-message.ts';
import { parseDraftDecision } from '../shared/input.ts';
import type { ThreadChanges } from '../shared/thread-changes.ts';

const NAME = 'decideDraft';
const WHAT = 'Decides on the draft that waits: send it, edit it (with text), or skip it';

/** Nobody learns whether it was of use: what doesn't fit, or comes when no draft waits, changes nothing. */
const decideDraftSignal = defineSignal<[unknown]>(NAME);
/** Refused where it doesn't fit or no draft waits; answers with the run's result once the run has acted. */
const decideDraftUpdate = defineUpdate<ReplyToMessageResult, [unknown]>(NAME);

/** The decision of an agent that a run waits for with its draft. The first one counts. */
export class Approval {
  private isOpen = false;
  private taken: DraftDecision | null = null;
  private result: ReplyToMessageResult | null = null;

  constructor() {
    setHandler(decideDraftSignal, (input) => this.takeIfItFits(input), { description: WHAT });
    setHandler(decideDraftUpdate, (input) => this.takeAndAnswer(input), {
      validator: (input) => this.check(input),
      description: `${WHAT}; answers once that is done`,
    });
  }

  /** From now on decisions are taken: just before the draft can be seen. */
  open(): void {
    this.isOpen = true;
  }

  /** Waits for a decision: `ms` at most, and no longer once someone else touches the thread. */
  async wait(ms: number, threadChanges: ThreadChanges): Promise<void> {
    if (ms <= 0) return;
    await condition(() => this.taken !== null || threadChanges.pending, ms, {
      summary: 'an agent decides on the draft',
    });
  }

  get decision(): DraftDecision | null {
    return this.taken;
  }

  /** Answers those who decided by an Update with what came of it; only then may the run end. */
  async answerDeciders(result: ReplyToMessageResult): Promise<void> {
    this.isOpen = false;
    this.result = result;
    await condition(allHandlersFinished);
  }

  private check(input: unknown): DraftDecision {
    const decision = parseDraftDecision(input);
    if (!this.isOpen) throw refusal('No draft of this run waits for a decision');
    if (this.taken !== null) throw refusal(`It has been decided already: ${this.taken.decision}`);
    return decision;
  }

  private takeIfItFits(input: unknown): void {
    try {
      this.taken = this.check(input);
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
    }
  }

  private async takeAndAnswer(input: unknown): Promise<ReplyToMessageResult> {
    this.taken = this.check(input);
    await condition(() => this.result !== null);
    return this.result as ReplyToMessageResult;
  }
}

const refusal = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'NothingToDecide', nonRetryable: true, message });
