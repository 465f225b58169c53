import { isCancellation } from '@temporalio/workflow';
import type { ToolsWanted } from '../../activities/ai/ai-steps.ts';
import type { CallResult, ToolCallInput } from '../../activities/ai/tool-calls.ts';
import type { AiAnswer, ReplyRequest } from '../../ai/backend.ts';
import type { CallOutcome, FinishedCall, WantedCall } from '../../ai/steps.ts';
import { durationWords } from '../../rules/duration.ts';
import { callInWords, changesInWords, type Leave, UNKNOWN, verdictOn } from '../../rules/replying/agent-steps.ts';
import { toolApprovalBody, toolCallsBody } from '../../rules/replying/post-body.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { lookAgain, untilDecided } from './await-approval.ts';
import { type Question, type ReplyRun, skip } from './run.ts';

/** Who asks, and how far the AI may go for them. */
export interface CallsFor {
  question: Question;
  who: ToolCallInput['who'];
  leave: Leave;
}

/** What is known of who asks: all that a call needs of a request. */
export const askerIn = (request: ReplyRequest): ToolCallInput['who'] => {
  const { portalId, threadId, channel, contact, contactId, ticketId } = request;
  return { portalId, threadId, channel, contact, contactId, ticketId };
};

/** A changing call of which nobody knows whether it took effect. */
type Unknown = { unknown: string };

const activityInput = (run: ReplyRun, { name, input, rule }: WantedCall, { who }: CallsFor): ToolCallInput => {
  run.calledTools += 1;
  return { who, call: { name, input }, rule, idempotencyKey: `${run.workflowId}/${run.calledTools}` };
};

/** A look that can't be had now is no reason to leave the customer without an answer. */
const read = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome> => {
  try {
    return seen(await run.calls.short.toolReads.callTool(callInWords(call.name), activityInput(run, call, calls)));
  } catch (error) {
    run.story.step(`could not ${callInWords(call.name)}: ${failureReason(error)}`);
    return { ok: false, why: 'it is not available now' };
  }
};

const seen = (result: CallResult): CallOutcome => {
  if ('stopped' in result) throw skip('stopped');
  return result;
};

/**
 * Calls what changes something. Nothing breaks it off once it has begun: half a change is worse than a late one. Right
 * before, the thread is looked at as before a post.
 */
const change = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome | Unknown> => {
  await lookAgain(run, calls.question, `owner and messages before the AI may ${callInWords(call.name)}`);
  const input = activityInput(run, call, calls);
  try {
    const outcome = seen(await run.calls.short.toolChanges.callTool(callInWords(call.name), input));
    run.story.step(`${call.name}: ${outcome.ok ? 'done' : outcome.why}`);
    return outcome;
  } catch (error) {
    const reason = failureReason(error);
    run.story.step(`${call.name}: nobody knows whether it was done: ${reason}`);
    return { unknown: reason };
  }
};

/** Asks an agent whether a call may be made, and waits for that as for a draft. @returns what came of the call */
const changeIfAgreed = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome | Unknown> => {
  const { aiCommands, approvalTimeoutMs } = run.settings;
  const how = aiCommands
    ? 'Comment /ai send to let it be called, or /ai skip.'
    : 'It waits for the decision of an agent (decideDraft).';
  const words = toolApprovalBody(call.name, call.preview ?? '', how);
  run.approval.open('call');
  run.approvalComments += 1;
  const sought = run.fingerprint('tool-approval', words, run.approvalComments);
  await run.calls.untilDone(({ hubspotPosts }, isLastTry) =>
    hubspotPosts.post(`comment that ${call.name} waits for an agent`, {
      ...run.thread,
      ...{ sought, words, to: null, seen: null, mayBeLost: isLastTry },
    }),
  );
  await untilDecided(run, calls.question, call.name);
  const { decision } = run.approval;
  const refused = (why: string): CallOutcome => {
    run.approval.close({ outcome: 'not-called', reason: why });
    run.story.step(`${call.name}: ${why}`);
    return { ok: false, why };
  };
  if (decision === null) return refused(`no agent agreed within ${durationWords(approvalTimeoutMs)}`);
  if (decision.decision === 'skip') return refused('an agent decided against it');
  run.story.step(`${call.name}: agreed to${decision.by ? ` by ${decision.by}` : ''}`);
  const outcome = await change(run, call, calls);
  if ('unknown' in outcome) run.approval.close({ outcome: 'not-called', reason: outcome.unknown });
  else run.approval.close(outcome.ok ? { outcome: 'called' } : { outcome: 'not-called', reason: outcome.why });
  return outcome;
};

const decided = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome | Unknown | null> => {
  const verdict = verdictOn(call, calls.leave);
  if (verdict.does === 'nothing') return verdict.outcome;
  if (call.rule === 'reads') return await run.threadChanges.cancelOnChange(() => read(run, call, calls));
  return verdict.does === 'call' ? await change(run, call, calls) : await changeIfAgreed(run, call, calls);
};

const finished = ({ id, name, input, rule }: WantedCall, outcome: CallOutcome): FinishedCall => ({
  ...{ id, name, input, rule, outcome },
});

/**
 * Makes the calls of one step: at once where all of them only read, else one after the other. `null`: broken off, since
 * someone else has touched the thread. A handoff: nobody knows what became of a call that changes something.
 */
export const makeCalls = async (
  run: ReplyRun,
  { calls: wanted }: ToolsWanted,
  calls: CallsFor,
): Promise<FinishedCall[] | AiAnswer | null> => {
  if (wanted.every(({ rule }) => rule === 'reads'))
    return await run.threadChanges.cancelOnChange(() =>
      Promise.all(
        wanted.map(async (call) => {
          const verdict = verdictOn(call, calls.leave);
          return finished(call, verdict.does === 'nothing' ? verdict.outcome : await read(run, call, calls));
        }),
      ),
    );
  const made: FinishedCall[] = [];
  for (const call of wanted) {
    const outcome = await decided(run, call, calls);
    if (outcome === null) return null;
    if ('unknown' in outcome) {
      const failed = finished(call, { ok: false, why: UNKNOWN });
      run.changes.push(failed);
      return {
        ...{ action: 'handoff', cause: 'ai-failed', aiSessionId: null },
        reason: `please see whether ${call.name} was done: it did not answer (${outcome.unknown})`,
      };
    }
    const one = finished(call, outcome);
    // What was decided without a call is no change.
    if (call.rule !== 'reads' && call.outcome === undefined) run.changes.push(one);
    made.push(one);
  }
  return made;
};

/** Where a run that ends in silence has had something changed, agents hear of it. */
export const commentChanges = async (run: ReplyRun): Promise<void> => {
  const called = changesInWords(run.changes);
  if (called.length === 0) return;
  const words = toolCallsBody(called);
  const sought = run.fingerprint('tool-calls', words);
  try {
    await run.calls.short.hubspotPosts.post('comment what was called', {
      ...run.thread,
      ...{ sought, words, to: null, seen: null },
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    run.story.step(`no comment could be left on what was called: ${failureReason(error)}`);
  }
};
