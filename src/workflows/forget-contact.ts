import type { ForgetResult } from '../runs/contract.ts';
import { PORTAL_ID } from '../runs/search-attributes.ts';
import { activitiesOf, portalSettings } from './activity-options.ts';
import { forget } from './forgetting.ts';
import { parseForgetContact } from './input.ts';
import { RunStory } from './run-story.ts';

/**
 * HubSpot has deleted a contact for good: erases what is held of every thread that has a session of that contact.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function forgetContact(input: unknown): Promise<ForgetResult> {
  const { portalId, contactId } = parseForgetContact(input);
  await portalSettings(portalId);
  const story = new RunStory<ForgetResult>(
    [`portal ${portalId}`, `contact ${contactId}`],
    [{ key: PORTAL_ID, value: portalId }],
  );
  const { erasures } = activitiesOf(portalId, 'sync');
  const threadIds = await erasures.threadsOfContact(`contact ${contactId}`, { portalId, contactId });
  story.step(`threads of the contact: ${threadIds.length}`);
  return story.end(await forget(portalId, threadIds, story));
}
