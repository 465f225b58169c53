import { modeUnder } from '../../rules/speaking/owner-gate.ts';
import { type NoticeOwnerChangeResult, noticeOwnerChangeRun } from '../../runs/notice-owner-change.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseNoticeOwnerChange } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';
import { recordTakeover } from '../shared/thread-changes.ts';

/**
 * A thread has a new owner: marks its session, and where that isn't the AI, a run in flight on the thread hears of it
 * at once (design promise 4: a human always wins).
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function noticeOwnerChange(input: unknown): Promise<NoticeOwnerChangeResult> {
  const asked = parseNoticeOwnerChange(input);
  const { portalId, threadId, assignedTo, occurredAt } = asked;
  const settings = await portalSettings(portalId);
  const story = new RunStory<NoticeOwnerChangeResult>(noticeOwnerChangeRun.about(asked));
  const mode = modeUnder(assignedTo, settings.aiActorId);
  const signalled = await recordTakeover(activitiesOf(portalId, 'reply'), { portalId, threadId, mode, at: occurredAt });
  const owner = `${assignedTo ?? 'nobody'} owns the thread`;
  return story.end({ outcome: 'noticed', reason: signalled ? `${owner}, signalled ${signalled}` : owner });
}
