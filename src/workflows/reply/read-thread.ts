import { metricMeter, sleep } from '@temporalio/workflow';
import type { Look, Opened } from '../../activities/first-reads.ts';
import type { HubSpotActivities } from '../../activities/hubspot.ts';
import type { Admissions } from '../../activities/sessions.ts';
import type { Conversation, Message, Thread } from '../../hubspot/conversation.ts';
import { earlierPost } from '../../rules/replying/own-post.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { levelWithin } from '../../rules/speaking/budget.ts';
import { unansweredMessages } from '../../rules/speaking/burst.ts';
import { type Opening, openingFor } from '../../rules/speaking/opening.ts';
import { mustClaim, ownerInWords } from '../../rules/speaking/owner-gate.ts';
import { watchInactivityRun } from '../../runs/watch-inactivity.ts';
import type { ReplyAdmission } from '../../sessions/replies.ts';
import type { RecordedTurn, Session } from '../../sessions/store.ts';
import { readsAtOnce } from '../shared/activity-options.ts';
import { atOnce, queuedInWords } from '../shared/first-read.ts';
import { noticeOfBudget } from '../shared/leave-notice.ts';
import { signalThreadChanged } from '../shared/thread-changes.ts';
import { meetWhoCameBack } from './came-back.ts';
import { endUnlessMayAnswer } from './may-still-answer.ts';
import { EndRun, type Question, type ReplyRun, skip } from './run.ts';

const overBudget = () =>
  metricMeter.createCounter(
    'threadkeeper_ai_over_budget_total',
    'run',
    'Runs that could only draft since the budget of the day was spent',
  );

const CLAIMED = {
  assigned: 'took the unassigned thread',
  owned: 'someone else took the thread first',
  unavailable: 'HubSpot offers no assignment here, the thread stays unassigned',
} satisfies Record<Awaited<ReturnType<HubSpotActivities['claimThread']>>, string>;

/** The thread as it stands before the AI is asked: who owns it, what is unanswered, what the session knows. */
export const readThread = async (
  run: ReplyRun,
  message: Message,
): Promise<{ question: Question; session: Session }> => {
  const { found, opened } = await look(run, message);
  const { session, turns, ...admissions } = await openSession(run, found, message, opened);
  const conversation = await claimIfUnassigned(run, found);
  const { messages, closings } = conversation;
  const burst = unansweredMessages(messages, message, { ...run.rulesContext(turns), closings });
  return { question: { message, burst, conversation, turns, admissions }, session };
};

const ownerOf = (thread: Thread, { aiActorId }: PortalSettings): string => {
  if (thread.assignedTo === null) return 'nobody’s';
  return thread.assignedTo === aiActorId ? 'the AI’s' : `owned by ${ownerInWords(thread)}`;
};

/** Ends the run where the AI may not speak; all that is decided here is decided again right before the post. */
const look = async (run: ReplyRun, message: Message): Promise<{ found: Conversation; opened?: Opened }> => {
  run.threadChanges.markSeen();
  const { conversation: found, ...more } = await lookAt(run, message);
  if (found === null) throw skip('message-not-found');
  const conversation = await meetWhoCameBack(run, found, message);
  await endUnlessMayAnswer(run, conversation, message);
  const earlier = earlierPost(conversation.messages, message.id);
  if (earlier) throw answeredBefore(run, earlier);
  const { thread } = conversation;
  run.story.step(`may speak: the thread is ${ownerOf(thread, run.settings)}`);
  // Whoever has taken the thread meanwhile is not in the session that was opened before.
  return conversation === found ? { found, ...more } : { found: conversation };
};

/** The thread, and its session where the AI may speak; the first time, the first read may have brought both. */
const lookAt = async (run: ReplyRun, message: Message): Promise<Look> => {
  const { conversation, opened } = run.first;
  delete run.first.conversation;
  if (conversation && !run.threadChanges.any) return { conversation, ...(opened ? { opened } : {}) };
  const summary = 'owner and messages before asking the AI';
  if (!run.takesFewerSteps)
    return {
      conversation: await run.calls.untilDone(({ hubspotReads }) =>
        hubspotReads.fetchConversation(summary, run.thread),
      ),
    };
  const { appId } = run.asked;
  const opening = openingOf(run, message);
  const asked = { ...run.thread, messageId: message.id, opening, ...(appId === undefined ? {} : { appId }) };
  // Where nothing was waited for, it was tried at once just now.
  const known =
    run.readsAtOnce && run.hasWaited ? await atOnce(() => readsAtOnce.lookAndOpenAtOnce(summary, asked)) : null;
  if (known && 'read' in known) return known.read;
  if (known) run.story.step(queuedInWords(known.whyNot));
  return await run.calls.untilDone(({ looks }) => looks.lookAndOpen(summary, asked));
};

const openingOf = (run: ReplyRun, message: Message): Opening =>
  openingFor(message, run.settings, { level: run.level, workflowId: run.workflowId, alone: run.answersAlone });

/**
 * The session of the thread, which knows what HubSpot doesn't: a pause, a handoff, what has been answered, what was
 * spent.
 */
