import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import { ESCALATION_REASONS } from '../rules/escalation/escalation.ts';
import { SKIP_REASONS, type SkipReason } from '../rules/skip-reasons.ts';
import { type FollowCommandResult, followCommandRun } from '../runs/follow-command.ts';
import { ATTENTION_CAUSES, AWAITS_APPROVAL } from '../runs/outcomes.ts';
import { replyToMessageRun } from '../runs/reply-to-message.ts';
import {
  CHANNEL,
  ESCALATION_REASON,
  NEEDS_ATTENTION,
  OUTCOME,
  PORTAL_ID,
  SKIP_REASON,
  THREAD_ID,
  TICKET_ID,
} from '../runs/search-attributes.ts';

/** The run of one message of a customer's, as Temporal's list knows it. */
export interface MessageRun {
  workflowId: string;
  runId: string;
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  startedAt: Date;
  /** It has not ended. */
  isOpen: boolean;
  /** An `Outcome`, or {@link AWAITS_APPROVAL}; `null`: it is at work, or broke off. */
  outcome: string | null;
  /** Skip reason, escalation reason, or the cause for which it needs attention. */
  reason: string | null;
  /** `null`: not known yet. */
  channel: string | null;
}

/** What is left out doesn't matter. Only what {@link isReason} and the like have let through belongs here. */
export interface RunFilter {
  portalId?: PortalId;
  channel?: string;
  /** As {@link MessageRun.outcome}; `open`: it is at work or waits. */
  outcome?: string;
  reason?: string;
  /** Of a thread or a ticket: digits. */
  number?: string;
  /** Only these threads; none: no run. */
  threads?: readonly ThreadId[];
  /** When it began. */
  since?: Date;
  until?: Date;
}

export interface MessageRuns {
  /** The newest first. */
  runs: MessageRun[];
  /** There are more than were looked at. */
  more: boolean;
}

/** A command on a thread, as its run tells it. */
export interface GivenCommand {
  startedAt: Date;
  /** The agent's actor, or an operator; `null`: not known. */
  by: string | null;
  /** What was done; `null`: it is at work. */
  became: string | null;
}

/** Finds the runs of customers' messages of this installation. Throws the client's errors while Temporal is away. */
export interface Conversations {
  find(filter: RunFilter): Promise<MessageRuns>;
  /** Runs whose draft waits for an agent, those that wait longest first. */
  drafts(): Promise<MessageRuns>;
  /** What agents and operators have commanded on a thread, the newest first. */
  commands(thread: { portalId: PortalId; threadId: ThreadId }): Promise<GivenCommand[]>;
}

const LISTED = 200;
/** Of the commands on a thread. */
const MOST_COMMANDS = 10;

/** These say that it was no customer's message, but our own echo or an agent's words: HubSpot announces all of it. */
const NO_CUSTOMERS: SkipReason[] = ['comment', 'outgoing', 'sender-is-agent'];

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '')}"`;
const is = ({ name }: { name: string }, value: string): string => `${name} = ${quoted(value)}`;
const isOneOf = ({ name }: { name: string }, values: readonly string[]): string =>
  `${name} IN (${values.map(quoted).join(', ')})`;

/** Where a reason is kept. */
const REASONS: [key: { name: string }, values: readonly string[]][] = [
  [SKIP_REASON, SKIP_REASONS],
  [ESCALATION_REASON, ESCALATION_REASONS],
  [NEEDS_ATTENTION, ATTENTION_CAUSES],
];

/** Says whether runs can be found by this reason. */
export const isReason = (reason: string): boolean => REASONS.some(([, values]) => values.includes(reason));

/** A word may be a reason of several kinds. */
const hasReason = (reason: string): string => {
  const keys = REASONS.filter(([, values]) => values.includes(reason));
  return `(${keys.map(([key]) => is(key, reason)).join(' OR ')})`;
};

const conditionsOf = ({ portalId, channel, outcome, reason, number, threads, since, until }: RunFilter): string[] => [
  ...(portalId === undefined ? [] : [is(PORTAL_ID, portalId)]),
  ...(channel === undefined ? [] : [is(CHANNEL, channel)]),
  ...(outcome === undefined ? [] : [outcome === 'open' ? 'ExecutionStatus = "Running"' : is(OUTCOME, outcome)]),
  ...(reason === undefined ? [] : [hasReason(reason)]),
  ...(number === undefined ? [] : [`(${is(THREAD_ID, number)} OR ${is(TICKET_ID, number)})`]),
  ...(threads === undefined ? [] : [isOneOf(THREAD_ID, threads)]),
  ...(since === undefined ? [] : [`StartTime >= ${quoted(since.toISOString())}`]),
  ...(until === undefined ? [] : [`StartTime < ${quoted(until.toISOString())}`]),
];

