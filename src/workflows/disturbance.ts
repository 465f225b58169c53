import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import { threadChanged } from './takeover.ts';

/** Each costs a call of the AI. After so many the look right before posting is what keeps the AI from talking over anyone. */
const MOST = 3;

/** What a run hears of others on its thread while it waits or the AI thinks ({@link threadChanged}). */
export class Disturbance {
  private heard = 0;
  private seen = 0;
  private thinking: CancellationScope | null = null;

  constructor() {
    setHandler(threadChanged, () => this.note(), { description: 'Someone else has touched the thread' });
  }

  /** Someone else has touched the thread. */
  note(): void {
    if (this.heard === MOST) return;
    this.heard += 1;
    this.thinking?.cancel();
  }

  /** The run looks at the thread now: what was heard until here is no news any more. */
  looks(): void {
    this.seen = this.heard;
  }

  get everHeard(): boolean {
    return this.heard > 0;
  }

  /** Waits so many ms, less where someone disturbs. @returns whether someone has */
  wait(ms: number, summary: string): Promise<boolean> {
    return condition(() => this.everHeard, ms, { summary });
  }

  /** What `think` gives; broken off, and `null`, where someone has touched the thread since the run last looked. */
  async unlessDisturbed<T>(think: () => Promise<T>): Promise<T | null> {
    const isDisturbed = (): boolean => this.heard > this.seen;
    if (isDisturbed()) return null;
    this.thinking = new CancellationScope();
    try {
      return await this.thinking.run(think);
    } catch (error) {
      if (isCancellation(error) && isDisturbed()) return null;
      throw error;
    } finally {
      this.thinking = null;
    }
  }
}
