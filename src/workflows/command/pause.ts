import { patched } from '@temporalio/workflow';
import { durationWords } from '../../rules/duration.ts';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import { signalThreadChanged } from '../shared/thread-changes.ts';
import { answer, CLOCKS_DIFFER_MS, type CommandRun, type Order, SAYS_WHAT_FOLLOWS, silencedAt } from './run.ts';

/** Pauses the AI on the thread, for a time in ms or until `/ai resume`. */
export const pause = async (run: CommandRun, { at }: Order, forMs: number | null): Promise<FollowCommandResult> => {
  const until = forMs === null ? Number.POSITIVE_INFINITY : at + forMs;
  await silence(run, 'paused', at, forMs === null ? undefined : until);
  if (patched(SAYS_WHAT_FOLLOWS)) {
    const isOver = Date.now() > until + CLOCKS_DIFFER_MS;
    if (isOver || (await silencedAt(run, at)) === null)
      return await answer(
        run,
        'The AI is not paused on this thread: that time is over, or a later comment has ended it.',
        'paused no more',
      );
  }
  const length = forMs === null ? '' : ` for ${durationWords(forMs)}`;
  const ends = forMs === null ? '`/ai resume` ends it' : '`/ai resume` ends it before';
  return await answer(run, `The AI is paused on this thread${length}. ${ends}.`, `paused${length}`);
};

/** Silences the AI on the thread, and stops the run that asks it there. Times in ms by HubSpot's clock. */
export const silence = async (
  run: CommandRun,
  why: 'paused' | 'handed-off',
  at: number,
  until?: number,
): Promise<void> => {
  const asking = await run.activities.sessionCalls.silence(`the AI is ${why}`, {
    ...run.thread,
    why,
    at,
    ...(until === undefined ? {} : { until }),
  });
  const signalled = await signalThreadChanged(asking);
  if (signalled) run.story.step(`signalled ${signalled}`);
};
