import type { OpenedHandoff } from '../../activities/handoffs.ts';
import type { HandOffInput } from '../../runs/hand-off.ts';
import { activitiesOf } from '../shared/activity-options.ts';
import { severalSteps } from '../shared/several-steps.ts';
import { reasonIn, runThatSaysMost } from './run.ts';

/** Runs that began before it take each of these steps by itself. */
export const ONE_OPENING = 'one-opening';

/**
 * Reads the portal's settings and the thread, silences the AI, finds contact and ticket: by one activity. What is not
 * in what it gives, the run does as it would have without this, and tries and escalates it as such.
 * @throws {ApplicationFailure} `UnknownPortal`
 */
export const open = async (asked: HandOffInput, at: number): Promise<OpenedHandoff> => {
  const { portalId, threadId, messageId, seen, assignTo, joins } = asked;
  const { openings } = activitiesOf(portalId, 'reply');
  return await severalSteps(portalId, () =>
    openings.openHandoff('the thread, its contact and ticket', {
      ...{ portalId, threadId, messageId, at },
      why: reasonIn(asked),
      run: runThatSaysMost(),
      ...(seen === undefined ? {} : { seen }),
      ...(assignTo === undefined ? {} : { assignTo }),
      ...(joins === undefined ? {} : { joins }),
    }),
  );
};
