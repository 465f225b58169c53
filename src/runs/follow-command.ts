import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';
import type { Command } from '../rules/command.ts';
import type { RunType } from './run-type.ts';

/** A comment that may be a command; or a command by hand. */
export type FollowCommandInput =
  | { portalId: PortalId; threadId: ThreadId; messageId: MessageId }
  | {
      portalId: PortalId;
      threadId: ThreadId;
      command: Command;
      /** The words after the command in a comment: the words to send, how long to pause, why to hand off. */
      text?: string;
      /** The one who commands, such as the agent's actor. */
      by?: string;
    };

export interface FollowCommandResult {
  outcome: 'followed' | 'skipped';
  /** The action taken; or a {@link SkipReason}. */
  reason?: string;
}

type FollowCommentInput = Extract<FollowCommandInput, { messageId: MessageId }>;

/** One run for each internal comment. */
export const followCommandRun = {
  type: 'followCommand',
  title: 'Command',
  about: (asked: FollowCommandInput) => ({
    portalId: asked.portalId,
    threadId: asked.threadId,
    detail: 'messageId' in asked ? `comment ${asked.messageId}` : asked.command,
  }),
  workflowId: ({ portalId, threadId, messageId }: FollowCommentInput) => `command:${portalId}:${threadId}-${messageId}`,
  urgency: 'post',
  example: { portalId: '62515', threadId: '6065362089', command: 'pause', text: '2h' },
} as const satisfies RunType<FollowCommandInput, [], FollowCommentInput>;
