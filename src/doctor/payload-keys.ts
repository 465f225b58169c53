import type { Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { BoundedCalls } from '../temporal/bounded-calls.ts';
import { GRPC, grpcStatus } from '../temporal/grpc-status.ts';
import { createPayloadCodec, type EncryptionPolicy, isEncrypted } from '../temporal/payload-codec.ts';
import type { PayloadKey } from '../temporal/payload-keys.ts';
import { type Check, type CheckResult, info, ok, problem, warning } from './finding.ts';

/** Enough that a run or two started by hand, in clear text, prove nothing. */
const RUNS_TRIED = 5;

export interface TriedOn {
  service: Connection['workflowService'];
  calls: BoundedCalls;
  namespace: string;
  /** The workflows' own. */
  taskQueue: string;
}

/** A run was given this. */
interface Given {
  inputs: Payload[];
  workflowId: string;
  isOpen: boolean;
}

const judge = (given: Given[], keys: readonly PayloadKey[], { required }: EncryptionPolicy): CheckResult => {
  const inputs = given.flatMap((run) => run.inputs);
  if (inputs.length === 0) return info('Not checked: there is no run yet to try PAYLOAD_KEYS on.');
  const waiting = given
    .filter((run) => run.isOpen && !run.inputs.every(isEncrypted))
    .map(({ workflowId }) => workflowId);
  if (required && waiting.length > 0) {
    return problem(
      `Open runs were started in clear text, which PAYLOAD_ENCRYPTION=required refuses: ${waiting.join(', ')}.`,
      'Set PAYLOAD_ENCRYPTION=optional until they have ended, or terminate them and start them anew through ' +
        'the codec server.',
    );
  }
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
 * Says whether the keys open what Temporal holds: tried on the input of the latest runs, of which nothing is shown. A
 * key that is missing or another, and a payload of another run, are the codec's own errors, which say what to do.
 */
export const payloadKeysCheck = (
  { service, calls, namespace, taskQueue }: TriedOn,
  keys: readonly PayloadKey[],
  policy: EncryptionPolicy = {},
): Pick<Check, 'name' | 'run'> => ({
  name: 'payload keys',
  async run() {
    const { executions } = await calls.call(() =>
      service.listWorkflowExecutions({ namespace, pageSize: RUNS_TRIED, query: `TaskQueue = "${taskQueue}"` }),
    );
    const inputsOf = async (execution: (typeof executions)[number]['execution']): Promise<Payload[]> => {
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
    const given = await Promise.all(
      executions.map(
        async ({ execution, closeTime }): Promise<Given> => ({
          inputs: await inputsOf(execution),
          workflowId: execution?.workflowId ?? '',
          isOpen: !closeTime,
        }),
      ),
    );
    // Clear text is judged of here: one run of it is no reason not to try the others.
    const codec = createPayloadCodec(keys);
    for (const { inputs, workflowId } of given) await codec.decode(inputs, { type: 'workflow', namespace, workflowId });
    return judge(given, keys, policy);
  },
});
