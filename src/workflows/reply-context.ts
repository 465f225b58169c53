import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { MessageId } from '../hubspot/ids.ts';
import type { RecordedTurn } from '../sessions/store.ts';
import { PORTAL_ID, THREAD_ID } from '../temporal/search-attributes.ts';
import { Approval } from './approval.ts';
import type { PortalSettings, ReplyToMessageInput, ReplyToMessageResult } from './contract.ts';
import { Disturbance } from './disturbance.ts';
import { Insistence } from './insistence.ts';
import type { Autonomy } from './rules/autonomy.ts';
import type { BurstContext } from './rules/burst.ts';
import { type PostKind, postKeyOf, type SoughtPost } from './rules/own-post.ts';
import type { Post } from './rules/what-to-post.ts';
import type { Words } from './rules/words.ts';
import { RunStory } from './run-story.ts';

/** What is to be answered, as the run has found it. */
export interface Question {
  /** The one that the run is of. */
  message: Message;
  /** It and those before it that one reply answers too, oldest first. */
  burst: Message[];
  conversation: Conversation;
  turns: RecordedTurn[];
}

/** What stands on the thread, and where. */
export interface Placed {
  post: Post;
  messageId: MessageId;
}

/** What every step of a `replyToMessage` run leans on: what it was asked, what it hears meanwhile, and what it tells of itself. */
export class ReplyContext {
  readonly asked: ReplyToMessageInput;
  readonly settings: PortalSettings;
  readonly insist: Insistence;
  readonly disturbance = new Disturbance();
  readonly approval = new Approval();
  readonly story: RunStory<ReplyToMessageResult>;
  /** When the customer wrote, by HubSpot's clock: nothing that answers it is older. */
  askedAt = new Date(0).toISOString();
  /** How far the AI may go: the portal's rule until the message's channel is known. */
  level: Autonomy;

  constructor(asked: ReplyToMessageInput, settings: PortalSettings) {
    this.asked = asked;
    this.settings = settings;
    this.level = settings.autonomy.default;
    this.story = new RunStory(
      [`portal ${asked.portalId}`, `thread ${asked.threadId}`],
      [
        { key: PORTAL_ID, value: asked.portalId },
        { key: THREAD_ID, value: asked.threadId },
      ],
    );
    this.insist = new Insistence(asked.portalId, settings.attentionAfterMs, this.story);
  }

  /** What the rules have to know beside the messages. */
  rulesContext(turns: RecordedTurn[] = []): BurstContext {
    return { aiActorId: this.settings.aiActorId, appId: this.asked.appId ?? null, turns };
  }

  /** How a post of this run is recognised on the thread. */
  sought(kind: PostKind, { text }: Words): SoughtPost {
    return { key: postKeyOf(this.asked.messageId, kind), text, since: this.askedAt };
  }
}
