import { workflowInfo } from '@temporalio/workflow';
import type { OpenedHandoff } from '../../activities/handoffs.ts';
import { channelName } from '../../hubspot/channels.ts';
import type { ActorId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import { assigneeOf, type Circumstances } from '../../rules/handoff/circumstances.ts';
import type { TicketNote } from '../../rules/handoff/handoff-comment.ts';
import { type HandoffReason, handoffLinks } from '../../rules/handoff/handoff-reason.ts';
import { type PostFingerprint, type PostKind, postKeyOf } from '../../rules/replying/own-post.ts';
import type { PostBody } from '../../rules/replying/post-body.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { type HandOffInput, type HandOffResult, handOffRun } from '../../runs/hand-off.ts';
import { failureReason, isFinal } from '../shared/activity-failures.ts';
import { Escalation } from '../shared/escalation.ts';
import { RunStory } from '../shared/run-story.ts';

/** The state of one `handOff` run: what it was asked, what it has found, and what its comment has to say of that. */
export class HandOffRun {
  readonly asked: HandOffInput;
  readonly thread: { portalId: PortalId; threadId: ThreadId };
  readonly settings: PortalSettings;
  readonly calls: Escalation;
  readonly story: RunStory<HandOffResult>;
  readonly startedAt: number;
  /** The comment says each of them in a line beside the reason. */
  readonly notes: string[] = [];
  ticketNote: TicketNote = null;
  /** Until the message's channel is known: agents are there, and everything may be done. */
  circumstances: Circumstances = { onlyComments: false, closed: null, outOfHours: 'now' };
  /** The first step has done these already; what is absent is still to be done. */
  readonly opened: Omit<OpenedHandoff, 'settings'>;
  /** The message's. */
  channelId: string | null = null;
  /** The actor who has the thread when the handoff begins. */
  owner: ActorId | null = null;
  /** When the customer wrote, by HubSpot's clock: no post of this run is older. */
  askedAt = new Date(0).toISOString();

  constructor(asked: HandOffInput, { settings, ...opened }: OpenedHandoff, startedAt: number) {
    const { portalId, threadId } = asked;
    this.asked = asked;
    this.opened = opened;
    this.startedAt = startedAt;
    this.thread = { portalId, threadId };
    this.settings = settings;
    this.story = new RunStory(handOffRun.about(asked), settings);
    this.calls = new Escalation(portalId, settings.attentionAfterMs, this.story);
  }

  /** Who gets the thread; `null`: nobody. */
  assignee(): ActorId | null {
    return assigneeOf(this.settings, this.asked, this.channelId);
  }

  /** Agents read this of the handoff, in comment and ticket. */
  why(): HandoffReason {
    const links = handoffLinks(this.settings.links, runThatSaysMost());
    return { ...reasonIn(this.asked), ...(links === null ? {} : { links }) };
  }

  /** The channel by its name for people. */
  get channel(): string {
    return channelName(this.channelId);
  }

  /** Something of the handoff is missing: the comment says so, and a person has to look at the run. */
  note(missing: string): void {
    this.notes.push(missing);
    this.story.alarm('handoff-incomplete', missing);
  }

  /** A post of this run is recognised on the thread by it. */
  fingerprint(kind: PostKind, { text }: PostBody): PostFingerprint {
    return { key: postKeyOf(this.asked.messageId, kind), text, since: this.askedAt };
  }
}

/** The workflow ID of the run that asked the AI, which says more than this one. */
export const runThatSaysMost = (): string => {
  const { parent, workflowId } = workflowInfo();
  return parent?.workflowId ?? workflowId;
};

/** What the AI and the portal know of why the thread goes to agents. */
export const reasonIn = (asked: HandOffInput): Omit<HandoffReason, 'links'> => {
  const { reason, language, sentiment, unsent, consulted, called } = asked;
  return {
    reason,
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
    ...(unsent === undefined ? {} : { unsent }),
    ...(consulted === undefined ? {} : { consulted }),
    ...(called === undefined ? {} : { called }),
  };
};

/** How the comment says what is `missing`: where it isn't a line of its own, the step says how. */
type NoteMissing = (reason: string, final: boolean) => void;

const noteLine =
  (run: HandOffRun, missing: string): NoteMissing =>
  (reason, final) => {
    run.notes.push(`${missing}${final ? `: ${reason}` : ''}`);
  };

/** Goes on without a step: comment and run say what is `missing`. `final`: trying again could not help. */
export const goOnWithout = (
  run: HandOffRun,
  missing: string,
  { reason, final }: { reason: string; final: boolean },
  note: NoteMissing = noteLine(run, missing),
): undefined => {
  run.story.alarm('handoff-incomplete', `${missing}: ${reason}`);
  note(reason, final);
};

/**
 * Makes a call that the handoff can do without. All of these calls together may take `ATTENTION_AFTER`: agents wait for
 * the comment, which says what is `missing`.
 * @returns `undefined` where it can't be done, which keeps no later step away
 */
export const attempt = async <T>(
  run: HandOffRun,
  missing: string,
  call: (activities: Escalation['short']) => Promise<T>,
  note?: NoteMissing,
): Promise<T | undefined> => {
  try {
    return await call(run.calls.shortSince(run.startedAt));
  } catch (error) {
    goOnWithout(run, missing, { reason: failureReason(error), final: isFinal(error) }, note);
    return undefined;
  }
};
