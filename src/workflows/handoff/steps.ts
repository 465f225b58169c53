import { patched, sleep } from '@temporalio/workflow';
import type { FoundTicket } from '../../activities/crm.ts';
import { channelName, LIVE_CHAT_CHANNEL_ID } from '../../hubspot/channels.ts';
import type { Conversation, Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId } from '../../hubspot/ids.ts';
import { assigneeFor } from '../../rules/handoff/assignee.ts';
import { customerNotice, mayNotifyCustomer } from '../../rules/handoff/customer-notice.ts';
import { handoffComment, type TicketNote } from '../../rules/handoff/handoff-comment.ts';
import { type PostFingerprint, type PostKind, postKeyOf } from '../../rules/replying/own-post.ts';
import type { PostBody } from '../../rules/replying/post-body.ts';
import { hasChangedSince, snapshotOf } from '../../rules/replying/thread-snapshot.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { autonomyOn, speaksToCustomers } from '../../rules/speaking/autonomy.ts';
import { checkDeliveryRun } from '../../runs/check-delivery.ts';
import { type HandOffInput, type HandOffResult, handOffRun } from '../../runs/hand-off.ts';
import { watchPickUpRun } from '../../runs/watch-pick-up.ts';
import { attentionCause, failureReason, isFinal } from '../shared/activity-failures.ts';
import { Escalation, LOST_POST_SETTLES } from '../shared/escalation.ts';
import { leaveBehind } from '../shared/leave-behind.ts';
import { RunStory } from '../shared/run-story.ts';

/** The thread as it was when the handoff began, and the message that it is about; both without texts. */
interface Found {
  now: Conversation;
  message: Message;
}

/** A customer who writes on and on is notified after this many looks, or not at all. */
const MOST_LOOKS = 5;

/** Runs that began before it don't look whether the customer got the notice. */
const CHECKS_NOTICES = 'notices-are-checked';

/** The steps of `handOff`, in the order of its lines. */
export class HandOffRun {
  private readonly asked: HandOffInput;
  private readonly settings: PortalSettings;
  private readonly story: RunStory<HandOffResult>;
  private readonly calls: Escalation;
  private readonly startedAt = Date.now();
  /** Beside the reason, a line each in the comment. */
  private readonly notes: string[] = [];
  private ticketNote: TicketNote = null;
  /** Agents see every thread there, and nothing of it is changed but by their own hand. */
  private onlyComments = false;
  private channel = channelName(null);
  /** Who has the thread when the handoff begins. */
  private owner: ActorId | null = null;
  private askedAt = new Date(0).toISOString();

  constructor(asked: HandOffInput, settings: PortalSettings) {
    this.asked = asked;
    this.settings = settings;
    this.story = new RunStory(handOffRun.about(asked));
    this.calls = new Escalation(asked.portalId, settings.attentionAfterMs, this.story);
  }

  /** The run's end where there is nothing to hand over, or not as it was decided. */
  async look(): Promise<Found | HandOffResult> {
    const { portalId, threadId, messageId, seen } = this.asked;
    const found = await this.calls.untilDone(({ hubspotReads }) =>
      hubspotReads.lookAgain('owner and messages before handing off', { portalId, threadId, messageId }),
    );
    if (found === null) {
      return seen
        ? this.story.end({ outcome: 'moved', now: null })
        : this.story.end({ outcome: 'skipped', reason: 'message-not-found' });
    }
    const { now, message } = found;
    if (seen && hasChangedSince(now, seen)) return this.story.end({ outcome: 'moved', now });
    this.askedAt = message.createdAt;
    this.owner = now.thread.assignedTo;
    this.channel = channelName(message.channelId);
    this.story.onChannel(this.channel);
    this.onlyComments = !speaksToCustomers(autonomyOn(this.settings, message.channelId));
    return found;
  }

  /** First of all: the customer's next message is for agents. A run that asks the AI looks again before it posts. */
  async silence(): Promise<void> {
    if (this.onlyComments || this.settings.handoff.after === 'answer') return;
    const { portalId, threadId } = this.asked;
    await this.unlessBroken('the AI could not be silenced', ({ sessionCalls }) =>
      sessionCalls.silence('the AI is silent until an agent gives the thread back', {
        portalId,
        threadId,
        why: 'handed-off',
        at: this.startedAt,
      }),
    );
  }

  async findContact(): Promise<string | null> {
    if (!this.makesTickets) return null;
    const { portalId, threadId } = this.asked;
    const contactId = await this.unlessBroken('there is no contact', ({ crmCalls }) =>
      crmCalls.findOrCreateContact('the contact who asks', { portalId, threadId }),
    );
    this.story.step(contactId ? `contact ${contactId}` : 'no contact');
    return contactId ?? null;
  }

