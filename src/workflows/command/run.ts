import { workflowInfo } from '@temporalio/workflow';
import type { Conversation } from '../../hubspot/conversation.ts';
import type { MessageId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import type { Wish } from '../../rules/command.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { noteBody, type PostBody } from '../../rules/replying/post-body.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { type FollowCommandInput, type FollowCommandResult, followCommandRun } from '../../runs/follow-command.ts';
import type { Silence } from '../../sessions/store.ts';
import { activitiesOf } from '../shared/activity-options.ts';
import { RunStory } from '../shared/run-story.ts';

/** Runs that began before it answer `/ai resume` and `/ai pause` without a look at what then happens. */
export const SAYS_WHAT_FOLLOWS = 'commands-say-what-follows';

/** HubSpot's clock and Temporal's may differ by this much: nothing that a run has posted is older. */
export const CLOCKS_DIFFER_MS = 60_000;

/** A command of an agent, and since when it holds, in ms by HubSpot's clock. */
export interface Order {
  wish: Wish;
  at: number;
  /** The agent, where it is known. */
  by: string | null;
}

/** The state of one `followCommand` run: what it was asked, and what it says of itself. */
export class CommandRun {
  readonly asked: FollowCommandInput;
  readonly thread: { portalId: PortalId; threadId: ThreadId };
  readonly settings: PortalSettings;
  readonly activities: ReturnType<typeof activitiesOf>;
  readonly story: RunStory<FollowCommandResult>;

  constructor(asked: FollowCommandInput, settings: PortalSettings) {
    const { portalId, threadId } = asked;
    this.asked = asked;
    this.thread = { portalId, threadId };
    this.settings = settings;
    this.activities = activitiesOf(portalId, 'reply');
    this.story = new RunStory(followCommandRun.about(asked));
  }
}

/** The thread without its texts; `null`: it is gone. */
export const fetchThread = (run: CommandRun, summary: string): Promise<Conversation | null> =>
  run.activities.hubspotReads.fetchConversation(summary, { ...run.thread, withoutTexts: true });

/** Says why the AI is silent at a moment, whatever this command has said of it: another one may have come later. */
export const silencedAt = async (run: CommandRun, at: number): Promise<Silence | null> => {
  const { silenced } = await run.activities.sessionCalls.standing('whether the AI is silent', { ...run.thread, at });
  return silenced;
};

/** Ends the run with an internal comment for the agent who gave the command. */
export const answer = async (run: CommandRun, markup: string, line: string): Promise<FollowCommandResult> => {
  await leaveComment(run, noteBody(markup), 'answer as internal comment');
  return followed(run, line);
};

/** Leaves an internal comment, once. */
export const leaveComment = async (run: CommandRun, words: PostBody, summary: string): Promise<void> => {
  const { firstExecutionRunId, startTime } = workflowInfo();
  const answered = 'messageId' in run.asked ? run.asked.messageId : (firstExecutionRunId as MessageId);
  const since = new Date(startTime.getTime() - CLOCKS_DIFFER_MS).toISOString();
  const posted = await run.activities.hubspotPosts.post(summary, {
    ...run.thread,
    sought: { key: postKeyOf(answered, 'command'), text: words.text, since },
    words,
    to: null,
    seen: null,
  });
  if (!posted.moved) run.story.posted('comment', posted);
};

/** Ends the run: the command was followed, and `line` says how. */
export const followed = (run: CommandRun, line: string): FollowCommandResult =>
  run.story.end({ outcome: 'followed', reason: line });
