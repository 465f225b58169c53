import { cancellationSignal } from '@temporalio/activity';
import type { PortalAis } from '../../ai/index.ts';
import type { CallOutcome } from '../../ai/steps.ts';
import type { ToolCall, ToolRule } from '../../ai/tools/tool.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import { withFailures } from '../failures.ts';
import { heartbeatWhile } from '../heartbeats.ts';
import type { AiReading } from './ai-reading.ts';
import type { Asker, ToolsOf } from './caller-tools.ts';

/** One call that a model wants, and for whom. */
export interface ToolCallInput {
  who: Asker;
  call: ToolCall;
  rule: ToolRule;
  /** The same in each attempt; goes along with a call that changes something. */
  idempotencyKey: string;
}

/** `stopped`: the emergency stop holds, so nothing that changes something was called. */
export type CallResult = CallOutcome | { stopped: true };

export interface ToolActivities {
  /**
   * Calls what a model wants: one of its own look-ups, or a tool of the business. What can't be called is an outcome
   * too; only what may pass by itself is thrown, and Temporal tries again.
   */
  callTool(input: ToolCallInput): Promise<CallResult>;
}

/** `isStopped`: the emergency stop holds for a portal. */
export const createToolActivities = ({
  ais,
  reading,
  toolsOf,
  isStopped,
}: {
  ais: PortalAis;
  reading: AiReading;
  toolsOf: ToolsOf;
  isStopped: (portalId: PortalId) => Promise<boolean>;
}): ToolActivities =>
  withFailures({
    callTool: ({ who, call, rule, idempotencyKey }: ToolCallInput): Promise<CallResult> =>
      heartbeatWhile(async () => {
        const signal = cancellationSignal();
        if (rule === 'reads') {
          const { customer, ticket } = reading({ ...who, attachments: [] });
          const readable = { ...(customer ? { customer } : {}), ...(ticket ? { ticket } : {}) };
          const seen = await ais.backendOf(who.portalId).stepwise?.look(call, { ...readable, signal });
          if (seen) return seen;
        } else if (await isStopped(who.portalId)) return { stopped: true };
        const tools = await toolsOf(who);
        // The rule that the run went by is still the tool's.
        if (tools.offers.find(({ name }) => name === call.name)?.rule !== rule)
          return { ok: false, why: 'there is no such tool any more' };
        return await tools.call(call, { idempotencyKey, signal });
      }),
  });