const openSession = async (
  run: ReplyRun,
  conversation: Conversation,
  message: Message,
  known?: Opened,
): Promise<{ session: Session; turns: RecordedTurn[] } & Admissions> => {
  const { thread } = conversation;
  const { aiDailyBudgetMillionths: budget } = run.settings;
  const opened =
    known ??
    (await run.calls.untilSessionsAnswer((sessions) =>
      sessions.openSession(`session of thread ${thread.id}`, { thread, ...openingOf(run, message) }),
    ));
  applyBudget(run, budget, opened.spentToday);
  if (opened.stopped) throw skip('stopped');
  if (opened.session.silenced === 'handed-off' && (await mayBeGivenBack(run, thread)))
    return await openSession(run, conversation, message);
  if (opened.session.silenced) throw skip(opened.session.silenced);
  if (run.level === 'shadow') return opened;
  await signalEarlierRun(run, opened.session.askedBefore);
  await endWaitForCustomer(run, opened.turns);
  // Someone took over between the look and this mark, when no run was to be found that could be signalled.
  if (opened.session.mode !== 'ai' && !run.threadChanges.any) run.threadChanges.record();
  const earlier = opened.turns.find(({ answeredMessageId }) => answeredMessageId === message.id);
  if (!earlier) {
    const { sameAs = null } = opened.admission ?? {};
    if (sameAs === null) return opened;
    await endIfAnsweredOn(run, sameAs);
    // That run has left this mail to us.
    run.answersAlone = true;
    return await openSession(run, conversation, message);
  }
  throw answeredBefore(run, earlier);
};

/** HubSpot's event of a thread's new owner may come so long after a message on the thread, in ms. */
const OWNER_EVENT_LAG_MS = 3_000;

/**
 * The thread was handed over, and is the AI's: a handoff is about to pass it on, or an agent has just given it back,
 * and the run that notes this is not done. Waits once for that run.
 */
const mayBeGivenBack = async (run: ReplyRun, { assignedTo }: Thread): Promise<boolean> => {
  if (!run.readsAtOnce || run.hasAwaitedOwner || assignedTo !== run.settings.aiActorId) return false;
  run.hasAwaitedOwner = true;
  run.story.wait('whether an agent has just given the thread back');
  await sleep(OWNER_EVENT_LAG_MS, { summary: 'an agent may have given the thread back just now' });
  return true;
};

/** The end of a run whose message an earlier run has answered. */
const answeredBefore = (
  run: ReplyRun,
  { outcome, postedMessageId }: Pick<RecordedTurn, 'outcome' | 'postedMessageId'>,
): EndRun => {
  run.story.posted(outcome === 'replied' ? 'reply' : 'comment', { messageId: postedMessageId, found: true });
  return new EndRun({ outcome, postedMessageId, reason: 'an earlier run has answered' });
};

/** A mail's second run waits this long at most for the first one: the customer waits for both. */
const MOST_WAIT_MS = 10 * 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Ends the run where the same mail's run on another thread has answered it. Waits for that one while it is at work;
 * where it does anything but answer, or takes too long, this run goes on.
 */
const endIfAnsweredOn = async (run: ReplyRun, first: NonNullable<ReplyAdmission['sameAs']>): Promise<void> => {
  const { portalId } = run.thread;
  const until = Date.now() + MOST_WAIT_MS;
  run.story.step(`the same mail came to thread ${first.threadId} before`);
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const outcome = await run.calls.short.threadRuns.outcomeOf('whether it is answered there', { portalId, ...first });
    if (outcome === 'replied') {
      run.story.step(`answered on thread ${first.threadId}`);
      throw new EndRun({ outcome: 'skipped', reason: 'answered-elsewhere', answeredOn: first.threadId });
    }
    if (outcome !== null || Date.now() + waitMs > until) {
      run.story.step(`not answered there: ${outcome ?? 'still at work'}`);
      return;
    }
    run.story.wait(`the answer on thread ${first.threadId}`);
    await sleep(waitMs, { summary: 'the same mail is being answered on another thread' });
  }
};

/** Lowers the level where the portal has spent the day's budget. `spent` is absent where there is none. */
const applyBudget = (run: ReplyRun, budget: number | undefined, spent: number | undefined): void => {
  const { level, why } = levelWithin(run.level, spent ?? 0, budget);
  if (why === null) return;
  run.level = level;
  run.onlyDrafts = why;
  run.story.step(`${why}: a draft at most`);
  noticeOfBudget(run.settings, run.story, why);
  overBudget().add(1, { portal: run.asked.portalId });
};

/**
 * Signals the run that asked on this thread before: one that waits with a draft learns of a newer message by nothing
 * else.
 */
const signalEarlierRun = async (run: ReplyRun, workflowId: string | null): Promise<void> => {
  if (run.hasSignalledEarlierRun) return;
  run.hasSignalledEarlierRun = true;
  const signalled = await signalThreadChanged(workflowId);
  if (signalled) run.story.step(`signalled ${signalled}: this message is newer`);
};

/** The run that waits for this customer's reply to the AI's last answer hears of it at once, rather than at its end. */
const endWaitForCustomer = async (run: ReplyRun, turns: readonly RecordedTurn[]): Promise<void> => {
  const last = turns.find(({ outcome }) => outcome === 'replied');
  if (!run.settings.inactivity || run.hasEndedWaitForCustomer || last === undefined) return;
  run.hasEndedWaitForCustomer = true;
  const { answeredMessageId: messageId, postedMessageId: replyId } = last;
  await signalThreadChanged(watchInactivityRun.workflowId({ ...run.thread, messageId, replyId }));
};

/** The conversation with its new owner, where the AI took it. */
const claimIfUnassigned = async (run: ReplyRun, conversation: Conversation): Promise<Conversation> => {
  const { thread } = conversation;
  const { aiActorId } = run.settings;
  if (!mustClaim(thread, run.settings, run.level)) return conversation;
  const claimed = await run.calls.untilDone(({ hubspotPosts }) =>
    hubspotPosts.claimThread(`assign the thread to ${aiActorId}`, run.thread),
  );
  run.story.step(CLAIMED[claimed]);
  return claimed === 'assigned' ? { ...conversation, thread: { ...thread, assignedTo: aiActorId } } : conversation;
};
