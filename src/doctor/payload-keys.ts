import type { Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { BoundedCalls } from '../temporal/bounded-calls.ts';
import { GRPC, grpcStatus } from '../temporal/grpc-status.ts';
import { createPayloadCodec, isEncrypted } from '../temporal/payload-codec.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import { type Check, info, ok, type Verdict, warning } from './finding.ts';

/** Enough that a run or two started by hand, in clear text, prove nothing. */
const RUNS_TRIED = 5;

export interface TriedOn {
  service: Connection['workflowService'];
  calls: BoundedCalls;
  namespace: string;
  /** The workflows' own. */
  taskQueue: string;
}

const judge = (inputs: Payload[], keys: readonly PayloadKey[]): Verdict => {
  if (inputs.length === 0) return info('Not checked: there is no run yet to try PAYLOAD_KEYS on.');
  const encrypted = inputs.filter(isEncrypted).length;
  if (keys.length > 0 && encrypted === 0) {
    return warning(
      'The latest runs were started in clear text, though there are keys.',
      'Give the API and every worker the same PAYLOAD_KEYS as here, and restart them.',
    );
  }
  return ok(encrypted === 0 ? 'The latest runs need no key.' : 'PAYLOAD_KEYS opens what the latest runs were given.');
};

/**
 * Whether `keys` open what Temporal holds: tried on the input of the latest runs, of which nothing is shown.
 * A key that is missing or another is the codec's own error, which says what to do.
 */
export const payloadKeysCheck = (
  { service, calls, namespace, taskQueue }: TriedOn,
  keys: readonly PayloadKey[],
): Pick<Check, 'name' | 'run'> => ({
  name: 'payload keys',
  async run() {
    const { executions } = await calls.call(() =>
      service.listWorkflowExecutions({ namespace, pageSize: RUNS_TRIED, query: `TaskQueue = "${taskQueue}"` }),
    );
    const inputOf = async (execution: (typeof executions)[number]['execution']): Promise<Payload[]> => {
      try {
        const { history } = await calls.call(() =>
          service.getWorkflowExecutionHistory({ namespace, execution: execution ?? null, maximumPageSize: 1 }),
        );
        return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      } catch (error) {
        // It went between the list and the look.
        if (grpcStatus(error) === GRPC.NOT_FOUND) return [];
        throw error;
      }
    };
    const inputs = (await Promise.all(executions.map(({ execution }) => inputOf(execution)))).flat();
    await createPayloadCodec(keys).decode(inputs);
    return judge(inputs, keys);
  },
});
