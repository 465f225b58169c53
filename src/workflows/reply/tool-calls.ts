import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { ToolsWanted } from '../../activities/ai/ai-steps.ts';
import type { CallResult, ToolCallInput } from '../../activities/ai/tool-calls.ts';
import type { AiAnswer, ReplyRequest } from '../../ai/backend.ts';
import type { CallOutcome, FinishedCall, WantedCall } from '../../ai/steps.ts';
import { durationWords } from '../../rules/duration.ts';
import { callInWords, changesInWords, type Leave, UNKNOWN, verdictOn } from '../../rules/replying/agent-steps.ts';
import { toolApprovalBody, toolCallsBody } from '../../rules/replying/post-body.ts';
import { textDigest } from '../../rules/text-digest.ts';
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

/**
 * The number of a comment on calls: an earlier run of the same message may have left one, on other calls. Of a run that
 * was reset, only the run's id is new.
 */
const ofThisRun = (place: number): number => Number.parseInt(textDigest(workflowInfo().runId).slice(0, 10), 16) + place;

/** A changing call of which nobody knows whether it took effect. */
type Unknown = { unknown: string };

/** Has a tool called. A look that can't be had now is no reason to leave the customer without an answer. */
const callTool = async (
  run: ReplyRun,
  { name, input, rule }: WantedCall,
  { who }: CallsFor,
): Promise<CallOutcome | Unknown> => {
  const { toolReads, toolChanges } = run.calls.short;
  const isReading = rule === 'reads';
  const idempotencyKey = `${run.workflowId}/${textDigest(JSON.stringify([name, input]))}`;
  let result: CallResult;
  try {
    const asked = { who, call: { name, input }, rule, idempotencyKey };
    result = await (isReading ? toolReads : toolChanges).callTool(callInWords(name), asked);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const reason = failureReason(error);
    run.story.step(
      isReading ? `could not ${callInWords(name)}: ${reason}` : `${name}: nobody knows whether it was done: ${reason}`,
    );
    return isReading ? { ok: false, why: 'it is not available now' } : { unknown: reason };
  }
  if ('stopped' in result) throw skip('stopped');
  if (!isReading) run.story.step(`${name}: ${result.ok ? 'done' : result.why}`);
  return result;
};

/**
 * Calls what changes something. Nothing breaks it off once it has begun: half a change is worse than a late one. Right
 * before, the thread is looked at as before a post.
 */
const change = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome | Unknown> => {
  await lookAgain(run, calls.question, `owner and messages before the AI may ${callInWords(call.name)}`);
  return await callTool(run, call, calls);
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
  const sought = run.fingerprint('tool-approval', words, ofThisRun(run.approvalComments));
  const asked = await run.calls.untilDone(({ hubspotPosts }, isLastTry) =>
    hubspotPosts.post(`comment that ${call.name} waits for an agent`, {
      ...run.thread,
      ...{ sought, words, to: null, seen: null, mayBeLost: isLastTry },
    }),
  );
  if (!asked.moved) run.story.posted('comment', asked);
  await untilDecided(run, calls.question, call.name);
  run.story.goOn();
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

const outcomeOf = async (run: ReplyRun, call: WantedCall, calls: CallsFor): Promise<CallOutcome | Unknown> => {
  const verdict = verdictOn(call, calls.leave);
  if (verdict.does === 'nothing') return verdict.outcome;
  if (verdict.does === 'ask-agent') return await changeIfAgreed(run, call, calls);
  return await (call.rule === 'reads' ? callTool : change)(run, call, calls);
};

/**
 * Makes the calls of one step: at once where all of them only read, else one after the other. `null`: broken off, since
 * someone else has touched the thread. A handoff: nobody knows what became of a call that changes something.
 */
export const makeCalls = async (
  run: ReplyRun,
  { calls: wanted }: ToolsWanted,
  calls: CallsFor,
): Promise<FinishedCall[] | AiAnswer | null> => {
  const isReading = ({ rule }: WantedCall): boolean => rule === 'reads';
  const made: FinishedCall[] = [];
  for (const together of wanted.every(isReading) ? [wanted] : wanted.map((call) => [call])) {
    const call = () => Promise.all(together.map((one) => outcomeOf(run, one, calls)));
    const outcomes = together.every(isReading) ? await run.threadChanges.cancelOnChange(call) : await call();
    if (outcomes === null) return null;
    for (const [index, { id, name, input, rule, outcome: known }] of together.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      const isUnknown = 'unknown' in outcome;
      const one = { id, name, input, rule, outcome: isUnknown ? { ok: false as const, why: UNKNOWN } : outcome };
      // What was decided without a call is no change.
      if (rule !== 'reads' && known === undefined) run.changes.push(one);
      made.push(one);
      if (!isUnknown) continue;
      const reason = `please see whether ${name} was done: it did not answer (${outcome.unknown})`;
      return { action: 'handoff', cause: 'ai-failed', aiSessionId: null, reason };
    }
  }
  return made;
};

/** Where a run that ends in silence has had something changed, agents hear of it. */
export const commentChanges = async (run: ReplyRun): Promise<void> => {
  const called = changesInWords(run.changes);
  if (called.length === 0) return;
  const words = toolCallsBody(called);
  const sought = run.fingerprint('tool-calls', words, ofThisRun(1));
  try {
    const posted = await run.calls.short.hubspotPosts.post('comment what was called', {
      ...run.thread,
      ...{ sought, words, to: null, seen: null },
    });
    if (!posted.moved) run.story.posted('comment', posted);
  } catch (error) {
    if (isCancellation(error)) throw error;
    run.story.step(`no comment could be left on what was called: ${failureReason(error)}`);
  }
};
