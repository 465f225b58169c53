import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { threadChanged } from './takeover.ts';

/** Each costs a call of the AI. After so many the look right before posting is what keeps the AI from talking over anyone. */
const MOST = 3;

/** What a run hears of others on its thread while it waits or the AI thinks ({@link threadChanged}). */
export class Disturbance {
  private ever = false;
  private unseen = false;
  private brokenOff = 0;
  private thinking: CancellationScope | null = null;

  constructor() {
    setHandler(threadChanged, () => this.note(), { description: 'Someone else has touched the thread' });
  }

  /** Someone else has touched the thread. */
  note(): void {
    this.ever = true;
    this.unseen = true;
    if (this.brokenOff < MOST) this.thinking?.cancel();
  }

  /** The run looks at the thread now: what was heard until here is no news any more. */
  looks(): void {
    this.unseen = false;
  }

  get everHeard(): boolean {
    return this.ever;
  }

  /** Someone has touched the thread since the run last looked. */
  get isNews(): boolean {
    return this.unseen;
  }

  /** Waits so many ms, less where someone disturbs. @returns whether someone has */
  wait(ms: number, summary: string): Promise<boolean> {
    return condition(() => this.ever, ms, { summary });
  }

  /** What `think` gives; broken off, and `null`, where someone has touched the thread since the run last looked. */
  async unlessDisturbed<T>(think: () => Promise<T>): Promise<T | null> {
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
