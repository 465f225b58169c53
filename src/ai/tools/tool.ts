import type { PortalId, ThreadId, TicketId } from '../../hubspot/ids.ts';

/** JSON Schema (draft 2020-12) of an object. Plain data: it is kept in a run's history. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * `reads`: runs by itself. `safe`: changes something, and the business says that it may run by itself. `approve`:
 * changes something, and an agent has to agree.
 */
export type ToolRule = 'reads' | 'safe' | 'approve';

/** What a model is shown of a tool. */
export interface ToolOffer {
  name: string;
  description: string;
  input: JsonSchema;
  rule: ToolRule;
}

/** Who the call is for. HubSpot says it, never the model. */
export interface ToolCaller {
  portalId: PortalId;
  threadId: ThreadId;
  /** By name: `live chat`, `email`, … */
  channel: string;
  ticketId: TicketId | null;
  contact: {
    id: string | null;
    name: string | null;
    email: string | null;
    /** HubSpot's own identity, not a claim such as a mail's From. */
    verified: boolean;
  };
}

/** What a model asks for: a tool's name, and an input that nobody has looked at yet. */
export interface ToolCall {
  name: string;
  input: unknown;
}

/**
 * What came of a call. `text`: what the model sees, as data, cut to the tool's bound. `why`: in a few words, for the
 * model and for agents, without a value of the input.
 */
export type ToolOutcome = { ok: true; text: string } | { ok: false; why: string };

/** The tools of a portal. */
export interface Toolbox {
  /** Those that this caller's channel and identity allow. */
  offered(caller: ToolCaller): readonly ToolOffer[];
  /**
   * What exactly would be called, for an agent who has to agree: method, address, the input's values; secrets masked.
   * Throws nothing. `null`: the input doesn't fit the schema, or the tool isn't offered.
   */
  preview(call: ToolCall, caller: ToolCaller): string | null;
  /**
   * Calls the tool once, without a retry of its own. All but what may pass by itself is an outcome with `ok: false`:
   * an unknown tool, input that doesn't fit, 4xx, an answer that is too large.
   * @param options.idempotencyKey goes along where the tool changes something
   * @throws {ToolUnavailable} a timeout, 5xx, 429, no connection: worth another try
   */
  call(
    call: ToolCall,
    caller: ToolCaller,
    options: { idempotencyKey: string; signal: AbortSignal },
  ): Promise<ToolOutcome>;
}

/** The tool's system doesn't answer now. */
export class ToolUnavailable extends Error {
  override readonly name = 'ToolUnavailable';
  /** How long its system asks to be left alone, in milliseconds; `null`: it doesn't say. */
  readonly retryAfterMs: number | null;

  /** @param message says what to do, without a value of the call's input */
  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
