import type { ForgetResult } from '../../runs/erased.ts';
import { forgetThreadRun } from '../../runs/forget-thread.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { parseForgetThread } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';
import { forget } from './erase-threads.ts';

/**
 * HubSpot has deleted a thread for good: erases what is held of it, the session with its properties and turns, and the
 * histories of its runs.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function forgetThread(input: unknown): Promise<ForgetResult> {
  const asked = parseForgetThread(input);
  const { portalId, threadId } = asked;
  await portalSettings(portalId);
  const story = new RunStory<ForgetResult>(forgetThreadRun.about(asked));
  return story.end(await forget(portalId, [threadId], story));
}
