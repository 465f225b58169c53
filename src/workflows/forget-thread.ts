import type { ForgetResult } from '../runs/contract.ts';
import { PORTAL_ID, THREAD_ID } from '../runs/search-attributes.ts';
import { portalSettings } from './activity-options.ts';
import { forget } from './forgetting.ts';
import { parseForgetThread } from './input.ts';
import { RunStory } from './run-story.ts';

/**
 * HubSpot has deleted a thread for good: erases what is held of it, the session with its properties and turns, and the
 * histories of its runs.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function forgetThread(input: unknown): Promise<ForgetResult> {
  const { portalId, threadId } = parseForgetThread(input);
  await portalSettings(portalId);
  const story = new RunStory<ForgetResult>(
    [`portal ${portalId}`, `thread ${threadId}`],
    [
      { key: PORTAL_ID, value: portalId },
      { key: THREAD_ID, value: threadId },
    ],
  );
  return story.end(await forget(portalId, [threadId], story));
}
