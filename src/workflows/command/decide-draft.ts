import { workflowInfo } from '@temporalio/workflow';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import type { DraftDecision } from '../../runs/reply-to-message.ts';
import { answer, type CommandRun, followed, type Order } from './run.ts';

/** Decides on the draft that waits, and answers the agent where something else came of it than they wanted. */
export const decideDraft = async (
  run: CommandRun,
  order: Order,
  decision: DraftDecision,
): Promise<FollowCommandResult> => {
  const { asking } = await run.activities.sessionCalls.standing('which run has a draft', {
    ...run.thread,
    at: order.at,
  });
  const given = { ...decision, ...(order.by ? { by: order.by } : {}) };
  const became = asking
    ? await run.activities.threadRuns.decideDraft(decision.decision, {
        workflowId: asking,
        id: workflowInfo().firstExecutionRunId,
        decision: given,
      })
    : { refused: 'No draft waits for a decision' };
  if ('refused' in became) return await answer(run, `${became.refused}.`, `${decision.decision}: refused`);
  const line = `${became.outcome}${became.reason ? ` (${became.reason})` : ''}`;
  const { outcome } = became;
  const isDone = (decision.decision === 'skip' ? ['skipped', 'not-called'] : ['replied', 'called']).includes(outcome);
  if (!isDone && outcome === 'not-called') return await answer(run, `It was not called: ${became.reason}.`, line);
  return isDone ? followed(run, `${decision.decision}: ${line}`) : await answer(run, `It was not sent: ${line}.`, line);
};
