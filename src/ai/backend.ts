import type { MessageId, PortalId, ThreadId, TicketId } from '../hubspot/ids.ts';
import type { Instructions } from './instructions.ts';
import type { StepwiseAi } from './steps.ts';

/** One line of the conversation as the AI sees it, oldest first. */
export interface TranscriptLine {
  /** `bot`: a chatflow or another app. `note`: an agent's internal comment, which the customer hasn't seen. */
  from: 'customer' | 'ai' | 'agent' | 'bot' | 'note';
  /** ISO time; absent only from what an earlier version of this code has built. */
  at?: string;
  text: string;
  /** Names and types only. */
  attachments: { name: string | null; type: string }[];
}

/** Everything an AI may know when it answers. Plain data: it stands in the run's history. */
export interface ReplyRequest {
  portalId: PortalId;
  threadId: ThreadId;
  channel: string;
  /** The subject of the newest email, without `Re:` and its like; absent where there is none. */
  subject?: string;
  /** ISO time of the newest question, and of now; absent only from what an earlier version of this code has built. */
  askedAt?: string;
  now?: string;
  /** The portal's, as in `Europe/Berlin`. */
  timeZone?: string;
  /**
   * The customer wrote these since anyone last answered, oldest first; never empty. Of an email without the history
   * that it quotes; `''` where a message is nothing but attachments.
   */
  questions: string[];
  /**
   * So many of the oldest questions and transcript lines were left out, for they were too long; `older`: the thread has
   * messages before those, of which nobody counts how many. Absent: nothing.
   */
  leftOut?: { questions: number; lines: number; older?: true };
  /** The history below the newest email that quotes one, its beginning; `null` where none does. */
  quoted: string | null;
  /** Names and types only, and the messages that they came with: their URLs are signed, and stay out of the history. */
  attachments: { name: string | null; type: string; messageId: MessageId }[];
  /** The lines said before those. */
  transcript: TranscriptLine[];
  contact: { name: string | null; email: string | null };
  /** HubSpot says on the thread that it is this one: a contact, or a visitor who is none yet. */
  contactId: string | null;
  ticketId: TicketId | null;
  /** The session's synchronised ticket properties: flat. */
  customData: Record<string, string>;
  /** The backend's own id of this conversation, from an earlier turn. */
  aiSessionId: string | null;
}

/** Where an answer was taken from. */
export interface Source {
  title: string;
  path: string;
}

/** A backend may say this about any answer; one that doesn't know leaves it out. */
export interface AnswerNotes {
  /** The customer's language: a BCP 47 tag, such as `de`. */
  language?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
  /** The text asks the customer which of several things is meant, instead of answering. */
  asksBack?: true;
  /**
   * `nothing`: it is a courtesy. `what-its-sources-say`: it has sources, which were left out for their length. Absent:
   * whatever it says.
   */
  claims?: 'nothing' | 'what-its-sources-say';
  /** Titles of the articles that it looked at and did not answer from, the likeliest first; for agents. */
  consulted?: string[];
  /** What it had called of the business's tools, a line each with what came of it; for agents. */
  called?: string[];
  /** The version of the business's instructions by which it was given; absent where there were none. */
  instructions?: string;
  /** What the answer took of the model, all its steps together. */
  usage?: { inputTokens: number; outputTokens: number };
  /**
   * The kinds of attachments that it couldn't read, such as `pdf`; absent from a backend that reads none. Agents get a
   * comment.
   */
  unreadFiles?: string[];
}

/**
 * Why an AI leaves a message to agents, as far as it is known: a closed set, which reports count by. `unclear`: it
 * would have to ask the customer back once more. `not-sendable`: it had an answer that may not go out. `limit`: it was
 * not asked. `rule`: a rule of the business says so. `unsure`: its answer lacked what it needs to go out by itself.
 * `ai-decided`: in its own words.
 */
