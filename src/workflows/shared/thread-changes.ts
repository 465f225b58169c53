import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import type { NotedMode } from '../../sessions/store.ts';
import { type activitiesOf, askSessions, type SessionCalls } from './activity-options.ts';

/**
 * Someone else has touched the thread of a run: it has a new owner, or an agent wrote. The run cancels its call of the
 * AI and reads the thread again. The signal decides nothing, so it is safe to send by hand.
 */
export const threadChanged = defineSignal('threadChanged');

/**
 * Each cancels a call of the AI that has to be paid all the same. After so many, the look right before the post has to
 * do.
 */
const MOST = 3;

/**
 * The signals that others have touched the thread of this run ({@link threadChanged}), while it waits or the AI thinks.
 */
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

  /** Says whether someone has touched the thread since the run began. */
  get any(): boolean {
    return this.ever;
  }

  /** Says whether someone has touched the thread since the run last read it. */
  get pending(): boolean {
    return this.unseen;
  }

  /** Waits for `ms`, or until someone touches the thread. @returns whether someone has */
  wait(ms: number, summary: string): Promise<boolean> {
    return condition(() => this.ever, ms, { summary });
  }

  /**
   * Cancels `think` once someone has touched the thread since the run last read it. @returns `null` where that happened
   */
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

/**
 * Marks the thread's session, and signals the run that asks the AI there, if one does. Only HubSpot knows who owns the
 * thread; the signal makes the run ask at once rather than right before it posts.
 * @returns the workflow ID of the run that was signalled, or `null`
 */
export const recordTakeover = async (
  { sessionCalls }: ReturnType<typeof activitiesOf>,
  noted: NotedMode,
): Promise<string | null> => {
  const note = (sessions: SessionCalls) => sessions.noteMode(`${noted.mode} speaks now`, noted);
  const asking = await askSessions(note, () => note(sessionCalls));
  return noted.mode === 'ai' ? null : await signalThreadChanged(asking);
};

/**
 * Makes a run read its thread again ({@link threadChanged}).
 * @returns its workflow ID, or `null` where there is none, or it has ended
 */
export const signalThreadChanged = async (asking: string | null): Promise<string | null> => {
  if (asking === null) return null;
  try {
    await getExternalWorkflowHandle(asking).signal(threadChanged);
    return asking;
  } catch (error) {
    if (isCancellation(error)) throw error;
    // It has ended by now, so it can't talk over anyone.
    return null;
  }
};
