import { log, workflowInfo } from '@temporalio/workflow';
import { checkedUntil, stretchToCheck } from '../../rules/speaking/catch-up.ts';
import { type CatchUpResult, catchUpRun } from '../../runs/catch-up.ts';
import { plannedReply } from '../../runs/planned-start.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseCatchUp } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/**
 * Looks through a portal's threads for messages that no webhook announced, and makes sure that each has its run. One
 * that `advances` has the portal's next look begin where it ends; one by hand looks back as far as messages are
 * answered, and that of an earlier version's schedule to where the run before has ended.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function catchUp(input: unknown): Promise<CatchUpResult> {
  const asked = parseCatchUp(input);
  const { portalId, since, advances } = asked;
  const settings = await portalSettings(portalId);
  const { threadLists, threadReads, runStarts, catchUpNotes } = activitiesOf(portalId, 'catchUp');
  const story = new RunStory<CatchUpResult>(catchUpRun.about(asked));
  const now = Date.now();
  const before = workflowInfo().lastResult as CatchUpResult | undefined;
  const stretch = stretchToCheck(now, before?.checkedUntil ?? since, settings);

  const { threadIds, cutAt } = await threadLists.listThreadsWithNews(`threads with messages after ${stretch.after}`, {
    settings,
    stretch,
  });
  story.step(
    `since ${stretch.after}: ${count(threadIds.length, 'thread')} on which a customer may ` +
      `wait${cutAt === null ? '' : ' (the next run reads the others)'}`,
  );
  const end = async (started: number): Promise<CatchUpResult> => {
    const until = checkedUntil(now, cutAt);
    if (advances) await catchUpNotes.noteCaughtUp(`looked through until ${until}`, { portalId, checkedUntil: until });
    return story.end({ outcome: 'checked', threads: threadIds.length, started, checkedUntil: until });
  };
  if (threadIds.length === 0) return await end(0);

  const { unanswered, unreadable } = await threadReads.findUnanswered(
    `messages of ${count(threadIds.length, 'thread')}`,
    { portalId, threadIds, oldest: stretch.oldest },
  );
  if (unreadable.length > 0) story.step(`could not be read: ${unreadable.join(', ')}`);
  if (unanswered.length === 0) return await end(0);

  const starts = unanswered.map((message) => plannedReply({ portalId, ...message }));
  const { started, duplicate } = await runStarts.startRuns(count(starts.length, 'unanswered message'), { starts });
  story.step(`unanswered: ${started} without a run, started now, and ${duplicate} with one`);
  if (started > 0) log.warn('Messages found that no webhook had announced', { portalId, started });
  return await end(started);
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
