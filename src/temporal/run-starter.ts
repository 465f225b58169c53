import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Logger } from 'pino';
import type { DispatchDeliveryInput, PlannedStart } from '../runs/contract.ts';
import { PRIORITY_KEY, portalPriority } from '../runs/priority.ts';
import { PORTAL_ID, THREAD_ID, TICKET_ID } from '../runs/search-attributes.ts';
import { GRPC, grpcStatus } from './grpc-status.ts';

export type StartResult = 'started' | 'duplicate';

/** Starts runs, each workflow ID at most once while Temporal remembers it. */
export interface RunStarter {
  /**
   * `duplicate`: this ID has a run already, running or closed. Either answer means that the run is durable. `inCrowd`: one
   * of many of its portal that came together. No live message of any portal waits for it, and its first task comes
   * `beginsInMs` from now, or with the first signal to it.
   */
  start(planned: PlannedStart, inCrowd?: { beginsInMs: number }): Promise<StartResult>;
  /** One `dispatchDelivery` run that takes over all of `starts`, and begins `beginsInMs` from now. */
  dispatch(workflowId: string, starts: PlannedStart[], beginsInMs?: number): Promise<StartResult>;
}

type Described = Pick<WorkflowStartOptions, 'priority' | 'staticSummary' | 'startDelay'> & {
  typedSearchAttributes: SearchAttributePair[];
};

// The Web UI's documented limit is 200 bytes. Ids are ASCII; only the separator takes two.
const SUMMARY_LENGTH = 190;
const summary = (...parts: string[]): string => parts.join(' · ').slice(0, SUMMARY_LENGTH);

const describe = (planned: PlannedStart, inCrowd: boolean): Described => {
  const { portalId } = planned.input;
  switch (planned.type) {
    case 'replyToMessage': {
      const { threadId, messageId } = planned.input;
      return {
        staticSummary: summary('Reply', `portal ${portalId}`, `thread ${threadId}`, `message ${messageId}`),
        typedSearchAttributes: [
          { key: PORTAL_ID, value: portalId },
          { key: THREAD_ID, value: threadId },
        ],
        priority: portalPriority(portalId, inCrowd ? PRIORITY_KEY.start : PRIORITY_KEY.post),
      };
    }
    case 'followCommand': {
      const { threadId } = planned.input;
      const comment = 'messageId' in planned.input ? `comment ${planned.input.messageId}` : planned.input.command;
      return {
        staticSummary: summary('Command', `portal ${portalId}`, `thread ${threadId}`, comment),
        typedSearchAttributes: [
          { key: PORTAL_ID, value: portalId },
          { key: THREAD_ID, value: threadId },
        ],
        priority: portalPriority(portalId, PRIORITY_KEY.post),
      };
    }
    case 'noticeOwnerChange': {
      const { threadId, assignedTo } = planned.input;
      return {
        staticSummary: summary('Owner', `portal ${portalId}`, `thread ${threadId}`, assignedTo ?? 'nobody'),
        typedSearchAttributes: [
          { key: PORTAL_ID, value: portalId },
          { key: THREAD_ID, value: threadId },
        ],
        priority: portalPriority(portalId, PRIORITY_KEY.post),
      };
    }
    case 'forgetThread': {
      const { threadId } = planned.input;
      return {
        staticSummary: summary('Forget', `portal ${portalId}`, `thread ${threadId}`),
        typedSearchAttributes: [
          { key: PORTAL_ID, value: portalId },
          { key: THREAD_ID, value: threadId },
        ],
        priority: portalPriority(portalId, PRIORITY_KEY.sync),
      };
    }
    case 'forgetContact':
      return {
        staticSummary: summary('Forget', `portal ${portalId}`, `contact ${planned.input.contactId}`),
        typedSearchAttributes: [{ key: PORTAL_ID, value: portalId }],
        priority: portalPriority(portalId, PRIORITY_KEY.sync),
      };
    case 'syncTicketProperty': {
      const { ticketId, propertyName } = planned.input;
      return {
        staticSummary: summary('Ticket', `portal ${portalId}`, `ticket ${ticketId}`, propertyName),
        typedSearchAttributes: [
          { key: PORTAL_ID, value: portalId },
          { key: TICKET_ID, value: ticketId },
        ],
        priority: portalPriority(portalId, PRIORITY_KEY.sync),
      };
    }
  }
};

const delayed = (ms: number): Pick<Described, 'startDelay'> => (ms > 0 ? { startDelay: ms } : {});

const describeDelivery = (starts: PlannedStart[]): Described => {
  const [portalId, ...others] = new Set(starts.map(({ input }) => input.portalId));
  const one = portalId !== undefined && others.length === 0;
  return {
    staticSummary: summary(
      'Delivery',
      one ? `portal ${portalId}` : `${others.length + 1} portals`,
      `${starts.length} events`,
    ),
    typedSearchAttributes: one ? [{ key: PORTAL_ID, value: portalId }] : [],
    // As urgent as the replies that it may hold.
    priority: one ? portalPriority(portalId, PRIORITY_KEY.post) : { priorityKey: PRIORITY_KEY.post },
  };
};

/**
 * Starts runs on a task queue, with the workflow ID as the lock: REJECT_DUPLICATE refuses an ID that has a run, running
 * or closed, for as long as the namespace keeps it. Runs carry the search attributes that they can be found by; where the
 * namespace lacks these, a run starts without them rather than not at all.
 *
 * Blocks up to 20 s while Temporal is away (the client's own retries): whoever has less time brings a timer of their own.
 * @throws {ServiceError} when the start could not be made durable, or its fate is unknown. Starting it again is safe.
 */
export const createRunStarter = (client: Client, taskQueue: string, logger?: Logger): RunStarter => {
  const start = async (
    type: string,
    workflowId: string,
    input: PlannedStart['input'] | DispatchDeliveryInput,
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
        // An unregistered search attribute is refused as INVALID_ARGUMENT; so is much else, which is then refused again.
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
    start: (planned, inCrowd) =>
      start(planned.type, planned.workflowId, planned.input, {
        ...describe(planned, inCrowd !== undefined),
        ...delayed(inCrowd?.beginsInMs ?? 0),
      }),
    dispatch: (workflowId, starts, beginsInMs = 0) =>
      start('dispatchDelivery', workflowId, { starts }, { ...describeDelivery(starts), ...delayed(beginsInMs) }),
  };
};
