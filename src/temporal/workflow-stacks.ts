import { setFlagsFromString } from 'node:v8';

/** The first lines say which step of which workflow it is. */
const USUAL_LINES = 3;

/**
 * Has the threads that `make` starts for workflows keep stacks of `lines` at most: the SDK takes one for each promise
 * of a workflow, which was a fifth of the worker's CPU at V8's ten lines. Code outside of these threads keeps its
 * stacks.
 */
export const withWorkflowStacks = async <Made>(lines: number | undefined, make: () => Promise<Made>): Promise<Made> => {
  const usual = Error.stackTraceLimit;
  // V8 reads it where a thread or a sandbox begins.
  setFlagsFromString(`--stack-trace-limit=${lines ?? USUAL_LINES}`);
  try {
    return await make();
  } finally {
    setFlagsFromString(`--stack-trace-limit=${usual}`);
  }
};
