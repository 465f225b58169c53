import { channelName } from '../../../src/hubspot/channels.ts';
import { postKeyIn } from '../../../src/hubspot/markers.ts';
import { postKindIn } from '../../../src/rules/replying/own-post.ts';
import { stageLabel, TICKET_PIPELINES } from '../../simulator/pipelines.ts';
import type { Simulator, Thread, ThreadItem } from '../../simulator/simulator.ts';
import { AGENT, type People } from './people.ts';

/** An item of a thread's history as the page shows it. */
export interface ItemView {
  id: string;
  /** ISO time. */
  at: string;
  author: string;
  /** It says who wrote; `comment` is internal, for agents alone; `note`: something happened. */
  side: 'customer' | 'ai' | 'agent' | 'comment' | 'note';
  text: string;
  subject: string | null;
  /** The addresses that our own mail goes to, in words; `null` for all else. */
  to: string | null;
  /** What HubSpot says became of our own message where that is bad news. */
  failed: boolean;
  /** A draft of the AI's: the reply by itself, and whether a run waits for a decision on it; `null` for all else. */
  draft: { words: string; forApproval: boolean } | null;
}

/** Only programs look at these properties of a ticket. */
const INTERNAL_PROPERTIES = ['createdate', 'hs_object_id', 'hs_pipeline'];

export const STAGES = TICKET_PIPELINES.flatMap(({ stages }) => stages.map(({ id, label }) => ({ id, label })));

const noteOf = (item: ThreadItem, people: People): string | null => {
  switch (item.type) {
    case 'ASSIGNMENT':
      return item.assignedTo === undefined
        ? 'Nobody owns the conversation now'
        : `Assigned to ${people.nameOf(item.assignedTo)}`;
    case 'THREAD_STATUS_CHANGE':
      return item.newStatus === 'OPEN' ? 'Conversation opened' : 'Conversation closed';
    case 'THREAD_INBOX_CHANGE':
      return 'Moved to another inbox';
    case 'MESSAGE':
    case 'WELCOME_MESSAGE':
    case 'COMMENT':
      return null;
  }
};

const sideOf = (item: ThreadItem, people: People): ItemView['side'] => {
  if (item.type === 'COMMENT') return 'comment';
  if (item.type === 'MESSAGE' && item.direction === 'INCOMING') return 'customer';
  return people.isAi(item) ? 'ai' : 'agent';
};

/** A draft's first paragraph says why it is one (`draftBody`); what kind it is, the post's key says. */
const draftIn = (item: ThreadItem): ItemView['draft'] => {
  if (item.type !== 'COMMENT') return null;
  const key = postKeyIn(item.richText ?? '');
  const kind = key === null ? null : postKindIn(key);
  if (kind !== 'drafted' && kind !== 'for-approval') return null;
  return { words: item.text.split('\n\n').slice(1).join('\n\n'), forApproval: kind === 'for-approval' };
};

const recipientsOf = (item: ThreadItem): string | null => {
  if (item.type !== 'MESSAGE' || item.direction !== 'OUTGOING') return null;
  const addresses = (item.recipients ?? []).flatMap(({ deliveryIdentifier }) =>
    deliveryIdentifier?.type === 'HS_EMAIL_ADDRESS' ? [deliveryIdentifier.value] : [],
  );
  return addresses.length === 0 ? null : addresses.join(', ');
};

const PREVIEW = 60;

/** The beginning of what was said last to or by the customer, for the list. */
const previewOf = (item: ThreadItem | undefined, people: People): { by: ItemView['side']; words: string } | null =>
  item && 'text' in item
    ? { by: sideOf(item, people), words: item.text.replace(/\s+/g, ' ').trim().slice(0, PREVIEW) }
    : null;

/** The portal's threads and tickets, as the page shows them. */
export const createThreadViews = (simulator: Simulator, people: People, aiActorId: string) => {
  const itemView = (item: ThreadItem): ItemView => {
    const note = noteOf(item, people);
    return {
      id: item.id,
      at: item.createdAt,
      author: people.authorOf(item),
      side: note === null ? sideOf(item, people) : 'note',
      text: note ?? ('text' in item ? item.text : ''),
      subject: 'subject' in item ? (item.subject ?? null) : null,
      to: recipientsOf(item),
      failed: item.type === 'MESSAGE' && item.status?.statusType === 'FAILED',
      draft: draftIn(item),
    };
  };

  const ownedBy = ({ assignedTo }: Thread) => {
    if (assignedTo === undefined) return 'nobody';
    if (assignedTo === aiActorId) return 'ai';
    return assignedTo === AGENT ? 'you' : 'another agent';
  };

  const ticketView = (threadId: string) => {
    const ticket = simulator.tickets().find(({ threadIds }) => threadIds.includes(threadId));
    if (!ticket) return null;
    const { subject = '', content = '', hs_pipeline_stage: stage = '', ...rest } = ticket.properties;
    const contacts = simulator.contacts();
    return {
      id: ticket.id,
      subject,
      content,
      stage,
      stageLabel: stageLabel(stage),
      contacts: ticket.contactIds.map((id) => contacts.get(id)?.email ?? id),
      properties: Object.fromEntries(Object.entries(rest).filter(([name]) => !INTERNAL_PROPERTIES.includes(name))),
    };
  };

  const head = (thread: Thread) => {
    const messages = simulator.messages(thread.id).filter(({ type }) => type === 'MESSAGE');
    const first = messages[0];
    return {
      id: thread.id,
      channel: channelName(thread.originalChannelId),
      customer: first ? people.authorOf(first) : 'A customer',
      ownedBy: ownedBy(thread),
      /** Of another agent than the one at the page. */
      ownerName: thread.assignedTo === undefined ? null : people.nameOf(thread.assignedTo),
      status: thread.status,
      preview: previewOf(messages.at(-1), people),
      latestAt: messages.at(-1)?.createdAt ?? thread.createdAt,
    };
  };

  return {
    /**
     * The actor who writes, where that is another person than the one who began the thread: their address is another.
     * `null` where the simulator knows who it is.
     */
    actorOf: ({ threadId, email }: { threadId?: string; email?: string }): string | null => {
      if (threadId === undefined || email === undefined) return null;
      const first = simulator.messages(threadId).find((item) => item.type === 'MESSAGE');
      const began = first?.type === 'MESSAGE' ? first.senders[0]?.deliveryIdentifier?.value : undefined;
      return began === email ? null : `E-${email}`;
    },
    /** Whether an agent has written to the customer since this message. */
    hasAgentReplied: (threadId: string, messageId: string): boolean => {
      const items = simulator.messages(threadId);
      const asked = items.findIndex(({ id }) => id === messageId);
      return items.slice(asked + 1).some((item) => item.type === 'MESSAGE' && sideOf(item, people) === 'agent');
    },
    /** Every thread, the one that was written on last first. */
    list: () =>
      simulator
        .threads()
        .map(head)
        .sort((a, b) => b.latestAt.localeCompare(a.latestAt)),
    /** @throws {Error} when there is no such thread */
    thread: (threadId: string) => {
      const items = simulator.messages(threadId).map(itemView);
      return {
        ...head(simulator.thread(threadId)),
        subject: items.find(({ subject }) => subject !== null)?.subject ?? null,
        ticket: ticketView(threadId),
        items,
      };
    },
  };
};
