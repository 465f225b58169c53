import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import type { AnswerNotes } from '../../ai/backend.ts';
import type { MessageId } from '../../hubspot/ids.ts';
import { seenIn } from '../../rules/replying/thread-snapshot.ts';
import type { Post } from '../../rules/replying/what-to-post.ts';
import { type HandOffInput, type HandOffResult, handOffWorkflowId } from '../../runs/contract.ts';
import { handOff } from '../hand-off.ts';
import { hasAnotherAnswer } from './may-still-answer.ts';
import { measureLatency } from './post.ts';
import { EndRun, type Question, type ReplyRun, skip } from './run.ts';

/**
 * Hands the thread to agents, with a run of its own that goes on without this one; as it was seen, or decided again as before a post.
 * The id of the internal comment; `null`: to be thought about anew.
 */
export const handOffThread = async (
  run: ReplyRun,
  { reason = 'the AI gave no reason' }: Post,
  { language, sentiment }: AnswerNotes,
  question: Question,
): Promise<MessageId | null> => {
  const why = {
    ...run.thread,
    ...{ messageId: run.asked.messageId, reason, tell: !run.capReached },
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
  };
  let known = question.conversation;
  for (;;) {
    const handedOff = await executeHandOff({ ...why, seen: seenIn(known) });
    const { outcome, now = null, ticketId, postedMessageId } = handedOff;
    if (ticketId) run.story.onTicket(ticketId);
    if (outcome === 'handed-off' && postedMessageId) {
      measureLatency(run, outcome);
      return postedMessageId;
    }
    if (outcome === 'skipped') throw skip('message-not-found');
    if (outcome !== 'moved') {
      const lacking = handedOff.reason ?? 'the handoff left no comment';
      run.story.alarm('handoff-incomplete', lacking);
      throw new EndRun({ outcome: 'needs-attention', reason: lacking });
    }
    if (await hasAnotherAnswer(run, question, known, now)) return null;
    known = now ?? known;
  }
};

const executeHandOff = async (input: HandOffInput): Promise<HandOffResult> => {
  const { portalId, threadId, messageId } = input;
  try {
    return await executeChild(handOff, {
      workflowId: handOffWorkflowId(input),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // It may have moved; and whoever runs this message again finds all that the first handoff has done.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `Handoff · portal ${portalId} · thread ${threadId} · message ${messageId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new EndRun({ outcome: 'handed-off', reason: 'an earlier run hands it over' });
  }
};
