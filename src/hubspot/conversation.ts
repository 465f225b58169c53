import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from './ids.ts';

/**
 * HubSpot addresses someone on a channel like this. An email address, a phone number, or an opaque id of the channel's
 * own.
 */
export interface DeliveryIdentifier {
  type: string;
  value: string;
}

/** One `senders[]` entry of a message, or whom ours goes to. A forwarded email has several senders. */
export interface Party {
  actorId: ActorId | null;
  name: string | null;
  /** Sender: `FROM` | `ORIGINAL_FROM`. Recipient: `TO` | `CC` | `BCC`. */
  field: string | null;
  address: DeliveryIdentifier | null;
}

/** Where a mail came to. */
export interface MailRoute {
  /** The portal's own address, in lower case; `null` where HubSpot doesn't say the channel account's. */
  to: string | null;
  /** They got it too, as a reply's copies: neither the portal's own addresses nor the mail's senders. */
  others: Party[];
}

/** A mailbox, chat flow or number of a portal's channels. */
export interface ChannelAccount {
  id: string;
  /** The portal gave it this name. */
  name: string;
  active: boolean;
  /** HubSpot may still send by it. */
  authorized: boolean;
}

/** A file or a card that came with a message. */
export interface Attachment {
  name: string | null;
  /** `IMAGE`, `AUDIO`, `OTHER`, … of a file; else what it is, such as `LOCATION`. */
  type: string;
}

/** An attachment with where it can be had: signed, for about a day, and not for the history. `null`: it is no file. */
export interface LocatedAttachment extends Attachment {
  url: string | null;
}

/**
 * The author of a message. `bot`: a chatflow or another app; `machine`: a mail that nobody wrote; `ignored`: by the
 * settings.
 */
export type MessageAuthor = 'customer' | 'ai' | 'agent' | 'colleague' | 'bot' | 'machine' | 'ignored';

/**
 * The kind of author and purpose of a message. Of all but a person's an answer would be read by nobody, or answered by
 * a machine.
 */
export type MessageKind =
  | 'person'
  | 'auto-reply'
  | 'bounce'
  | 'read-receipt'
  | 'calendar-answer'
  | 'newsletter'
  | 'notification';

/** The words that came along with a message's own, which are its `text`. `null`: nothing of the kind. */
export interface WordsAside {
  /** Without `Re:`, `Fwd:` and the tags of mail gateways; empty where there is none. */
  subject: string;
  /** The mail that it passes on is theirs, as that mail's headers name them. */
  forwardedFrom: string | null;
  /** The author's mail program quoted this. */
  quoted: string | null;
  signature: string | null;
  footer: string | null;
  /** The emoji, where the whole message is a mail program's word of one. */
  reaction: string | null;
}

/** A message as a person reads it: read once, right after it was fetched. */
export interface MessageReading {
  author: MessageAuthor;
  kind: MessageKind;
  words: WordsAside;
}

/** An item of a thread's history that carries words. Items without words (assignments, status changes) are left out. */
export interface Message {
  id: MessageId;
  /** `message` and `welcome` are seen by the customer, `comment` only by agents. */
  kind: 'message' | 'comment' | 'welcome';
  /** ISO 8601, by HubSpot's clock. */
  createdAt: string;
  /** Only a `message` has one. HubSpot is known to get it wrong for agents' mails; the sender's actor decides too. */
  direction: 'incoming' | 'outgoing' | null;
  senders: Party[];
  channelId: string | null;
  channelAccountId: string | null;
  subject: string | null;
  /** Plain text, clipped to what the reader asked for. Of a message that was read: what it says (`reading`). */
  text: string;
  /**
   * The reading of it; then `text` is what its author says in it, without what only came along. Absent from comments,
   * from the older messages of a long thread, and from what an earlier version of this code has read.
   */
  reading?: MessageReading;
  /** `text` is only a part, cut by HubSpot or by us. */
  truncated: boolean;
  /** Nothing was written: what nobody can see at most, and HubSpot keeps no more of it. Says nothing of attachments. */
  blank: boolean;
  /** The whole text carries one of the AI's markers (markers.ts). */
  aiMarker: boolean;
  /** It came in by email from one of the portal's own addresses: an agent's mail, or ours. */
  fromOwnAddress: boolean;
  /**
   * Only of an incoming email, and only where it was read by itself: a thread's list would carry it for every message.
   */
  mail?: MailRoute;
  /** The app that wrote it through the API, where HubSpot says so. */
  integrationAppId: string | null;
  /**
   * The kind of program that wrote it, as HubSpot spells it: `HUBSPOT` is its own client, in which people write.
   * `null`: HubSpot doesn't say. Absent only from what an earlier version of this code has read.
   */
  clientType?: string | null;
  attachments: Attachment[];
  /**
   * The key that {@link postKeyMarker} left in its richText when one of our runs posted it and HubSpot kept it; else
   * `null`.
   */
  postKey: string | null;
  /**
   * The reason why HubSpot could not deliver it, in one line without addresses; `null` where it did, or nothing is
   * known.
   */
  undelivered: string | null;
}

/** The thread as far as a decision needs it. */
export interface Thread {
  id: ThreadId;
  portalId: PortalId;
  status: 'OPEN' | 'CLOSED';
  spam: boolean;
  archived: boolean;
  /** Owner of the thread, `null` when nobody is. */
  assignedTo: ActorId | null;
  /** Their name, where it is a person's and people who look at runs may see it; absent: the id has to do. */
  ownerName?: string;
  /** A CRM contact, or a visitor id with no contact yet. */
  contactId: string | null;
  ticketId: TicketId | null;
}

/** A thread as a list of threads shows it. Times are ISO 8601, by HubSpot's clock. */
export interface ListedThread extends Thread {
  latestMessageAt: string;
  /** The newest message of the customer came then; `null` when none did. */
  latestReceivedAt: string | null;
  /** The newest message to the customer went out then; `null` when none did. */
  latestSentAt: string | null;
}

/** A thread and its messages, oldest first (sorted here: HubSpot's order is not guaranteed). */
export interface Conversation {
  thread: Thread;
  messages: Message[];
  /**
   * When the thread was closed, ISO times, oldest first, but where an agent took that back by opening it again. Absent
   * only from what an earlier version of this code has read.
   */
  closings?: string[];
  /** There are older messages than these; absent: there are none. */
  isPartial?: true;
}

/** Something to put on a thread: plain text and the same as HTML. */
export interface Outgoing {
  text: string;
  richText: string;
  /** Where a message goes; `null`: an internal comment, which only agents see. */
  to: Destination | null;
}

/** Where a message goes, and who sends it. */
export interface Destination {
  channelId: string;
  channelAccountId: string;
  /** Has to be an agent (`A-`). */
  senderActorId: ActorId;
  recipient: Party;
  /** They get a copy; absent: nobody. */
  cc?: Party[];
  /** Only an email has one. */
  subject: string | null;
}
