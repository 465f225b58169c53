import { portalSettings } from './activity-options.ts';
import type { PortalSettings, ReplyToMessageResult } from './contract.ts';
import { parseReplyToMessage } from './input.ts';
import { ReplyRun } from './reply-run.ts';
import { whatToPost } from './rules/what-to-post.ts';

/**
 * Answers one message of a customer, or says why not. One run a message: its workflow ID is the event's dedup key.
 *
 * Every step may end the run early, with a skip and its reason. Where someone else has touched the thread while the AI
 * thought, the run looks again from the top of the loop. A run that can't go on ends as `needs-attention`, with
 * an internal comment where HubSpot takes one. Input: `ReplyToMessageInput`, ids as numbers or strings.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function replyToMessage(input: unknown): Promise<ReplyToMessageResult> {
  const asked = parseReplyToMessage(input);
  const settings = await portalSettings(asked.portalId);
  const run = new ReplyRun(asked, settings);
  return await run.draft.tellDeciders(await answer(run, settings));
}

const answer = async (run: ReplyRun, settings: PortalSettings): Promise<ReplyToMessageResult> => {
  try {
    const message = await run.fetchMessage();
    await run.waitForMore(message);
    for (;;) {
      const found = await run.lookBeforeAsking(message);
      const { session, turns } = await run.openSession(found, message);
      const conversation = await run.claimIfUnassigned(found);
      const burst = run.unanswered(conversation, message, turns);
      const question = { message, burst, conversation, turns };
      const answer = run.handoff.handoffAtCap(question) ?? (await run.askAi(question, session));
      if (answer === null) continue;
      const post = whatToPost(answer, message, settings, run.onlyDrafts);
      if (post.kept) return await run.shadow.keepToItself(answer, message, post);
      const messageId =
        post.outcome === 'handed-off'
          ? await run.handoff.handOff(post, answer, question)
          : await run.posts.postUnlessThingsChanged(post, question);
      if (messageId === null) continue;
      await run.posts.tellUnreadFiles(answer, post);
      const placed = await run.draft.afterApproval({ post, messageId }, question);
      await run.record.recordTurn(placed, burst);
      await run.record.watchDelivery(placed);
      return run.end(placed);
    }
  } catch (error) {
    return await run.endAfter(error);
  }
};
