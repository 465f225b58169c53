import { ApplicationFailure, log } from '@temporalio/activity';
import { authorAddress } from '../hubspot/author.ts';
import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import { LONGEST_PROPERTY_VALUE } from '../hubspot/property-value.ts';
import { type Circumstances, circumstancesOf, silencesAtOnce, ticketOwner } from '../rules/handoff/circumstances.ts';
import { type HandoffReason, handoffLinks } from '../rules/handoff/handoff-reason.ts';
import { readMessage, withoutWords } from '../rules/mail/message-reading.ts';
import { hasChangedSince, type ThreadSnapshot } from '../rules/replying/thread-snapshot.ts';
import type { PortalSettings } from '../rules/settings.ts';
import { contactIn } from './contact-of-thread.ts';
import { associate } from './crm.ts';
import { READ_LAG_MS, toFailure } from './failures.ts';
import { retryInMs } from './first-reads.ts';
import { type UncertainPost, withUncertainPost } from './lost-post.ts';
import { type HubSpotPortal, MESSAGE_TEXT, newestWithoutTexts, readNewest, senderRulesOf } from './reading.ts';
import { atOnce } from './refusals.ts';
import type { SessionActivities } from './sessions.ts';
import { type FoundTicket, ticketOf } from './ticket-of-thread.ts';

/** What a handoff begins with. */
export interface OpenHandoff {
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** The thread as it was decided upon; absent: however it is now. */
  seen?: ThreadSnapshot;
  /** Since then the AI is silent on the thread, in ms since the epoch. */
  at: number;
  why: Omit<HandoffReason, 'links'>;
  /** Workflow ID of the run that says more of it. */
  run: string;
  assignTo?: ActorId;
  joins?: TicketId;
}

/** A ticket, and what became of the steps that follow it. */
export interface OpenedTicket {
  ticket: FoundTicket;
  /** HubSpot did not associate it with these. Absent: nobody has tried. */
  untied?: ('contact' | 'conversation')[];
  /** The session's values for the ticket's properties. Absent: the session was not asked. */
  values?: Record<string, string>;
}

/** What was read and done of a handoff. What is absent, the run has to do by itself. */
export interface OpenedHandoff extends Partial<OpenedTicket> {
  settings: PortalSettings;
  /** That step is due in so many ms. */
  retryInMs?: number;
  /** As `lookAgain` gives it. Absent: HubSpot did not, or the thread is no longer as it was seen. */
  found?: { now: Conversation; message: Message };
  /** With `found`. */
  circumstances?: Circumstances;
  /** The AI is silent on the thread. */
  silenced?: true;
  /** `null`: there is none, and none could be made. */
  contactId?: string | null;
  /** HubSpot refuses these for good, each for this reason. */
  refused?: { contact?: string; ticket?: string };
  /** A ticket may have been made, and shows from then on, in ms since the epoch, if it was. */
  ticketMayShowAt?: number;
}

/** The first steps of a handoff in one: each by itself would read the thread anew, and be one more round. */
export interface HandoffActivities {
  /**
   * The portal's settings; the thread as `lookAgain` gives it; the AI's silence; contact and ticket. In this order:
   * what fails is left out with all that comes after it. Nothing is done to a thread that has changed since it was
   * `seen`.
   * @throws {ApplicationFailure} `UnknownPortal`, not retryable
   */
  openHandoff(input: OpenHandoff): Promise<OpenedHandoff>;
}

interface Parts {
  settingsOf(portalId: PortalId): Promise<PortalSettings>;
  portal(portalId: PortalId): HubSpotPortal;
  sessions: Pick<SessionActivities, 'silence' | 'rememberHandoff'>;
}

/** The whole conversation, and the message that is handed over; of an email it says where that came to. */
const readWhole = async (
  at: HubSpotPortal,
  { threadId, messageId }: OpenHandoff,
): Promise<{ raw: Conversation; read: Conversation; message: Message } | null> => {
  const raw = await at.client.conversation(threadId, LONGEST_PROPERTY_VALUE);
  const listed = raw.messages.find(({ id }) => id === messageId);
  const message =
    listed && authorAddress(listed) === null ? listed : await at.client.message(threadId, messageId, MESSAGE_TEXT);
  if (message === null) return null;
  const senders = await senderRulesOf(at, [...raw.messages, message]);
  const read = { ...raw, messages: readNewest(raw.messages, senders) };
  return { raw, read, message: withoutWords(readMessage(message, senders)) };
};

