import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { hasVisible } from '../../hubspot/visible.ts';
import { HANDOFF_WORDS, type HandOffInput, type HandOffResult, handOffRun } from '../../runs/hand-off.ts';
import { summaryOf } from '../../runs/run-type.ts';

/** The input as its run takes it: what an AI, an article or an agent has said may be endless, or nothing. */
const fitting = ({ reason, unsent, consulted, called, ...input }: HandOffInput): HandOffInput => {
  const said = reason.slice(0, HANDOFF_WORDS.reason).trim();
  const lines = (all: readonly string[]) => all.map((line) => line.slice(0, HANDOFF_WORDS.line));
  return {
    ...input,
    reason: hasVisible(said) ? said : 'no reason was given',
    ...(unsent === undefined ? {} : { unsent: unsent.slice(0, HANDOFF_WORDS.unsent) }),
    ...(consulted === undefined ? {} : { consulted: lines(consulted) }),
    ...(called === undefined ? {} : { called: lines(called) }),
  };
};

/**
 * Hands a thread over in a run of its own, and waits for it. Should this run be ended, that one goes on. A message may
 * be handed over again: the new run finds what the first one has done, and does none of it twice.
 * @returns `null`: another run hands the same message over just now
 * @throws {ChildWorkflowFailure}
 */
export const runHandOff = async (input: HandOffInput): Promise<HandOffResult | null> => {
  try {
    return await executeChild<(input: HandOffInput) => Promise<HandOffResult>>(handOffRun.type, {
      workflowId: handOffRun.workflowId(input),
      args: [fitting(input)],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryOf(handOffRun, input),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return null;
  }
};
