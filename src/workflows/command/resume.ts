import { patched } from '@temporalio/workflow';
import { authorAddress } from '../../hubspot/author.ts';
import { type Resumed, resumedWords, takesOnResume } from '../../rules/resumption.ts';
import { newestCustomerMessage } from '../../rules/speaking/burst.ts';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import { answer, type CommandRun, fetchThread, type Order, SAYS_WHAT_FOLLOWS, silencedAt } from './run.ts';

/** Lets the AI speak on the thread again, and says what then happens. */
export const resume = async (run: CommandRun, { at }: Order): Promise<FollowCommandResult> => {
  await run.activities.sessionCalls.giveBack('the AI may speak again', { ...run.thread, at });
  if (!patched(SAYS_WHAT_FOLLOWS))
    return await answer(
      run,
      'The AI may speak on this thread again. It answers the customer’s next message, and in it what nobody has ' +
        'answered before.',
      'resumed',
    );
  const resumed = await takeThread(run, at);
  if (resumed === null) return run.story.end({ outcome: 'skipped', reason: 'message-not-found' });
  return await answer(run, resumedWords(resumed, run.settings), 'resumed');
};

/** Takes the thread where the AI would when it answers. @returns `null`: the thread is gone */
const takeThread = async (run: CommandRun, at: number): Promise<Resumed | null> => {
  const { aiActorId } = run.settings;
  const conversation = await fetchThread(run, 'whether the AI answers here');
  if (conversation === null) return null;
  const newest = newestCustomerMessage(conversation.messages, { aiActorId, appId: null });
  const silenced = await silencedAt(run, Date.now());
  const { stopped = false, ...standing } = await run.activities.sessionCalls.aiStanding('what the AI may do yet', {
    ...run.thread,
    contactId: conversation.thread.contactId,
    email: newest && authorAddress(newest),
  });
  const found = { newest, at, silenced, stopped, ...standing };
  if (stopped || silenced !== null || !takesOnResume(conversation, newest, run.settings))
    return { ...found, conversation, taken: false };
  const claimed = await run.activities.hubspotPosts.claimThread(`assign the thread to ${aiActorId}`, run.thread);
  run.story.step(`take the unassigned thread: ${claimed}`);
  if (claimed !== 'owned') return { ...found, conversation, taken: claimed === 'assigned' };
  // Someone else was faster: the answer has to say whose it is now.
  const now = await fetchThread(run, 'who has taken the thread');
  return now && { ...found, conversation: now, taken: false };
};