/** What a step gives; where HubSpot refuses it for good, that is noted. @throws what can be tried again */
const orRefused = async <Result>(
  opened: OpenedHandoff,
  what: 'contact' | 'ticket',
  step: () => Promise<Result>,
): Promise<Result | undefined> => {
  try {
    return await step();
  } catch (error) {
    const failure = atOnce(error);
    if (!(failure instanceof ApplicationFailure) || !failure.nonRetryable) throw error;
    opened.refused = { ...opened.refused, [what]: failure.message };
    return undefined;
  }
};

export const createHandoffActivities = ({ settingsOf, portal, sessions }: Parts): HandoffActivities => {
  const makeTicket = async (
    at: HubSpotPortal,
    { raw, read }: { raw: Conversation; read: Conversation },
    { opened, input }: { opened: OpenedHandoff; input: OpenHandoff },
    fate: UncertainPost,
  ): Promise<void> => {
    const { portalId, threadId, joins } = input;
    const { settings } = opened;
    const { pipeline, stage, keyProperty, closedTicket = 'new', properties } = settings.handoff;
    const contactId = await orRefused(opened, 'contact', () => contactIn(at, read));
    if (contactId !== undefined) opened.contactId = contactId;
    const links = handoffLinks(settings.links, input.run);
    const sought = { contactId: contactId ?? null };
    const ticket = await orRefused(opened, 'ticket', () =>
      ticketOf(
        at,
        raw,
        {
          ...{ portalId, threadId, ...sought },
          why: { ...input.why, ...(links === null ? {} : { links }) },
          settings: { pipeline, stage, keyProperty, closedTicket },
          owner: ticketOwner(read.thread, settings, input, opened.found?.message.channelId ?? null),
          ...(joins === undefined ? {} : { joins }),
        },
        fate,
      ),
    );
    if (ticket === undefined) return;
    opened.ticket = ticket;
    const { ticketId } = ticket;
    const names = Object.keys(properties);
    opened.values = await sessions.rememberHandoff({ portalId, threadId, ...sought, ticketId, names });
    opened.untied = ticket.associated ? [] : await associate(at.crm, { threadId, ticketId, ...sought });
  };

  return {
    openHandoff: (input) =>
      withUncertainPost(async (fate): Promise<OpenedHandoff> => {
        const { portalId, threadId, seen } = input;
        const settings = await settingsOf(portalId);
        const at = portal(portalId);
        const opened: OpenedHandoff = { settings };
        let whole: Awaited<ReturnType<typeof readWhole>>;
        try {
          whole = await readWhole(at, input);
        } catch (error) {
          return { settings, retryInMs: retryInMs(toFailure(error)) };
        }
        if (whole === null || (seen && hasChangedSince(whole.read, seen))) return opened;
        const { message } = whole;
        opened.found = { now: newestWithoutTexts(whole.read), message };
        const circumstances = circumstancesOf(settings, message.channelId, Date.now());
        opened.circumstances = circumstances;
        try {
          if (silencesAtOnce(settings, circumstances)) {
            await sessions.silence({ portalId, threadId, why: 'handed-off', at: input.at });
            opened.silenced = true;
          }
          if (!circumstances.onlyComments && settings.handoff.tickets) {
            await makeTicket(at, whole, { opened, input }, fate);
          }
        } catch (error) {
          // A database's message may repeat what was to be stored, and a refusal what HubSpot was sent.
          log.warn('A handoff goes on step by step', { error: error instanceof Error ? error.name : 'Error' });
          const left = fate.heartbeatDetails;
          if (left !== null && opened.ticket === undefined)
            opened.ticketMayShowAt = Math.max(left.settledAt, Date.now() + READ_LAG_MS);
        }
        return opened;
      }),
  };
};
