import { patched } from '@temporalio/workflow';
import type { Conversation } from '../../hubspot/conversation.ts';
import { durationWords } from '../../rules/duration.ts';
import { endIfSilenced, endUnlessMayAnswer } from './may-still-answer.ts';
import { postUnlessThreadChanged } from './post.ts';
import { recordTurn } from './record.ts';
import { EndRun, type Placed, type Question, type ReplyRun, skip } from './run.ts';

/** Runs that began before it are not found as those that wait for approval. */
const DRAFTS_ARE_FOUND = 'drafts-are-found';

/**
 * Waits for what becomes of a draft: the reply that an agent has approved, or the draft itself where none has in time.
 * It waits for days, without a worker; whatever would have ended a reply ends it meanwhile, and the reply goes out as
 * every reply does.
 */
export const awaitApproval = async (run: ReplyRun, draft: Placed, question: Question): Promise<Placed> => {
  const { onApproval } = draft.post;
  if (!onApproval) return draft;
  const conversation = await untilDecided(run, question, 'the draft');
  const { decision } = run.approval;
  if (decision === null) {
    const reason = `no agent decided within ${durationWords(run.settings.approvalTimeoutMs)}`;
    return { ...draft, post: { ...draft.post, reason } };
  }
  run.story.step(`decided${decision.by ? ` by ${decision.by}` : ''}: ${decision.decision}`);
  if (decision.decision === 'skip') {
    await recordTurn(run, draft, question.burst);
    throw skip('skipped-by-agent');
  }
  const edited = decision.text ?? null;
  const reason = `${edited === null ? 'approved' : 'edited'} by ${decision.by ?? 'an agent'}`;
  const post = { ...onApproval(edited), reason };
  const { answer } = draft;
  const messageId = await postUnlessThreadChanged(run, { post, answer }, { ...question, conversation });
  if (messageId === null)
    throw new EndRun({ outcome: 'drafted', reason: 'another answer came first', postedMessageId: draft.messageId });
  return { ...draft, post, messageId };
};

/** The conversation as it stood when a decision on `what` came, or the time was over. */
export const untilDecided = async (run: ReplyRun, question: Question, what: string): Promise<Conversation> => {
  const { approvalTimeoutMs } = run.settings;
  const until = Date.now() + approvalTimeoutMs;
  let { conversation } = question;
  if (patched(DRAFTS_ARE_FOUND)) run.story.awaitApproval();
  for (;;) {
    run.story.wait(`an agent’s decision on ${what}, at most ${durationWords(approvalTimeoutMs)}`);
    await run.approval.wait(until - Date.now(), run.threadChanges);
    if (!run.threadChanges.pending) return conversation;
    run.story.step('someone else has touched the thread: looked again');
    conversation = await lookAgain(run, question, 'owner and messages while the draft waits');
  }
};

/** Reads the thread once more, and ends the run where the AI may not go on. */
export const lookAgain = async (
  run: ReplyRun,
  { message, turns }: Question,
  summary: string,
): Promise<Conversation> => {
  run.threadChanges.markSeen();
  const now = await run.calls.untilDone(({ hubspotReads }) =>
    hubspotReads.fetchConversation(summary, { ...run.thread, withoutTexts: true }),
  );
  if (now === null) throw skip('message-not-found');
  await endUnlessMayAnswer(run, now, message, turns);
  await endIfSilenced(run);
  return now;
};
