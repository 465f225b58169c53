import { workflowInfo } from '@temporalio/workflow';
import { channelName } from '../../hubspot/channels.ts';
import type { ActorId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import { assigneeFor } from '../../rules/handoff/assignee.ts';
import type { Closed } from '../../rules/handoff/customer-notice.ts';
import type { TicketNote } from '../../rules/handoff/handoff-comment.ts';
import type { HandoffReason } from '../../rules/handoff/handoff-reason.ts';
import type { OutOfHours } from '../../rules/handoff/handoff-settings.ts';
import { type PostFingerprint, type PostKind, postKeyOf } from '../../rules/replying/own-post.ts';
import type { PostBody } from '../../rules/replying/post-body.ts';
import { inAddress } from '../../rules/run-address.ts';
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
  readonly startedAt = Date.now();
  /** The comment says each of them in a line beside the reason. */
  readonly notes: string[] = [];
  ticketNote: TicketNote = null;
  /** Agents see every thread there, and nothing of it is changed but by their own hand. */
  onlyComments = false;
  /** Outside of business hours; `null`: agents are there. */
  closed: Closed | null = null;
  /** What is done of the handoff now, and what once agents are there. */
  outOfHours: OutOfHours = 'now';
  /** The message's channel by its name for people. */
  channel = channelName(null);
  /** The actor who has the thread when the handoff begins. */
  owner: ActorId | null = null;
  /** When the customer wrote, by HubSpot's clock: no post of this run is older. */
  askedAt = new Date(0).toISOString();

  constructor(asked: HandOffInput, settings: PortalSettings) {
    const { portalId, threadId } = asked;
    this.asked = asked;
    this.thread = { portalId, threadId };
    this.settings = settings;
    this.story = new RunStory(handOffRun.about(asked), settings);
    this.calls = new Escalation(portalId, settings.attentionAfterMs, this.story);
  }

  /** An escalation rule names this person for the thread, or the portal's settings do, or nobody. */
  assignee(): ActorId | null {
    return this.asked.assignTo ?? assigneeFor(this.settings.handoff.assignTo, { ...this.asked, channel: this.channel });
  }

  /** Agents read this of the handoff, in comment and ticket. */
  why(): HandoffReason {
    const { reason, language, sentiment, unsent, consulted, called } = this.asked;
    const { parent, workflowId } = workflowInfo();
    const { runs, ops } = this.settings.links ?? {};
    // The run that asked the AI says more than this one.
    const run = runs === undefined ? undefined : `${runs}/${inAddress(parent?.workflowId ?? workflowId)}`;
    return {
      reason,
      ...(language === undefined ? {} : { language }),
      ...(sentiment === undefined ? {} : { sentiment }),
      ...(unsent === undefined ? {} : { unsent }),
      ...(consulted === undefined ? {} : { consulted }),
      ...(called === undefined ? {} : { called }),
      ...(run === undefined && ops === undefined
        ? {}
        : { links: { ...(run === undefined ? {} : { run }), ...(ops === undefined ? {} : { ops }) } }),
    };
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

/**
 * Makes a call that the handoff can do without. All of these calls together may take `ATTENTION_AFTER`: agents wait for
 * the comment, which says what is `missing`. `note`: how it says that, where it isn't a line of its own.
 * @returns `undefined` where it can't be done, which keeps no later step away
 */
export const attempt = async <T>(
  run: HandOffRun,
  missing: string,
  call: (activities: Escalation['short']) => Promise<T>,
  note = (reason: string, final: boolean) => {
    run.notes.push(`${missing}${final ? `: ${reason}` : ''}`);
  },
): Promise<T | undefined> => {
  try {
    return await call(run.calls.shortSince(run.startedAt));
  } catch (error) {
    const reason = failureReason(error);
    run.story.alarm('handoff-incomplete', `${missing}: ${reason}`);
    note(reason, isFinal(error));
    return undefined;
  }
};
