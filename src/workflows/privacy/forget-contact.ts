import type { ForgetResult } from '../../runs/erased.ts';
import { forgetContactRun } from '../../runs/forget-contact.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseForgetContact } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';
import { forget } from './erase-threads.ts';

/**
 * HubSpot has deleted a contact for good: erases what is held of every thread that has a session of that contact.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function forgetContact(input: unknown): Promise<ForgetResult> {
  const asked = parseForgetContact(input);
  const { portalId, contactId } = asked;
  await portalSettings(portalId);
  const story = new RunStory<ForgetResult>(forgetContactRun.about(asked));
  const { erasures } = activitiesOf(portalId, 'sync');
  const threadIds = await erasures.threadsOfContact(`contact ${contactId}`, { portalId, contactId });
  story.step(`threads of the contact: ${threadIds.length}`);
  return story.end(await forget(portalId, threadIds, story));
}
