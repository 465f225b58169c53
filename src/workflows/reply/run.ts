import { setHandler, workflowInfo } from '@temporalio/workflow';
import type { FirstRead } from '../../activities/first-reads.ts';
import type { Admissions } from '../../activities/sessions.ts';
import type { AiAnswer } from '../../ai/backend.ts';
import type { FinishedCall } from '../../ai/steps.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { MessageId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import { type PostFingerprint, type PostKind, postKeyOf } from '../../rules/replying/own-post.ts';
import type { PostBody } from '../../rules/replying/post-body.ts';
import type { Post } from '../../rules/replying/what-to-post.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import type { SkipReason } from '../../rules/skip-reasons.ts';
import type { Autonomy } from '../../rules/speaking/autonomy.ts';
import type { BurstContext } from '../../rules/speaking/burst.ts';
import { turnNotes } from '../../rules/turn-notes.ts';
import { type ReplyToMessageInput, type ReplyToMessageResult, replyToMessageRun } from '../../runs/reply-to-message.ts';
import type { RecordedTurn, Turn } from '../../sessions/store.ts';
import { Escalation } from '../shared/escalation.ts';
import { queuedInWords, type Steps } from '../shared/first-read.ts';
import { RunStory } from '../shared/run-story.ts';
import { ThreadChanges } from '../shared/thread-changes.ts';
import { deliveryIsToBeChecked } from '../shared/watch-delivery.ts';
import { Approval } from './approval.ts';

/** The question of a run, as it has found it. */
export interface Question {
  /** The one that the run is of. */
  message: Message;
  /** It and those before it that one reply answers too, oldest first. */
  burst: Message[];
  conversation: Conversation;
  turns: RecordedTurn[];
  /** The counts that stand against one more answer, as far as the session store knows. */
  admissions: Admissions;
}

/** A post, and its place on the thread. */
export interface Placed {
  post: Post;
  /** The AI's, of which the post was made. */
  answer: AiAnswer;
  messageId: MessageId;
}

/** Thrown by a step that ends the run before its last one. */
export class EndRun extends Error {
  override readonly name = 'EndRun';
  readonly result: ReplyToMessageResult;

  constructor(result: ReplyToMessageResult) {
    super(result.reason);
    this.result = result;
  }
}

/** The end of a run that stays silent. */
export const skip = (reason: SkipReason): EndRun => new EndRun({ outcome: 'skipped', reason });

/** The state of one `replyToMessage` run: what it was asked, what it hears meanwhile, and what it says of itself. */
export class ReplyRun {
  readonly asked: ReplyToMessageInput;
  readonly thread: { portalId: PortalId; threadId: ThreadId };
  readonly settings: PortalSettings;
  readonly calls: Escalation;
  readonly threadChanges = new ThreadChanges();
  readonly approval = new Approval();
  readonly story: RunStory<ReplyToMessageResult>;
  readonly workflowId = workflowInfo().workflowId;
  /** When the customer wrote, by HubSpot's clock: nothing that answers it is older. */
  askedAt = new Date(0).toISOString();
  /** The AI may go so far: the portal's rule until the message's channel is known. */
  level: Autonomy;
  /** The reason why the AI may not send by itself now; `null`: it may, as far as its level goes. */
  onlyDrafts: string | null = null;
  /** The AI has written, or was asked, as often as it may: two machines may be at it, so not a word more. */
  capReached = false;
  /** The run that asked on this thread before has been signalled: once is enough. */
  hasSignalledEarlierRun = false;
  /** The run that waits for this customer's reply has been signalled: once is enough. */
  hasEndedWaitForCustomer = false;
  /** What the AI has had called to change something, or wanted to; whatever became of its answer. */
  readonly changes: FinishedCall[] = [];
  /** So many comments have asked whether a call may be made: each has its number. */
  approvalComments = 0;
  /** The message is ours, and this run is to look later whether it arrived; `null`: nothing of the kind. */
  sent: { notice: boolean } | null = null;
  /** Runs of earlier versions read the settings first, and the session by itself. */
  readonly takesFewerSteps: boolean;
  /** Runs of earlier versions have nothing read at once. */
  readonly readsAtOnce: boolean;
  /** The first read has brought these along; what is absent is still to be read. */
  readonly first: Pick<FirstRead, 'message' | 'conversation' | 'opened'>;
  /** For more of the customer's words: what was read before is out of date. */
  hasWaited = false;
  /** The event that gives a handed-over thread back was waited for: once is enough. */
  hasAwaitedOwner = false;
  /** The activity that posted this message has recorded the turn too. */
  recorded: MessageId | null = null;
  /** The same mail's run on another thread was waited for, and has not answered: this one does. */
  answersAlone = false;

  constructor(
    asked: ReplyToMessageInput,
    { settings, queued, ...first }: FirstRead & { queued?: string },
    steps: Steps,
  ) {
    const { portalId, threadId } = asked;
    this.takesFewerSteps = steps !== 'single';
    this.readsAtOnce = steps === 'at-once';
    this.first = first;
    const description = 'The message is one of ours: look later whether it arrived';
    const noteSent = (sent?: { notice?: unknown }): void => {
      this.sent = { notice: sent?.notice === true };
    };
    setHandler(deliveryIsToBeChecked, noteSent, { description });
    this.asked = asked;
    this.thread = { portalId, threadId };
    this.settings = settings;
    this.level = settings.autonomy.default;
    this.story = new RunStory(replyToMessageRun.about(asked), settings);
    if (queued !== undefined) this.story.step(queuedInWords(queued));
    this.calls = new Escalation(portalId, settings.attentionAfterMs, this.story);
  }

  /** Gives what the rules have to know beside the messages. */
  rulesContext(turns: RecordedTurn[] = []): BurstContext {
    return { aiActorId: this.settings.aiActorId, appId: this.asked.appId ?? null, turns };
  }

  /** Says how a post of this run is recognised on the thread. */
  fingerprint(kind: PostKind, { text }: PostBody, number = 1): PostFingerprint {
    return { key: postKeyOf(this.asked.messageId, kind, number), text, since: this.askedAt };
  }
}

/** What is recorded of a post, but for its id: it settles these messages, and how. */
export const turnOf = (
  run: ReplyRun,
  { post, answer }: Pick<Placed, 'post' | 'answer'>,
  burst: Message[],
): Omit<Turn, 'postedMessageId'> => {
  const answeredMessageIds = burst.map(({ id }) => id);
  const { outcome } = post;
  const { workflowId } = run;
  return { ...run.thread, answeredMessageIds, outcome, workflowId, notes: turnNotes(answer, post, burst) };
};
