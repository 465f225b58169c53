import { metricMeter, sleep, workflowInfo } from '@temporalio/workflow';
import type { AiAnswer } from '../../ai/backend.ts';
import { channelName } from '../../hubspot/channels.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { unreadFilesBody } from '../../rules/replying/post-body.ts';
import { snapshotOf } from '../../rules/replying/thread-snapshot.ts';
import type { Post } from '../../rules/replying/what-to-post.ts';
import type { Outcome } from '../../runs/outcomes.ts';
import { REPLY_LATENCY } from '../../runs/reply-to-message.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { LOST_POST_SETTLES } from '../shared/escalation.ts';
import { endIfSilenced, hasAnotherAnswer } from './may-still-answer.ts';
import { type Placed, type Question, type ReplyRun, skip, turnOf } from './run.ts';

const replyLatency = () =>
  metricMeter.createHistogram(
    REPLY_LATENCY,
    'int',
    'ms',
    'From the start of a run to what it posted first, by outcome',
  );

/**
 * Measures how long the customer, or the agents, waited. What goes out after an agent's decision waited for people: not
 * counted.
 */
export const measureLatency = ({ approval }: ReplyRun, outcome: Outcome): void => {
  if (!approval.hasDecided) replyLatency().record(Date.now() - workflowInfo().startTime.getTime(), { outcome });
};

/**
 * Posts if the conversation is still as it was seen; where it has moved on, the rules are asked again. `null`: another
 * run's answer has come in between, so this one has to be thought about anew.
 */
export const postUnlessThreadChanged = async (
  run: ReplyRun,
  { post: wanted, answer }: Pick<Placed, 'post' | 'answer'>,
  question: Question,
): Promise<MessageId | null> => {
  const { outcome, words, to, onApproval } = wanted;
  if (run.threadChanges.pending) await endIfSilenced(run);
  if (onApproval) run.approval.open();
  const sought = run.fingerprint(onApproval ? 'for-approval' : outcome, words);
  let known = question.conversation;
  // A draft that waits for an agent's decision is no turn yet.
  const turn = run.takesFewerSteps && !onApproval ? turnOf(run, { post: wanted, answer }, question.burst) : null;
  for (;;) {
    const post = { ...run.thread, sought, words, to, seen: snapshotOf(known), ...(turn ? { turn } : {}) };
    const posted = await run.calls.untilDone(
      ({ hubspotPosts }, isLastTry) => hubspotPosts.post(inWords(to), { ...post, mayBeLost: isLastTry }),
      () => sleep(LOST_POST_SETTLES, { summary: 'a lost post may still show' }),
    );
    if (posted.moved && posted.stopped) throw skip('stopped');
    if (!posted.moved) {
      run.story.posted(to ? 'reply' : 'draft', posted);
      measureLatency(run, outcome);
      if (posted.recorded) run.recorded = posted.messageId;
      return posted.messageId;
    }
    if (await hasAnotherAnswer(run, question, known, posted.now)) {
      // Nobody has seen this draft, and nobody may decide on the next one before it is there.
      if (onApproval) run.approval.close({ outcome: 'drafted', reason: 'another answer came first' });
      return null;
    }
    known = posted.now ?? known;
  }
};

/**
 * Where the answer was given without some of the files, agents hear of their kinds. The answer stands, whatever becomes
 * of that.
 */
export const commentUnreadFiles = async (
  run: ReplyRun,
  { unreadFiles = [] }: AiAnswer,
  { outcome }: Post,
): Promise<void> => {
  if (unreadFiles.length === 0 || outcome === 'handed-off') return;
  const words = unreadFilesBody(unreadFiles);
  const sought = run.fingerprint('unread-files', words);
  try {
    const posted = await run.calls.short.hubspotPosts.post('comment which files were not read', {
      ...run.thread,
      sought,
      words,
      to: null,
      seen: null,
    });
    if (!posted.moved) run.story.posted('comment', posted);
    run.story.step(`commented which files the AI could not read: ${unreadFiles.join(', ')}`);
  } catch (error) {
    run.story.step(`no comment could be left on unread files: ${failureReason(error)}`);
  }
};

const inWords = (to: Post['to']): string =>
  to ? `reply on ${channelName(to.channelId)}` : 'draft as internal comment';
