import type { MessageId, PortalId, ThreadId } from '../hubspot/ids.ts';

/** The AI would have done this about a burst. */
export interface ShadowDraft {
  portalId: PortalId;
  threadId: ThreadId;
  /** The last message of the burst. */
  answeredMessageId: MessageId;
  /** When the customer wrote it: milliseconds since the epoch, HubSpot's clock. */
  askedAt: number;
  action: 'reply' | 'handoff';
  /** Its answer, or why it hands off. */
  words: string;
}

/** An agent wrote this to the customer. */
export interface HumanWords {
  portalId: PortalId;
  threadId: ThreadId;
  messageId: MessageId;
  /** Milliseconds since the epoch, HubSpot's clock. */
  at: number;
  words: string;
}

/** A draft, and what an agent wrote instead. */
export interface ShadowPair extends Omit<ShadowDraft, 'askedAt'> {
  /** All that agents wrote until the customer's next burst, a line for each message; `''`: nothing yet. */
  human: string;
}

/** Drafts that nobody saw, kept for 90 days. Part of the session store; throws as that does. */
export interface ShadowStore {
  /** Keeps a draft; a second one for the same message takes its place. What agents have written stays. */
  keepShadowDraft(draft: ShadowDraft): Promise<void>;
  /** Puts an agent's message beside the newest draft before it, once; `null`: there is none. */
  noteHumanWords(written: HumanWords): Promise<ShadowPair | null>;
  /** The drafts of the last `days` days, the newest first. */
  shadowPairs(days: number): Promise<ShadowPair[]>;
}
