import { ApplicationFailure } from '@temporalio/common';
import { allHandlersFinished, condition, defineSignal, defineUpdate, setHandler, uuid4 } from '@temporalio/workflow';
import type { Score } from '../../rules/rating/rating-settings.ts';
import { parseRate, parseRated } from '../shared/input.ts';

/** A customer has answered on the thread. What doesn't fit, or comes when nobody was asked, changes nothing. */
const ratedSignal = defineSignal<[unknown]>('rated');
/** A customer has followed the link. Refused where the token is another one, or it has been rated. */
const rateUpdate = defineUpdate<'rated', [unknown]>('rate');

/** The customer's answer, by whichever way it comes. The first one counts. */
export class Answers {
  /** Only the link has it. */
  readonly token = uuid4();
  private isOpen = false;
  private taken: Score | null = null;

  constructor() {
    setHandler(ratedSignal, (input) => this.takeIfItFits(input), {
      description: 'The customer rates: {score: 1 to 5}',
    });
    setHandler(rateUpdate, (input) => this.take(input), {
      validator: (input) => this.check(input),
      description: 'The customer rates by the link: {token, score: 1 to 5}',
    });
  }

  /** From now on answers are taken: just before the question can be seen. */
  open(): void {
    this.isOpen = true;
  }

  /** The score, once there is one; `null` where none came within `ms`. */
  async wait(ms: number): Promise<Score | null> {
    await condition(() => this.taken !== null, ms, { summary: 'the customer rates' });
    this.isOpen = false;
    await condition(allHandlersFinished);
    return this.taken;
  }

  private check(input: unknown): Score {
    const { token, score } = parseRate(input);
    if (!this.isOpen || this.taken !== null || token !== this.token)
      throw ApplicationFailure.create({
        type: 'NotRateable',
        nonRetryable: true,
        message: 'Nothing waits for this rating',
      });
    return score;
  }

  private take(input: unknown): 'rated' {
    this.taken = this.check(input);
    return 'rated';
  }

  private takeIfItFits(input: unknown): void {
    try {
      const { score } = parseRated(input);
      if (this.isOpen) this.taken ??= score;
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
    }
  }
}
