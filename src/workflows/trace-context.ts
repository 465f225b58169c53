import type { Headers, WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** The header in which Temporal's SDKs of every language carry a trace, as JSON of W3C Trace Context. */
export const TRACE_HEADER = '_tracer-data';

/**
 * Hands the trace that a run was started in on to its activities and to the runs that it starts. What stands in the
 * header is not looked at: a run is the same with a trace and without, and so is its replay.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let carried: Headers = {};
  const handOn = <Input extends { readonly headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...input.headers, ...carried },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          const trace = input.headers[TRACE_HEADER];
          if (trace) carried = { [TRACE_HEADER]: trace };
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(handOn(input)),
        scheduleLocalActivity: (input, next) => next(handOn(input)),
        startChildWorkflowExecution: (input, next) => next(handOn(input)),
        continueAsNew: (input, next) => next(handOn(input)),
      },
    ],
  };
};