  async findTicket(contactId: string | null): Promise<FoundTicket | null> {
    if (!this.makesTickets) return null;
    const { portalId, threadId, reason, language, sentiment, joins } = this.asked;
    const why = {
      reason,
      ...(language === undefined ? {} : { language }),
      ...(sentiment === undefined ? {} : { sentiment }),
    };
    const { pipeline, stage, keyProperty, closedTicket = 'new' } = this.settings.handoff;
    const ticket = await this.unlessBroken(
      'there is no ticket',
      ({ crmCalls }) =>
        crmCalls.findOrCreateTicket('the ticket of this thread', {
          portalId,
          threadId,
          contactId,
          why,
          settings: { pipeline, stage, keyProperty, closedTicket },
          owner: this.ownerToBe(),
          ...(joins === undefined ? {} : { joins }),
        }),
      (reason) => {
        this.ticketNote = { missing: reason };
      },
    );
    if (!ticket) return null;
    this.ticketNote = { url: ticket.url };
    this.story.onTicket(ticket.ticketId);
    const was = ticket.reopened ? 'was closed, and is open again' : 'was there';
    this.story.step(`its ticket ${ticket.known ? was : 'is new'}`);
    return ticket;
  }

  /** Ties the ticket to the thread and to who asks, and brings over what the session knows. */
  async fillTicket(ticket: FoundTicket | null, contactId: string | null): Promise<void> {
    if (!ticket) return;
    const { portalId, threadId } = this.asked;
    const { ticketId } = ticket;
    const mapping = this.settings.handoff.properties;
    const values = await this.unlessBroken('the session did not get the ticket', ({ sessionCalls }) =>
      sessionCalls.rememberHandoff('the session’s ticket', {
        portalId,
        threadId,
        contactId,
        ticketId,
        names: Object.keys(mapping),
      }),
    );
    const untied = await this.unlessBroken('the ticket’s associations are missing', ({ crmCalls }) =>
      crmCalls.associateTicket('with thread and contact', { portalId, threadId, ticketId, contactId }),
    );
    if (untied && untied.length > 0) this.note(`HubSpot did not associate the ticket with its ${untied.join(' and ')}`);

    const properties = Object.fromEntries(
      Object.entries(values ?? {}).map(([name, value]) => [mapping[name] ?? name, value]),
    );
    if (Object.keys(properties).length === 0) return;
    const dropped = await this.unlessBroken('the ticket’s properties are missing', ({ crmCalls }) =>
      crmCalls.setTicketProperties(Object.keys(properties).join(', '), { portalId, ticketId, properties }),
    );
    if (dropped && dropped.length > 0) this.note(`The ticket doesn't take the properties ${dropped.join(', ')}`);
  }

  /** The internal comment's id; or the run's end, where HubSpot takes none. */
  async comment(ticket: FoundTicket | null): Promise<MessageId | HandOffResult> {
    const words = handoffComment(this.asked, this.ticketNote, this.notes);
    const { portalId, threadId, kind = 'handed-off' } = this.asked;
    const post = { portalId, threadId, sought: this.fingerprint(kind, words), words, to: null, seen: null };
    try {
      const posted = await this.calls.untilDone(
        ({ hubspotPosts, lastWords }, isLastTry) =>
          (isLastTry ? lastWords : hubspotPosts).post('handoff as internal comment', { ...post, mayBeLost: isLastTry }),
        () => sleep(LOST_POST_SETTLES, { summary: 'a lost post may still show' }),
      );
      if (!posted.moved) return posted.messageId;
      return this.story.end({ outcome: 'skipped', reason: 'message-not-found' });
    } catch (error) {
      const reason = failureReason(error);
      this.story.alarm(attentionCause(error), reason);
      return this.story.end({
        outcome: 'needs-attention',
        reason: `no internal comment could be left: ${reason}`,
        ...(ticket ? { ticketId: ticket.ticketId } : {}),
      });
    }
  }

