import type { Conversation, Message } from '../../hubspot/conversation.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { handoffBody } from '../../rules/replying/post-body.ts';
import { type CameBack, cameBack } from '../../rules/speaking/came-back.ts';
import { whyNotAnswer } from '../../rules/speaking/may-answer.ts';
import { runHandOff } from '../handoff/start.ts';
import { EndRun, type ReplyRun } from './run.ts';

const REASON = 'the customer came back to a thread that was closed';

/**
 * Meets a customer who has come back to a closed thread on which the AI may not speak, for nobody or an agent owns it:
 * with
 * `answer` the AI takes the thread; else, and where it can't, agents are informed, once, and the run ends. The
 * conversation as it is then.
 */
export const meetWhoCameBack = async (
  run: ReplyRun,
  conversation: Conversation,
  message: Message,
): Promise<Conversation> => {
  const { closedThreads } = run.settings;
  if (closedThreads === undefined) return conversation;
  const silence = whyNotAnswer(conversation, message, run.settings, run.rulesContext());
  if (silence?.skip !== 'unassigned' && silence?.skip !== 'owned-by-human') return conversation;
  const returned = cameBack(conversation, message, run.rulesContext());
  if (returned === null) return conversation;
  if (closedThreads === 'answer' && (await takesThread(run, conversation, message))) {
    const { aiActorId } = run.settings;
    return { ...conversation, thread: { ...conversation.thread, assignedTo: aiActorId } };
  }
  if (returned.informed === null) throw await informAgents(run, returned);
  run.story.step('agents know that the customer came back');
  return conversation;
};

/**
 * Says whether the AI has the thread now. Where an agent has paused it there, it stays so: a closing is no word to the
 * AI.
 */
const takesThread = async (run: ReplyRun, { thread }: Conversation, message: Message): Promise<boolean> => {
  const at = Date.parse(message.createdAt);
  const { silenced } = await run.calls.untilSessionsAnswer((sessions) =>
    sessions.standing(`whether thread ${run.thread.threadId} is paused`, { ...run.thread, at }),
  );
  if (silenced === 'paused') return false;
  const { aiActorId } = run.settings;
  const passed = await run.calls.untilDone(({ hubspotPosts }) =>
    hubspotPosts.passThread(`assign the thread to ${aiActorId}`, {
      ...run.thread,
      to: aiActorId,
      from: thread.assignedTo === null ? [] : [thread.assignedTo],
    }),
  );
  if (passed !== 'assigned') return false;
  await run.calls.untilDone(({ sessionCalls }) =>
    sessionCalls.giveBack('the handoff is over: the thread was closed', { ...run.thread, at }),
  );
  run.story.step(`${REASON}: took it`);
  return true;
};

/**
 * Hands the thread to agents as every thread is, where the AI has been at work on it; on any other, a comment is
 * enough. By what the customer wrote first: the runs of their next messages find it done.
 */
const informAgents = async (run: ReplyRun, { first, aiWasThere }: CameBack): Promise<EndRun> => {
  run.story.step(REASON);
  if (aiWasThere) {
    const handedOff = await runHandOff({ ...run.thread, messageId: first, reason: REASON });
    const { ticketId, postedMessageId, outcome, reason } = handedOff ?? {};
    if (ticketId) run.story.onTicket(ticketId);
    if (outcome === 'needs-attention') run.story.alarm('handoff-incomplete', reason ?? 'the handoff left no comment');
    return new EndRun({
      outcome: outcome === 'needs-attention' ? outcome : 'handed-off',
      reason: REASON,
      ...(postedMessageId ? { postedMessageId } : {}),
    });
  }
  const words = handoffBody(REASON);
  const sought = { key: postKeyOf(first, 'handed-off'), text: words.text, since: run.askedAt };
  const post = { ...run.thread, sought, words, to: null, seen: null };
  const posted = await run.calls.untilDone(({ hubspotPosts }, isLastTry) =>
    hubspotPosts.post('comment that the customer came back', { ...post, mayBeLost: isLastTry }),
  );
  if (!posted.moved) run.story.posted('comment', posted);
  return new EndRun({
    outcome: 'handed-off',
    reason: REASON,
    ...(posted.moved ? {} : { postedMessageId: posted.messageId }),
  });
};