/** The thread and message of a run by its workflow ID; `null`: it is another's. */
export const messageOf = (
  workflowId: string,
): { portalId: PortalId; threadId: ThreadId; messageId: MessageId } | null => {
  const [, portalId, threadId, messageId] = /^message:(\d{1,20}):(\d{1,30})-(.{1,300})$/.exec(workflowId) ?? [];
  if (portalId === undefined || threadId === undefined || messageId === undefined) return null;
  return { portalId: portalId as PortalId, threadId: threadId as ThreadId, messageId: messageId as MessageId };
};

const runOf = (run: WorkflowExecutionInfo): MessageRun[] => {
  const { workflowId, runId, startTime: startedAt, status, typedSearchAttributes: attributes } = run;
  const message = messageOf(workflowId);
  // What was started by hand may have any workflow ID: it is seen in the Temporal Web UI.
  if (message === null) return [];
  const reason = [SKIP_REASON, ESCALATION_REASON, NEEDS_ATTENTION].map((key) => attributes.get(key));
  return [
    {
      workflowId,
      runId,
      ...message,
      startedAt,
      isOpen: status.name === 'RUNNING',
      outcome: attributes.get(OUTCOME) ?? null,
      reason: reason.find((one) => one !== undefined) ?? null,
      channel: attributes.get(CHANNEL) ?? null,
    },
  ];
};

/** {@link Conversations} of a task queue. */
export const createConversations = (client: Client, taskQueue: string): Conversations => {
  const list = async (conditions: string[]): Promise<MessageRuns> => {
    const query = [`TaskQueue = ${quoted(taskQueue)}`, `WorkflowType = "${replyToMessageRun.type}"`, ...conditions];
    const runs: MessageRun[] = [];
    let looked = 0;
    for await (const run of client.workflow.list({ query: query.join(' AND '), pageSize: LISTED })) {
      looked += 1;
      if (looked > LISTED) break;
      runs.push(...runOf(run));
    }
    return { runs, more: looked > LISTED };
  };

  const commandOf = async ({ workflowId, runId, startTime, status }: WorkflowExecutionInfo): Promise<GivenCommand> => {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { events } = await handle.fetchHistory();
    const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
    const [asked] = await decodeArrayFromPayloads(client.options.loadedDataConverter, input);
    const { by = null } = (asked ?? {}) as { by?: string | null };
    const result: FollowCommandResult | null = status.name === 'COMPLETED' ? await handle.result() : null;
    return { startedAt: startTime, by, became: result?.reason ?? null };
  };

  return {
    async find(filter) {
      if (filter.threads?.length === 0) return { runs: [], more: false };
      const echoes = NO_CUSTOMERS.map(quoted).join(', ');
      const noEchoes = `(${SKIP_REASON.name} IS NULL OR ${SKIP_REASON.name} NOT IN (${echoes}))`;
      // Who looks for a reason gets it, whatever it is.
      const conditions = [...conditionsOf(filter), ...(filter.reason === undefined ? [noEchoes] : [])];
      const { runs, more } = await list(conditions);
      return { runs: runs.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime()), more };
    },

    async drafts() {
      const { runs, more } = await list(['ExecutionStatus = "Running"', is(OUTCOME, AWAITS_APPROVAL)]);
      return { runs: runs.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime()), more };
    },

    async commands({ portalId, threadId }) {
      const query = [
        `TaskQueue = ${quoted(taskQueue)}`,
        `WorkflowType = "${followCommandRun.type}"`,
        is(PORTAL_ID, portalId),
        is(THREAD_ID, threadId),
        `${SKIP_REASON.name} IS NULL`,
      ];
      const listed: WorkflowExecutionInfo[] = [];
      for await (const run of client.workflow.list({ query: query.join(' AND '), pageSize: MOST_COMMANDS })) {
        listed.push(run);
        if (listed.length === MOST_COMMANDS) break;
      }
      const commands = await Promise.all(listed.map(commandOf));
      return commands.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    },
  };
};
