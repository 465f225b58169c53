import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { MessageId, ThreadId } from '../../hubspot/ids.ts';
import { newestCustomerMessage } from '../../rules/speaking/burst.ts';
import {
  type Action,
  type FollowActionInput,
  type FollowActionResult,
  followActionRun,
} from '../../runs/follow-action.ts';
import { type FollowCommandInput, type FollowCommandResult, followCommandRun } from '../../runs/follow-command.ts';
import { replyToMessageRun } from '../../runs/reply-to-message.ts';
import { summaryOf } from '../../runs/run-type.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseFollowAction } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

type Activities = ReturnType<typeof activitiesOf>;

/**
 * Does what a workflow of the portal's own wants of the AI, on the threads of the record that it was at: the open ones;
 * a handoff, or an answer, on the newest. Each is the same command by hand, in a run of its own.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function followAction(input: unknown): Promise<FollowActionResult> {
  const asked = parseFollowAction(input);
  const { portalId, action } = asked;
  const { aiActorId } = await portalSettings(portalId);
  const activities = activitiesOf(portalId, 'reply');
  const story = new RunStory<FollowActionResult>(followActionRun.about(asked));
  story.step(`${asked.by}: ${action}`);

  const threads = await threadsOf(asked, activities);
  const [newest] = threads;
  if (newest === undefined) return story.end({ outcome: 'no-thread' });
  if (action === 'send') {
    const answered = await sendToAi(asked, newest, activities, aiActorId);
    return story.end(answered === null ? { outcome: 'no-message' } : { outcome: 'followed', reason: answered });
  }
  const reached = action === 'handoff' ? [newest] : threads;
  for (const threadId of reached) {
    story.step(`thread ${threadId}: ${await command(asked, action, threadId)}`);
  }
  return story.end({ outcome: 'followed', reason: `${action} on ${reached.join(', ')}` });
}

const threadsOf = async ({ portalId, record }: FollowActionInput, { threadLists }: Activities): Promise<ThreadId[]> => {
  const { kind, id } = record;
  if (kind === 'conversation') return [id];
  const of = kind === 'ticket' ? { ticketId: id } : { contactId: id };
  return await threadLists.listThreadsOf(`threads of ${kind} ${id}`, { portalId, ...of });
};

/** Lets the AI speak again, and answer the customer's newest message, in the run of that message. @returns its ID */
const sendToAi = async (
  { portalId }: FollowActionInput,
  threadId: ThreadId,
  { hubspotReads, sessionCalls }: Activities,
  aiActorId: Parameters<typeof newestCustomerMessage>[1]['aiActorId'],
): Promise<string | null> => {
  await sessionCalls.giveBack('the AI may speak again', { portalId, threadId, at: Date.now() });
  const found = await hubspotReads.fetchConversation('the message to answer', {
    portalId,
    threadId,
    withoutTexts: true,
  });
  const newest = newestCustomerMessage(found?.messages ?? [], { aiActorId, appId: null });
  if (newest === null) return null;
  const reply = { portalId, threadId, messageId: newest.id };
  const workflowId = replyToMessageRun.workflowId(reply);
  try {
    // Its run may have ended in silence before; what it has posted, it finds.
    await startChild(replyToMessageRun.type, {
      workflowId,
      args: [reply],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: summaryOf(replyToMessageRun, reply),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
};

/** Follows a command on a thread as if it were given by hand. @returns what came of it, in one line */
const command = async (
  { portalId, callbackId, text, by }: FollowActionInput,
  action: Exclude<Action, 'send'>,
  threadId: ThreadId,
): Promise<string> => {
  const input = { portalId, threadId, command: action, by, ...(text === undefined ? {} : { text }) } as const;
  try {
    const { outcome, reason } = await executeChild<(input: FollowCommandInput) => Promise<FollowCommandResult>>(
      followCommandRun.type,
      {
        workflowId: followCommandRun.workflowId({ portalId, threadId, messageId: callbackId as MessageId }),
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        staticSummary: summaryOf(followCommandRun, input),
      },
    );
    return reason ?? outcome;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return 'followed before';
  }
};