export const HANDOFF_CAUSES = [
  'no-answer',
  'unclear',
  'asks-for-person',
  'files',
  'not-sendable',
  'rule',
  'unsure',
  'limit',
  'ai-failed',
  'ai-decided',
] as const;
export type HandoffCause = (typeof HANDOFF_CAUSES)[number];

/** The AI wants this done. Nothing in it says to whom: recipients, actors and threads are never an AI's to choose. */
export type AiAnswer = AnswerNotes &
  (
    | { action: 'reply'; text: string; sources: Source[]; confidence: number | null; aiSessionId: string | null }
    | {
        action: 'handoff';
        reason: string;
        aiSessionId: string | null;
        /** Absent: `ai-decided`. */
        cause?: HandoffCause;
        /** The article that was nearest to an answer, where one was near. */
        nearest?: Source;
      }
  );

/** Properties of one record in HubSpot that the settings let the AI read. Which record, the thread says. */
export interface ReadableFields {
  names: readonly string[];
  /**
   * Reads the fields that have a value; none where there is no such record. `null`: not available now. Takes 5 s at
   * most, and throws nothing but the reason of a signal that is aborted.
   */
  read(signal: AbortSignal): Promise<Record<string, string> | null>;
}

/** A model may take these of a file. */
export type FileKind = 'text' | 'images';

export type FileContent = { kind: 'text'; text: string } | { kind: 'images'; bytes: Uint8Array; mediaType: string };

/** An attachment of the questions, with what is in it, or why it couldn't be read. */
export interface ReadFile {
  name: string | null;
  type: string;
  content?: FileContent;
  /** In a few words, for the model. */
  whyNot?: string;
}

/** A backend may look at this beside the request; absent where the settings allow nothing of the kind. */
export interface Readable {
  customer?: ReadableFields;
  ticket?: ReadableFields;
  /**
   * The attachments of the questions, those of these kinds with their content. Takes 10 s at most, and throws nothing
   * but the reason of a signal that is aborted.
   */
  files?(kinds: readonly FileKind[], signal: AbortSignal): Promise<ReadFile[]>;
}

/** A backend may use this while it works. */
export interface GenerateContext extends Readable {
  /** Aborted when the run is cancelled or its worker shuts down. */
  signal: AbortSignal;
  /** Called as soon as the backend has opened a session of its own, so that a retry finds it again. */
  rememberAiSession(aiSessionId: string): Promise<void>;
  /** What the business asks of its AI; absent or `null`: nothing. */
  instructions?: Instructions | null;
  /** Called with what each step took, as soon as it is over: an answer that never comes has cost something too. */
  noteStep?(usage: NonNullable<AnswerNotes['usage']>): void;
}

/**
 * An AI that can answer a customer. One implementation a file; chosen by `AI_BACKEND`.
 *
 * `generate` answers or hands off; it never invents an error text for the customer. It throws {@link AiUnavailable}
 * where trying again later may help, {@link AiUnreadable} where a few tries may, and {@link AiRefused} where it can't.
 * It does not retry: Temporal does. Whether an answer may go out is not its business either: see `whyNotSendable`.
 */
export interface AiBackend {
  readonly name: string;
  /** It reads attachments, some of them at least; absent: agents get at once what is nothing but attachments. */
  readonly readsFiles?: boolean;
  /** No answer may hold these: the backend's keys, and what it gives a model in confidence. */
  readonly confidential?: readonly string[];
  /** What no answer may quote at length, though it may say the same: the business's instructions. */
  readonly unquotable?: readonly string[];
  /** What it answers from that anyone may read, such as articles: an answer may say it, whoever has said it before. */
  readonly published?: readonly string[];
  /**
   * Finds what of its articles is near to a text, the best first, each with how probable it is that it answers, 0 to 1;
   * absent from a backend that searches elsewhere.
   */
  readonly near?: (text: string, signal: AbortSignal) => Promise<(Source & { score: number })[]>;
  generate(request: ReplyRequest, context: GenerateContext): Promise<AiAnswer>;
  /** The same, step by step; absent: `generate` is one step. */
  readonly stepwise?: StepwiseAi;
}
