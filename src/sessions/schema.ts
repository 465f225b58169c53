import type { ColumnType, Generated } from 'kysely';
import type { HandoffCause, Source } from '../ai/backend.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { ReplyVerdict } from './replies.ts';
import type { SessionMode, Silence, Turn } from './store.ts';

/** The tables as the queries see them; `migrations/` makes them so. Ids are text: HubSpot's may exceed 2^53. */
export interface Database {
  sessions: {
    portal_id: PortalId;
    thread_id: ThreadId;
    contact_id: string | null;
    ticket_id: TicketId | null;
    channel_id: string | null;
    ai_session_id: string | null;
    mode: Generated<SessionMode>;
    /** Milliseconds since the epoch, HubSpot's clock. Compare it in SQL, as `occurred_at`. */
    mode_since: ColumnType<number | string, number | undefined, number>;
    /** Workflow ID of the run that asks the AI. */
    asking: string | null;
    /** Workflow ID of the run that did before that one. */
    asked_before: string | null;
    silenced: Silence | null;
    /** When that was said last, or taken back: milliseconds since the epoch, HubSpot's clock. */
    silenced_at: ColumnType<number | string, number | undefined, number>;
    /** On the same clock; null: until it is taken back. */
    silenced_until: ColumnType<number | string | null, number | null | undefined, number | null>;
    /** When an agent wrote to the customer last: ms, HubSpot's clock; null: not known. */
    agent_wrote_at: ColumnType<number | string | null, number | null | undefined, number | null>;
    created_at: Generated<Date>;
    /** When a message of the thread was looked at last, or someone took it over. */
    active_at: Generated<Date>;
  };
  session_properties: {
    portal_id: PortalId;
    thread_id: ThreadId;
    name: string;
    value: string;
    /**
     * Milliseconds since the epoch. Read back as text by one driver and as a number by the other: compare it in SQL.
     */
    occurred_at: ColumnType<number | string, number, number>;
  };
  turns: {
    portal_id: PortalId;
    thread_id: ThreadId;
    /** The last of `answered_message_ids`: the message whose run this was. */
    answered_message_id: MessageId;
    answered_message_ids: MessageId[];
    outcome: Turn['outcome'];
    posted_message_id: MessageId;
    taken_at: Generated<Date>;
    /** The channel's name. Null, as all below, where it is not known. */
    channel: string | null;
    language: string | null;
    /** When the oldest and the newest of the messages were written: ms, HubSpot's clock. Compare both in SQL. */
    asked_at: ColumnType<number | string | null, number | null, never>;
    newest_at: ColumnType<number | string | null, number | null, never>;
    /** Of a handoff. */
    cause: HandoffCause | null;
    /** Articles that it was taken from; of a handoff those that were nearest. */
    sources: ColumnType<Source[] | null, string | null, never>;
    confidence: number | null;
    asks_back: boolean | null;
    /** The customer's words, where nobody could answer them. Kept for 90 days at most. */
    question: string | null;
    /** When an agent first wrote to the customer after it: ms, HubSpot's clock. */
    agent_wrote_at: ColumnType<number | string | null, number | null | undefined, number | null>;
  };
  ai_calls: {
    call_id: string;
    portal_id: PortalId;
    thread_id: ThreadId;
    /** Read back as a `Date` at somebody's midnight: compare it in SQL, and read it as text. */
    day: string;
    input_tokens: ColumnType<number | string, number, never>;
    output_tokens: ColumnType<number | string, number, never>;
    /** Millionths of the currency; null where no prices were set. */
    cost: ColumnType<number | string | null, number | null, never>;
  };
  ai_admissions: {
    call_id: string;
    portal_id: PortalId;
    /** They are hashes: nobody can be recognised by them. */
    askers: string[];
    /** Milliseconds since the epoch, a worker's clock. Compare it in SQL. */
    asked_at: ColumnType<number | string, number, never>;
    day: string;
    /**
     * In millionths: of a call at work what it may cost at most, of one that is over what it may have cost unrecorded.
     */
    held: ColumnType<number | string, number, number>;
    /** It counts as this much where nobody ever says what became of it. */
    if_lost: ColumnType<number | string, number, never>;
    settled: Generated<boolean>;
  };
  admitted_replies: {
    /** The order of coming. */
    place: Generated<number | string>;
    portal_id: PortalId;
    thread_id: ThreadId;
    message_id: MessageId;
    /** Hashes, as the next two: nobody can be recognised by them. */
    address: string;
    words: string | null;
    gist: string | null;
    /** The channel account that the message came to. */
    mailbox: string | null;
    /** Milliseconds since the epoch: HubSpot's clock here, a worker's in the next one. Compare both in SQL. */
    written_at: ColumnType<number | string, number, never>;
    asked_at: ColumnType<number | string, number, number>;
    verdict: ReplyVerdict;
    /** It was answered, or handed over. */
    settled: Generated<boolean>;
  };
  shadow_drafts: {
    portal_id: PortalId;
    thread_id: ThreadId;
    answered_message_id: MessageId;
    /** Milliseconds since the epoch, HubSpot's clock. Compare it in SQL, as `occurred_at`. */
    asked_at: ColumnType<number | string, number, never>;
    action: 'reply' | 'handoff';
    words: string;
    human_message_ids: Generated<MessageId[]>;
    human_words: Generated<string>;
    drafted_at: Generated<Date>;
  };
  /** Customers who were asked how good the help was. */
  ratings: {
    portal_id: PortalId;
    thread_id: ThreadId;
    /** The newest message that the AI had answered by then: one ask for each. */
    answered_message_id: MessageId;
    workflow_id: string;
    channel: string;
    asked_at: Generated<Date>;
    /** 1 to 5; null, as the next one: they have not answered. */
    score: number | null;
    rated_at: Date | null;
  };
  installations: {
    portal_id: PortalId;
    ai_actor_id: ActorId;
    /** Sealed, as the next one. */
    access_token: string;
    refresh_token: string;
    expires_at: Date;
    /** The reason why somebody has to connect the portal again; null while its tokens are good. */
    reconnect: string | null;
    installed_at: Generated<Date>;
    /** The app may do this there, sorted, with spaces between; null: not known. */
    scopes: string | null;
    /** The reason why its tokens can't be renewed, though HubSpot has not refused them; null while they can. */
    trouble: string | null;
    /** When HubSpot refused the refresh token last. */
    refused_at: Date | null;
  };
  /** Installations that change what is installed already, and wait until somebody confirms them. */
  waiting_installations: {
    portal_id: PortalId;
    ai_actor_id: ActorId;
    /** Sealed, as the next one. */
    access_token: string;
    refresh_token: string;
    expires_at: Date;
    scopes: string | null;
    asked_at: Date;
  };
  /** The AI posts nothing to customers there. */
  stops: {
    /** `all`: in every portal. */
    portal_id: PortalId | 'all';
    stopped_by: string;
    stopped_at: Generated<Date>;
  };
  /** How far each portal's threads have been looked through for messages that no webhook announced. */
  catch_ups: {
    portal_id: PortalId;
    checked_until: Date;
    /** Null: never. */
    looked_at: Date | null;
    /** When a look found a message last, or the first look was; null: there was none. */
    news_at: Date | null;
  };
  /** What our own runs have just done on threads, until HubSpot's event about it has come. */
  own_changes: {
    portal_id: PortalId;
    thread_id: ThreadId;
    /** Such as `message 9b38dc6d`, `owner A-12345`, `owner nobody`. */
    change: string;
    /** Workflow ID of the run that knows of it; null of a message. */
    known_to: string | null;
    made_at: ColumnType<Date, Date | undefined, Date>;
  };
  /** The worker that takes a batch's turn looks through its portals; the next turn is due then. */
  catch_up_turns: {
    batch: number;
    due_at: Date;
  };
  /** The calls of HubSpot of the last second or two, and those that workers may make; of one statement only. */
  hubspot_calls: {
    portal_id: PortalId;
    /** Whose lease each call is of; empty: it was made. */
    leases: string[];
    /** When each call was made, or is at the latest: ms since the epoch, the database's clock, as all below. */
    untils: (number | string)[];
    /** Of the last question. */
    granted: number;
    asked_at: number | string;
    /** HubSpot refuses calls until then. */
    closed_until: number | string;
  };
  /** Visits of the desk that were ended before their time. */
  ended_visits: {
    id: string;
    /** After that it is no visit anyway. */
    until: Date;
  };
  /** What articles mean: no words of them, and nothing of customers. */
  vectors: {
    model: string;
    content_hash: string;
    /** Null while somebody computes it. */
    vector: Uint8Array | null;
    /** Milliseconds since the epoch, a worker's clock, as the next one. Compare both in SQL. */
    claimed_at: ColumnType<number | string, number, number>;
    read_at: ColumnType<number | string, number, number>;
  };
  /** The states of OAuth that have come back: none counts twice. */
  used_install_states: {
    nonce: string;
    used_at: Generated<Date>;
  };
  /** Articles of sources, by the hash of what they say. */
  knowledge_contents: {
    hash: string;
    content: string;
    /** When it was read last. */
    kept_at: Generated<Date>;
  };
  /** Which articles are a version of a source, in their order. */
  knowledge_articles: {
    source: string;
    version: string;
    place: number;
    hash: string;
  };
  knowledge_sources: {
    source: string;
    /** A hash of the settings that it was read by; null, as the next one: it was never read. */
    settings: string | null;
    /** The version that is served. */
    version: string | null;
    articles: Generated<number>;
    left_out: Generated<number>;
    left_out_example: string | null;
    read_at: Date | null;
    tried_at: Generated<Date>;
    /** Why the last try failed; null: it did not. */
    problem: string | null;
  };
}
