import { whatToPost } from '../../rules/replying/what-to-post.ts';
import type { ReplyToMessageResult } from '../../runs/reply-to-message.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { readFirst, stepsOfRun } from '../shared/first-read.ts';
import { parseReplyToMessage } from '../shared/input.ts';
import { askAi, handoffAtCap } from './ask-ai.ts';
import { awaitApproval } from './await-approval.ts';
import { endAfter } from './give-up.ts';
import { handOffThread } from './hand-off-thread.ts';
import { commentUnreadFiles, postUnlessThreadChanged } from './post.ts';
import { endIfRating } from './rating.ts';
import { fetchMessage, waitForMore } from './read-message.ts';
import { readThread } from './read-thread.ts';
import { recordTurn, watchInactivity, watchReply } from './record.ts';
import { ReplyRun } from './run.ts';
import { keepShadowDraft } from './shadow.ts';

/**
 * Answers one message of a customer, or says why not. One run a message: its workflow ID is the event's dedup key.
 *
 * Every step may end the run early, with a skip and its reason: it throws `EndRun`. A run that can't go on ends as
 * `needs-attention`, with an internal comment where HubSpot takes one. Input: `ReplyToMessageInput`, ids as numbers or
 * strings.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function replyToMessage(input: unknown): Promise<ReplyToMessageResult> {
  const asked = parseReplyToMessage(input);
  const steps = stepsOfRun();
  const first =
    steps === 'single'
      ? { settings: await portalSettings(asked.portalId) }
      : await readFirst(asked, `message ${asked.messageId}`, { steps, answers: true });
  const run = new ReplyRun(asked, first, steps);
  const result = await answer(run).catch((error) => endAfter(run, error));
  await run.approval.answerDeciders(result);
  return result;
}

const answer = async (run: ReplyRun): Promise<ReplyToMessageResult> => {
  // Skips what no customer wrote (rules/speaking/message-filter.ts), what is too old, and channels where the AI is off.
  const message = await fetchMessage(run);
  // Skips a number, a star or a thumb where the customer was asked for one (rules/rating/rating-in.ts).
  await endIfRating(run, message);
  await waitForMore(run, message);
  for (;;) {
    // Skips where a person is at work or has answered, and where a newer message's run answers
    // (rules/speaking/may-answer.ts).
    const { question, session } = await readThread(run, message);
    const answer = handoffAtCap(run, question) ?? (await askAi(run, question, session));
    // Someone else has touched the thread while the AI thought: read it again.
    if (answer === null) continue;

    // A reply, a draft, a handoff, or a draft that nobody sees (rules/replying/what-to-post.ts).
    const post = whatToPost(answer, message, run.settings, run.onlyDrafts);
    if (post.escalation) run.story.step(`held back (${post.escalation.reason}): ${post.escalation.why}`);
    if (post.shadow) return await keepShadowDraft(run, answer, message, post);
    const messageId =
      post.outcome === 'handed-off'
        ? await handOffThread(run, post, answer, question)
        : await postUnlessThreadChanged(run, { post, answer }, question);
    // Another run's answer came first: think again with it.
    if (messageId === null) continue;

    await commentUnreadFiles(run, answer, post);
    const placed = await awaitApproval(run, { post, answer, messageId }, question);
    await recordTurn(run, placed, question.burst);
    await watchReply(run, placed);
    await watchInactivity(run, placed);
    const { outcome, reason, escalation } = placed.post;
    return run.story.end({
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(escalation === undefined ? {} : { escalation: escalation.reason }),
      postedMessageId: placed.messageId,
    });
  }
};
