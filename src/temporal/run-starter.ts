import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Logger } from 'pino';
import { dispatchDeliveryRun } from '../runs/dispatch-delivery.ts';
import { type PlannedStart, runTypeOf } from '../runs/planned-start.ts';
import { PRIORITY_KEY, portalPriority } from '../runs/priority.ts';
import { type DescribedRun, foundBy, type RunType, summaryOf } from '../runs/run-type.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

export type StartResult = 'started' | 'duplicate';

/** Starts runs, each workflow ID at most once while Temporal remembers it. */
export interface RunStarter {
  /**
   * `duplicate`: this ID has a run already, running or closed. Either answer means that the run is durable. `inBulk`:
   * one of many of its portal that came together. No live message of any portal waits for it, and its first task comes
   * `beginsInMs` from now, or with the first signal to it.
   */
  start(planned: PlannedStart, inBulk?: { beginsInMs: number }): Promise<StartResult>;
  /** One `dispatchDelivery` run that takes over all of `starts`, and begins `beginsInMs` from now. */
  dispatch(workflowId: string, starts: PlannedStart[], beginsInMs?: number): Promise<StartResult>;
}

/** Starts runs that no event of HubSpot's plans, by the same rules. */
export interface OwnRunStarter {
  startOwn<Input>(run: RunType<Input>, input: Input): Promise<StartResult>;
}

type Described = Pick<WorkflowStartOptions, 'priority' | 'staticSummary' | 'startDelay'> & {
  typedSearchAttributes: SearchAttributePair[];
};

const describe = <Input>(run: DescribedRun<Input>, input: Input, inBulk: boolean): Described => {
  const about = run.about(input);
  const urgency = (inBulk ? run.urgencyInBulk : undefined) ?? run.urgency;
  const priorityKey = urgency && PRIORITY_KEY[urgency];
  return {
    staticSummary: summaryOf(run, input),
    typedSearchAttributes: foundBy(about),
    ...(priorityKey && { priority: about.portalId ? portalPriority(about.portalId, priorityKey) : { priorityKey } }),
  };
};

const delayed = (ms: number): Pick<Described, 'startDelay'> => (ms > 0 ? { startDelay: ms } : {});

/**
 * Starts runs on a task queue, with the workflow ID as the lock: REJECT_DUPLICATE refuses an ID that has a run, running
 * or closed, for as long as the namespace keeps it. Runs carry the search attributes that they can be found by; where
 * the namespace lacks these, a run starts without them rather than not at all.
 *
 * Blocks up to 20 s while Temporal is away (the client's own retries): whoever has less time brings a timer of their
 * own.
 * @throws {ServiceError} when the start could not be made durable, or its fate is unknown. Starting it again is safe.
 */
export const createRunStarter = (client: Client, taskQueue: string, logger?: Logger): RunStarter & OwnRunStarter => {
  const start = async (
    type: string,
    workflowId: string,
    input: unknown,
    { typedSearchAttributes, ...described }: Described,
  ): Promise<StartResult> => {
    const options = {
      taskQueue,
      workflowId,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      ...described,
    } as const;
    try {
      try {
        await client.workflow.start(type, { ...options, typedSearchAttributes });
      } catch (error) {
        if (grpcStatus(error) !== GRPC.INVALID_ARGUMENT) throw error;
        // An unregistered search attribute is refused as INVALID_ARGUMENT; so is much else, which is then refused
        // again.
        await client.workflow.start(type, options);
        logger?.error({ workflowId }, 'Run started without search attributes: run `npm run setup` to register them');
      }
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'duplicate';
      throw error;
    }
  };
  return {
    start: (planned, inBulk) =>
      start(planned.type, planned.workflowId, planned.input, {
        ...describe(runTypeOf(planned), planned.input, inBulk !== undefined),
        ...delayed(inBulk?.beginsInMs ?? 0),
      }),
    startOwn: (run, input) => start(run.type, run.workflowId(input), input, describe(run, input, false)),
    dispatch: (workflowId, starts, beginsInMs = 0) =>
      start(
        dispatchDeliveryRun.type,
        workflowId,
        { starts },
        { ...describe(dispatchDeliveryRun, { starts }, false), ...delayed(beginsInMs) },
      ),
  };
};
