import { ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { DecisionResult, DraftDecision } from '../../runs/reply-to-message.ts';
import { parseDraftDecision } from '../shared/input.ts';
import type { ThreadChanges } from '../shared/thread-changes.ts';

const NAME = 'decideDraft';
const WHAT = 'Decides on the draft that waits: send it, edit it (with text), or skip it';

/** Nobody learns whether it was of use: what doesn't fit, or comes when no draft waits, changes nothing. */
const decideDraftSignal = defineSignal<[unknown]>(NAME);
/** Refused where it doesn't fit or no draft waits; answers with what came of it once the run has acted. */
const decideDraftUpdate = defineUpdate<DecisionResult, [unknown]>(NAME);

/** A draft waits for a decision, or a tool that may only be called where an agent agrees. */
type Subject = 'draft' | 'call';

/** One thing to decide. The first decision counts. */
interface Matter {
  subject: Subject;
  taken: DraftDecision | null;
  result: DecisionResult | null;
}

/** The decisions of agents that a run waits for: one at a time. */
export class Approval {
  private matter: Matter | null = null;
  private isOpen = false;
  private everTaken = false;

  constructor() {
    setHandler(decideDraftSignal, (input) => this.takeIfItFits(input), { description: WHAT });
    setHandler(decideDraftUpdate, (input) => this.takeAndAnswer(input), {
      validator: (input) => this.check(input),
      description: `${WHAT}, and answers once that is done`,
    });
  }

  /** From now on decisions are taken: just before what they are about can be seen. */
  open(subject: Subject = 'draft'): void {
    if (!this.isOpen) this.matter = { subject, taken: null, result: null };
    this.isOpen = true;
  }

  /** Waits for a decision: `ms` at most, and no longer once someone else touches the thread. */
  async wait(ms: number, threadChanges: ThreadChanges): Promise<void> {
    if (ms <= 0) return;
    await condition(() => this.decision !== null || threadChanges.pending, ms, {
      summary: `an agent decides on the ${this.matter?.subject ?? 'draft'}`,
    });
  }

  /** On what was opened last. */
  get decision(): DraftDecision | null {
    return this.matter?.taken ?? null;
  }

  /** Says whether an agent has decided anything in this run. */
  get hasDecided(): boolean {
    return this.everTaken;
  }

  /** Answers those who decided by an Update with what came of it; no decision is taken any more. */
  close(result: DecisionResult): void {
    this.isOpen = false;
    if (this.matter) this.matter.result ??= result;
  }

  /** The same at the run's end, which has to wait until they have their answers. */
  async answerDeciders(result: DecisionResult): Promise<void> {
    this.close(result);
    await condition(allHandlersFinished);
  }

  private check(input: unknown): DraftDecision {
    const decision = parseDraftDecision(input);
    const { matter } = this;
    if (!this.isOpen || matter === null) throw refusal('No draft of this run waits for a decision');
    if (matter.taken !== null) throw refusal(`It has been decided already: ${matter.taken.decision}`);
    if (matter.subject === 'call' && decision.decision === 'edit')
      throw refusal('The call of a tool waits, which has no words to edit: send lets it be made, skip does not');
    return decision;
  }

  private take(input: unknown): Matter {
    const taken = this.check(input);
    this.everTaken = true;
    const matter = this.matter as Matter;
    matter.taken = taken;
    return matter;
  }

  private takeIfItFits(input: unknown): void {
    try {
      this.take(input);
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
    }
  }

  private async takeAndAnswer(input: unknown): Promise<DecisionResult> {
    const matter = this.take(input);
    await condition(() => matter.result !== null);
    return matter.result as DecisionResult;
  }
}

const refusal = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'NothingToDecide', nonRetryable: true, message });