  /** Once, and only while the AI may still speak. */
  async notifyCustomer({ now, message }: Found): Promise<MessageId | null> {
    const { portalId, threadId, tell: mayNotify = true } = this.asked;
    if (!mayNotify) return this.notNotified('it is not for them');
    const notice = customerNotice(now, message, this.asked, this.settings);
    if ('none' in notice) return this.notNotified(notice.none);
    const { words, to } = notice;
    const sought = this.fingerprint('told', words);
    let seen = snapshotOf(now);
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const post = { portalId, threadId, sought, words, to, seen };
      const posted = await this.unlessBroken('the customer was not notified', ({ hubspotPosts }) =>
        hubspotPosts.post('notify the customer', post),
      );
      if (!posted) return null;
      if (!posted.moved) {
        this.story.step('the customer was notified');
        return posted.messageId;
      }
      if (posted.now === null || !mayNotifyCustomer(posted.now, message, this.settings))
        return this.notNotified('someone else has come');
      seen = snapshotOf(posted.now);
    }
    return this.notNotified('the thread does not rest');
  }

  /** Gives the thread to whom the rules name; else, where the AI is silent from now on, to nobody. Who owns it then. */
  async passOn({ now }: Found): Promise<ActorId | null> {
    const { portalId, threadId } = this.asked;
    const before = now.thread.assignedTo;
    if (this.onlyComments) return before;
    const { after } = this.settings.handoff;
    const to = this.assignee();
    if (to === null && after === 'answer') return before;
    const passed = await this.unlessBroken('the thread was not passed on', ({ hubspotPosts }) =>
      hubspotPosts.passThread(to ? `assign the thread to ${to}` : 'release the thread', {
        portalId,
        threadId,
        to,
        from: [],
      }),
    );
    if (passed === 'assigned') this.story.step(to ? `assigned to ${to}` : 'released: nobody owns it');
    if (passed === 'owned') this.story.step('a person owns it, and keeps it');
    if (passed === 'unavailable') this.story.step('HubSpot offers no assignment here');
    return passed === 'assigned' ? to : before;
  }

  /** Leaves a run behind that looks whether someone has come. */
  async watchPickUp(owner: ActorId | null, ticket: FoundTicket | null): Promise<void> {
    if (this.onlyComments || this.settings.handoff.pickUpMs === 0) return;
    const { portalId, threadId, messageId } = this.asked;
    const assignedTo = owner === this.settings.aiActorId ? null : owner;
    // An earlier run that handed this message over has it watched.
    await leaveBehind(watchPickUpRun, {
      portalId,
      threadId,
      messageId,
      assignedTo,
      ticketId: ticket?.ticketId ?? null,
    });
  }

  /** The same for the notice: a customer who never got it doesn't know that someone will answer. */
  async watchNotice(messageId: MessageId | null): Promise<void> {
    const isChat = this.channel === channelName(LIVE_CHAT_CHANNEL_ID);
    if (messageId === null || isChat || this.settings.deliveryCheckMs === 0 || !patched(CHECKS_NOTICES)) return;
    const { portalId, threadId } = this.asked;
    await leaveBehind(checkDeliveryRun, { portalId, threadId, messageId, notice: true });
  }

  end({
    comment,
    ticket,
    toldMessageId,
    owner,
  }: {
    comment: MessageId;
    ticket: FoundTicket | null;
    toldMessageId: MessageId | null;
    owner: ActorId | null;
  }): HandOffResult {
    return this.story.end({
      outcome: 'handed-off',
      reason: this.asked.reason,
      postedMessageId: comment,
      ...(ticket ? { ticketId: ticket.ticketId } : {}),
      ...(toldMessageId ? { toldMessageId } : {}),
      owner,
    });
  }

  /** Whom an escalation rule names, else the portal's settings. */
  private assignee(): ActorId | null {
    return this.asked.assignTo ?? assigneeFor(this.settings.handoff.assignTo, { ...this.asked, channel: this.channel });
  }

  /** Whose the thread will be, and with it the ticket: a person who has it keeps it. */
  private ownerToBe(): ActorId | null {
    const { owner } = this;
    return owner !== null && owner !== this.settings.aiActorId ? owner : this.assignee();
  }

  private get makesTickets(): boolean {
    return !this.onlyComments && this.settings.handoff.tickets;
  }

  /**
   * What a step gives; nothing where it can't be done, which keeps no later step away. All of them together may take
   * `attentionAfter`: agents wait for the comment. `note`: how the comment says what is missing.
   */
  private async unlessBroken<T>(
    missing: string,
    call: (activities: Escalation['short']) => Promise<T>,
    note = (reason: string, final: boolean) => {
      this.notes.push(`${missing}${final ? `: ${reason}` : ''}`);
    },
  ): Promise<T | undefined> {
    try {
      return await call(this.calls.shortSince(this.startedAt));
    } catch (error) {
      const reason = failureReason(error);
      this.story.alarm('handoff-incomplete', `${missing}: ${reason}`);
      note(reason, isFinal(error));
      return undefined;
    }
  }

  private note(what: string): void {
    this.notes.push(what);
    this.story.alarm('handoff-incomplete', what);
  }

  private notNotified(why: string): null {
    this.story.step(`the customer is not notified: ${why}`);
    return null;
  }

  private fingerprint(kind: PostKind, { text }: PostBody): PostFingerprint {
    return { key: postKeyOf(this.asked.messageId, kind), text, since: this.askedAt };
  }
}
