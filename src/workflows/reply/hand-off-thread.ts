import type { MessageId } from '../../hubspot/ids.ts';
import { snapshotOf } from '../../rules/replying/thread-snapshot.ts';
import type { Post } from '../../rules/replying/what-to-post.ts';
import { causeOf } from '../../rules/turn-notes.ts';
import { runHandOff } from '../handoff/start.ts';
import type { AnswerOrLimit } from './ask-ai.ts';
import { hasAnotherAnswer } from './may-still-answer.ts';
import { measureLatency } from './post.ts';
import { EndRun, type Question, type ReplyRun, skip } from './run.ts';

/** What the AI has found out before it was held back, or handed off by itself. */
const whatAgentsMayUse = (answer: AnswerOrLimit): { unsent: string | undefined; consulted: string[] } =>
  answer.action === 'reply'
    ? { unsent: answer.text, consulted: answer.sources.map(({ title }) => title) }
    : { unsent: answer.unsent, consulted: answer.consulted ?? [] };

/**
 * Hands the thread to agents, with a run of its own that goes on without this one; as it was seen, or decided again as
 * before a post. The id of the internal comment; `null`: to be thought about anew.
 */
export const handOffThread = async (
  run: ReplyRun,
  post: Post,
  answer: AnswerOrLimit,
  question: Question,
): Promise<MessageId | null> => {
  const { reason = 'the AI gave no reason', escalation } = post;
  const { admission } = question.admissions;
  const { language, sentiment, limit, called = [] } = answer;
  const { unsent, consulted } = whatAgentsMayUse(answer);
  const why = {
    ...run.thread,
    ...{ messageId: run.asked.messageId, reason, tell: !run.capReached, cause: causeOf(answer, post) },
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
    ...(escalation?.assignTo === undefined ? {} : { assignTo: escalation.assignTo }),
    ...(limit === undefined ? {} : { limit }),
    ...(unsent === undefined ? {} : { unsent }),
    ...(consulted.length === 0 ? {} : { consulted }),
    ...(called.length === 0 ? {} : { called }),
    // The same from the same sender, as far as words go: agents have it before them already.
    ...(admission?.ticketId ? { joins: admission.ticketId } : {}),
  };
  let known = question.conversation;
  for (;;) {
    const handedOff = await runHandOff({ ...why, seen: snapshotOf(known) });
    if (handedOff === null) throw new EndRun({ outcome: 'handed-off', reason: 'an earlier run hands it over' });
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
