import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { TRACE_HEADER } from '../workflows/trace-context.ts';
import type { TraceContext, Tracing } from './tracing.ts';

/** The attributes that Temporal's own tracing gives, in the languages that have one. */
const RUN = 'temporalWorkflowID';

const read = (headers: Headers): TraceContext | undefined => {
  const payload = headers[TRACE_HEADER];
  return payload ? defaultPayloadConverter.fromPayload<TraceContext>(payload) : undefined;
};

/** Starts each run in a span, which it takes along. */
export const tracedStarts = (tracing: Tracing): WorkflowClientInterceptor => ({
  startWithDetails: ({ headers, ...input }, next) => {
    const attributes = { [RUN]: input.options.workflowId };
    return tracing.span(`StartWorkflow:${input.workflowType}`, { kind: 'client', attributes }, () =>
      next({ ...input, headers: { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(tracing.carry()) } }),
    );
  },
});

/** Makes each attempt of an activity a span, below the span that started its run. */
export const tracedActivities =
  (tracing: Tracing): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const parent = read(input.headers);
        const attributes = {
          [RUN]: info.workflowExecution?.workflowId ?? '',
          temporalRunID: info.workflowExecution?.runId ?? '',
          temporalActivityID: info.activityId,
          'threadkeeper.attempt': info.attempt,
        };
        const options = { kind: 'consumer', attributes, ...(parent ? { parent } : {}) } as const;
        return tracing.span(`RunActivity:${info.activityType}`, options, () => next(input));
      },
    },
  });
