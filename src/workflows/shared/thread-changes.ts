import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { threadChanged } from './takeover.ts';

/** Each cancels a call of the AI that has to be paid all the same. After so many, the look right before the post has to do. */
const MOST = 3;

/** The signals that others have touched the thread of this run ({@link threadChanged}), while it waits or the AI thinks. */
export class ThreadChanges {
  private ever = false;
  private unseen = false;
  private brokenOff = 0;
  private thinking: CancellationScope | null = null;

  constructor() {
    setHandler(threadChanged, () => this.record(), { description: 'Someone else has touched the thread' });
  }

  /** Someone else has touched the thread: what the AI thinks about is out of date. */
  record(): void {
    this.ever = true;
    this.unseen = true;
    if (this.brokenOff < MOST) this.thinking?.cancel();
  }

  /** The run reads the thread now: no change before that is pending any more. */
  markSeen(): void {
    this.unseen = false;
  }

  get any(): boolean {
    return this.ever;
  }

  /** Whether someone has touched the thread since the run last read it. */
  get pending(): boolean {
    return this.unseen;
  }

  /** Waits for `ms`, or until someone touches the thread. @returns whether someone has */
  wait(ms: number, summary: string): Promise<boolean> {
    return condition(() => this.ever, ms, { summary });
  }

  /** Cancels `think` once someone has touched the thread since the run last read it. @returns `null` where that happened */
  async cancelOnChange<T>(think: () => Promise<T>): Promise<T | null> {
    if (this.unseen && this.brokenOff < MOST) return this.breakOff();
    this.thinking = new CancellationScope();
    try {
      return await this.thinking.run(think);
    } catch (error) {
      if (isCancellation(error) && this.unseen) return this.breakOff();
      throw error;
    } finally {
      this.thinking = null;
    }
  }

  private breakOff(): null {
    this.brokenOff += 1;
    return null;
  }
}
